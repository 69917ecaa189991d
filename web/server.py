"""On SQLite one process serves pages and runs the clock, on PostgreSQL several serve; gunicorn starts again what dies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker as Process

from engine.settings import Settings
from engine.wiring import Engine, build, settle_down, start_worker
from web.app import create_app
from web.attendant import Attendant

THREADS = 8
CONNECTIONS = 500
"""At once, each with a file where much is sent: a process may have 1,024 open."""
TURN = 0.001
"""Seconds that a thread at work keeps the interpreter from others: timers and slow pages then hold up quick ones less."""


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with one process, or several on PostgreSQL; the engine is built in each, after the fork."""

    def __init__(self, settings: Settings, bind: str, *, workers: int, when_ready: Callable[[], None]) -> None:
        self._settings = settings
        self._bind = bind
        self._workers = workers
        self._when_ready = when_ready
        self._engine: Engine | None = None
        self._stop_clock: Callable[[], object] | None = None
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its settings; everything else of its own environment is left out."""
        options: dict[str, Any] = {
            "bind": [self._bind],
            "workers": self._workers,
            "worker_class": Attendant,
            "threads": THREADS,
            "worker_connections": CONNECTIONS,
            "timeout": 120,
            "graceful_timeout": 10,
            "keepalive": 5,
            "loglevel": "warning",
            "proc_name": "makegood",
            "control_socket_disable": True,
            "post_worker_init": self._start_clock,
            "worker_exit": self._end,
            "when_ready": self._tell_ready,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:  # a Flask application, which gunicorn's own words for such a thing do not fit
        """Build the engine and its pages in this process."""
        sys.setswitchinterval(TURN)
        self._engine = build(self._settings)
        app = create_app(self._engine)
        settle_down()
        return app

    def _tell_ready(self, arbiter: Arbiter) -> None:
        del arbiter
        self._when_ready()

    def _start_clock(self, process: Attendant) -> None:
        if self._engine is not None and not self._settings.is_postgres:  # there, `makegood work` has clock and jobs
            process.engine = self._engine  # and there nobody waits for another one's commit
            self._stop_clock = start_worker(self._engine).stop

    def _end(self, arbiter: Arbiter, process: Process) -> None:
        del arbiter, process
        if self._stop_clock is not None:
            self._stop_clock()
        if self._engine is not None:
            self._engine.close()


def serve(settings: Settings, bind: str, *, workers: int, when_ready: Callable[[], None]) -> None:
    """Serve until somebody stops it."""
    Server(settings, bind, workers=workers, when_ready=when_ready).run()
