"""`makegood serve` prepares the data, serves the pages and runs the clock; `makegood work` runs the clock alone."""

from __future__ import annotations

import errno
import os
import signal
import socket
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, Protocol

from engine.commands.command import Command
from engine.commands.demo import PASSWORD, shown_people
from engine.commands.first_start import prepare
from engine.commands.holding import patiently_hold
from engine.commands.terminal import Terminal
from engine.model.errors import Conflict, Invalid
from engine.settings import Settings
from engine.wiring import build, settle_down, start_worker

CONCURRENCY = 4
MOST_WORKERS = 64


class Serve(Protocol):
    """Serve the pages until somebody stops it; `when_ready` is called once they can be asked for."""

    def __call__(self, settings: Settings, bind: str, *, workers: int, when_ready: Callable[[], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where people reach the desk."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address for a browser of this machine."""
        host = (
            "127.0.0.1" if self.host in ("0.0.0.0", "") else f"[{self.host}]" if ":" in self.host else self.host
        )  # named, not bound
        return f"http://{host}:{self.port}"

    @property
    def bind(self) -> str:
        """The address to listen at."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def serve_command(serve: Serve) -> Command:
    """The command, around what serves pages."""
    return Command(
        "serve",
        "serve the pages and run timers and jobs",
        arguments,
        lambda args, terminal: run(args, terminal, serve=serve),
    )


def arguments(parser: ArgumentParser) -> None:
    """Take where to listen."""
    parser.add_argument("--port", type=int, help="instead of MAKEGOOD_PORT, or 8000")
    parser.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0: all addresses of this machine (default: %(default)s)"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that serve; SQLite has one")


def run(args: Namespace, terminal: Terminal, *, serve: Serve) -> int:
    """Serve until somebody stops it."""
    settings = Settings.from_environment()
    if args.workers != 1 and not settings.is_postgres:
        raise Invalid(
            "one_worker",
            "On SQLite one process serves, with several threads; leave --workers out. More processes need PostgreSQL.",
        )
    if not 1 <= args.workers <= MOST_WORKERS:
        raise Invalid("workers_wrong", "Serve with 1 to {most} processes.", most=MOST_WORKERS)
    place = Place(args.host, settings.port if args.port is None else args.port)
    if not 0 < place.port < 65536:
        raise Invalid("port_wrong", "A port is a number from 1 to 65535.")
    lock = patiently_hold(settings)
    refuse_taken_port(place)
    is_demo = prepare(settings, terminal)
    serve(
        settings,
        place.bind,
        workers=args.workers,
        when_ready=lambda: welcome(terminal, settings, place, is_demo=is_demo),
    )
    lock.release()
    return 0


def welcome(terminal: Terminal, settings: Settings, place: Place, *, is_demo: bool) -> None:
    """Print the box: where, who, which password, where data lie, how to stop."""
    lines = [f"Makegood is ready at {settings.public_url or place.url}", ""]
    if is_demo:
        lines.append("This is a demonstration: the company Veltra and about 150 cases.")
        lines.append(f"Sign in with the password {PASSWORD} as")
        lines += [f"  {person.login:<7} {person.name}, {person.task}" for person in shown_people()]
    else:
        lines.append("Sign in with the name and password that you were given (makegood user --help).")
    lines += ["", f"Data lie in {settings.database_name if settings.is_postgres else settings.data_dir}"]
    if settings.is_postgres:
        lines.append("Timers, letters and other jobs run in: makegood work")
    lines.append("Stop with Ctrl-C.")
    if is_demo:
        lines.append("Begin the demonstration anew: makegood demo --reset")
        lines.append("Begin empty, for real use:    makegood demo --none")
    width = max(len(line) for line in lines)
    terminal.say(f"┌─{'─' * width}─┐")
    for line in lines:
        terminal.say(f"│ {line:<{width}} │")
    terminal.say(f"└─{'─' * width}─┘")
    terminal.out.flush()


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


def work(args: Namespace, terminal: Terminal) -> int:
    """Run timers, jobs and sweeps until somebody stops it."""
    settings = Settings.from_environment()
    if args.concurrency is not None and not settings.is_postgres:
        raise Invalid(
            "one_at_once",
            "On SQLite jobs run one after the other; leave --concurrency out. More at once need PostgreSQL.",
        )
    if not 1 <= (args.concurrency or CONCURRENCY) <= MOST_WORKERS:
        raise Invalid("concurrency_wrong", "Run 1 to {most} jobs of a kind at once.", most=MOST_WORKERS)
    lock = patiently_hold(settings)
    engine = build(settings)
    settle_down()
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    worker = start_worker(engine, concurrency=args.concurrency or CONCURRENCY)
    where = settings.database_name if settings.is_postgres else settings.data_dir
    terminal.tell(f"Timers and jobs of {where} run. Stop with Ctrl-C.")
    stopped.wait()
    all_ended = worker.stop()
    engine.close()
    lock.release()
    if not all_ended:
        leave(terminal)
    return 0


def leave(terminal: Terminal) -> NoReturn:
    """End without waiting for the threads of jobs that were handed on, which may take as long as a mail server likes."""
    terminal.tell("What was still at work is given back, and done again.")
    for stream in (terminal.out, terminal.err):
        stream.flush()
    os._exit(0)


def work_arguments(parser: ArgumentParser) -> None:
    """Take how many jobs run at once."""
    parser.add_argument(
        "--concurrency", type=int, help=f"jobs of each kind at once, on PostgreSQL (default: {CONCURRENCY})"
    )


WORK = Command("work", "run timers and jobs alone; on PostgreSQL in as many processes as wanted", work_arguments, work)
