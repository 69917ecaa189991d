"""`makegood check` prints every finding about definition files at once."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from engine.commands import check
from engine.commands.command import Command
from engine.commands.terminal import Terminal


def arguments(parser: ArgumentParser) -> None:
    """Take files and folders."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of them")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--executable", action="store_true", help="ask of mere drawings too whether they would run")
    parser.add_argument("--portability", action="store_true", help="say too what SpiffWorkflow would do otherwise")


def run(args: Namespace, terminal: Terminal) -> int:
    """Print the findings; exit code 1 on errors."""
    return check.run(args.paths, terminal.out, json=args.json, executable=args.executable, portability=args.portability)


COMMAND = Command("check", "print every finding about diagrams, tables, forms and letters", arguments, run)
