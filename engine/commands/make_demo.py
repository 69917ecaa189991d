"""`makegood demo` makes the demonstration, makes it anew, or begins empty for real use."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.commands.command import Command
from engine.commands.demo.making import begin_empty, make_demo, refuse_real_data
from engine.commands.holding import patiently_hold
from engine.commands.terminal import Terminal
from engine.settings import Settings


def arguments(parser: ArgumentParser) -> None:
    """Take what to begin with."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--reset", action="store_true", help="throw the demonstration away and make it anew")
    which.add_argument("--none", action="store_true", help="throw the demonstration away and begin empty, for real use")


def run(args: Namespace, terminal: Terminal) -> int:
    """Do it; data that are no demonstration are never touched."""
    settings = Settings.from_environment()
    lock = patiently_hold(settings)
    try:
        refuse_real_data(settings, replaces=args.reset or args.none)
        if args.none:
            begin_empty(settings)
            terminal.say("The desk is empty. Add who works here, beginning with an administrator:")
            terminal.say('  makegood user add NAME --name "Full Name" --role administrator')
        else:
            make_demo(settings, terminal)
            terminal.say("The demonstration is ready. makegood serve shows it.")
    finally:
        lock.release()
    return 0


COMMAND = Command("demo", "make the demonstration, or begin empty", arguments, run)
