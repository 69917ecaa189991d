"""One process serves pages and runs the worker's clock; gunicorn watches it and starts it again should it die."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker as Process
from gunicorn.workers.gthread import ThreadWorker

from engine.model.errors import Conflict
from engine.settings import Settings
from engine.wiring import Engine, build, start_worker
from web.app import create_app

THREADS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where people reach the desk."""

    host: str
    port: int

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "") else f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def bind(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Attendant(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's own quick end locks up where its signal meets a request that is just being handed to a thread; this one ends in order."""

    def handle_quit(self, sig: int, frame: object) -> None:
        """Let requests under way end, then leave."""
        self.handle_exit(sig, frame)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with one worker; the engine is built in the worker, after the fork."""

    def __init__(self, settings: Settings, place: Place, *, when_ready: Callable[[], None]) -> None:
        self._settings = settings
        self._place = place
        self._when_ready = when_ready
        self._engine: Engine | None = None
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its settings; everything else of its own environment is left out."""
        options: dict[str, Any] = {
            "bind": [self._place.bind],
            "workers": 1,
            "worker_class": Attendant,
            "threads": THREADS,
            "timeout": 120,
            "graceful_timeout": 10,
            "keepalive": 5,
            "loglevel": "warning",
            "proc_name": "makegood",
            "control_socket_disable": True,
            "post_worker_init": self._start_worker,
            "worker_exit": self._stop_worker,
            "when_ready": self._tell_ready,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the engine and its pages in this process."""
        self._engine = build(self._settings)
        return create_app(self._engine)

    def _tell_ready(self, arbiter: Arbiter) -> None:
        del arbiter
        self._when_ready()

    def _start_worker(self, process: Process) -> None:
        if self._engine is not None:
            process.makegood_worker = start_worker(self._engine)

    def _stop_worker(self, arbiter: Arbiter, process: Process) -> None:
        del arbiter
        worker = getattr(process, "makegood_worker", None)
        if worker is not None:
            worker.stop()
        if self._engine is not None:
            self._engine.close()


def refuse_taken_port(place: Place) -> None:
    """Raise Conflict where another program listens there already, or the port may not be used."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as error:
            raise refusal(error, place) from error


def refusal(error: OSError, place: Place) -> Conflict:
    """Say why the port cannot be had, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return Conflict(
            "port_taken",
            "Another program uses port {port} already. Stop it, or choose another: makegood serve --port {other} (make run PORT={other}).",
            port=place.port,
            other=place.port + 1,
        )
    if error.errno == errno.EACCES:
        return Conflict(
            "port_refused", "Port {port} is for the system alone. Choose one from 1024 on.", port=place.port
        )
    return Conflict(
        "host_unknown",
        "Makegood cannot listen at {host} ({reason}). Use --host 127.0.0.1, or 0.0.0.0 for all of this machine's addresses.",
        host=place.host,
        reason=error.strerror or os.strerror(error.errno or 0),
    )
