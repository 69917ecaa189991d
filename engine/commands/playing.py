"""`makegood scenario` plays the stories that designers wrote beside their processes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from engine.commands import scenario
from engine.commands.command import Command
from engine.commands.terminal import Terminal
from engine.shipped import shipped_folder


def arguments(parser: ArgumentParser) -> None:
    """Take files and folders."""
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="scenario files or folders; without one, all that ship"
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: Namespace, terminal: Terminal) -> int:
    """Play them; exit code 1 where one ends otherwise than written."""
    paths = args.paths or [shipped_folder("processes")]
    return scenario.run(paths, terminal.out, json=args.json)


COMMAND = Command("scenario", "play the scenarios of processes", arguments, run)
