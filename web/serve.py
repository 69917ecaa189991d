"""`makegood serve` prepares the data, serves the pages and runs the clock; `makegood work` runs the clock alone."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser, Namespace

from engine.commands.command import Command, no_arguments
from engine.commands.demo import PASSWORD, shown_people
from engine.commands.first_start import prepare
from engine.commands.holding import patiently_hold
from engine.commands.terminal import Terminal
from engine.model.errors import Invalid
from engine.settings import Settings
from engine.wiring import build, start_worker
from web.server import Place, Server, refuse_taken_port


def arguments(parser: ArgumentParser) -> None:
    """Take where to listen."""
    parser.add_argument("--port", type=int, help="instead of MAKEGOOD_PORT, or 8000")
    parser.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0 for all addresses of this machine (default: %(default)s)"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that serve; SQLite has one")


def run(args: Namespace, terminal: Terminal) -> int:
    """Serve until somebody stops it."""
    settings = Settings.from_environment()
    if args.workers != 1:
        raise Invalid(
            "one_worker",
            "On SQLite one process serves, with several threads; leave --workers out. More processes need another database.",
        )
    place = Place(args.host, args.port or settings.port)
    if not 0 < place.port < 65536:
        raise Invalid("port_wrong", "A port is a number from 1 to 65535.")
    lock = patiently_hold(settings)
    refuse_taken_port(place)
    is_demo = prepare(settings, terminal)
    Server(settings, place, when_ready=lambda: welcome(terminal, settings, place, is_demo=is_demo)).run()
    lock.release()
    return 0


def welcome(terminal: Terminal, settings: Settings, place: Place, *, is_demo: bool) -> None:
    """Print the box: where, who, which password, where data lie, how to stop."""
    lines = [f"Makegood is ready at {settings.public_url or place.url}", ""]
    if is_demo:
        lines += [
            "This is a demonstration: the company Veltra and about 150 cases.",
            f"Sign in with the password {PASSWORD} as",
        ]
        lines += [f"  {person.login:<7} {person.name}, {person.task}" for person in shown_people()]
    else:
        lines.append("Sign in with the name and password that you were given (makegood user --help).")
    lines += ["", f"Data lie in {settings.data_dir}", "Stop with Ctrl-C."]
    if is_demo:
        lines += [
            "Begin the demonstration anew: makegood demo --reset",
            "Begin empty, for real use:    makegood demo --none",
        ]
    width = max(len(line) for line in lines)
    terminal.say(f"┌─{'─' * width}─┐")
    for line in lines:
        terminal.say(f"│ {line:<{width}} │")
    terminal.say(f"└─{'─' * width}─┘")
    terminal.out.flush()


def work(args: Namespace, terminal: Terminal) -> int:
    """Run timers, jobs and sweeps until somebody stops it."""
    del args
    settings = Settings.from_environment()
    lock = patiently_hold(settings)
    engine = build(settings)
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    worker = start_worker(engine)
    terminal.tell(f"Timers and jobs of {settings.data_dir} run. Stop with Ctrl-C.")
    stopped.wait()
    worker.stop()
    engine.close()
    lock.release()
    return 0


COMMAND = Command("serve", "serve the pages and run timers and jobs", arguments, run)
WORK = Command("work", "run timers and jobs alone, where nothing is served", no_arguments, work)
