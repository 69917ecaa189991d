"""`makegood`: each command explains itself, refuses in a sentence and leaves with an exit code that scripts can read."""

from __future__ import annotations

import logging
import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib.metadata import version

from engine.commands.command import Command
from engine.commands.every_command import COMMANDS
from engine.commands.serving import WORK, serve_command
from engine.commands.terminal import Terminal
from engine.model.errors import MakegoodError
from web.server import serve

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused or found wrong, 2 asked wrongly."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    terminal = Terminal(sys.stdout, sys.stderr)
    args = parser().parse_args(arguments)
    command: Command = args.command
    try:
        return command.run(args, terminal)
    except MakegoodError as refusal:
        terminal.refuse(refusal)
        return 1
    except KeyboardInterrupt:
        terminal.tell("Stopped.")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        terminal.tell(f"{where}{error.strerror or error}.")
        return 1


def parser() -> ArgumentParser:
    """All commands with their help."""
    whole = ArgumentParser(prog="makegood", description="A complaint and warranty-claim desk that runs on diagrams.")
    whole.add_argument("--version", action="version", version=f"Makegood {version('makegood')}")
    names = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (serve_command(serve), WORK, *COMMANDS):
        own = names.add_parser(command.name, help=command.summary, description=f"{command.summary.capitalize()}.")
        command.arguments(own)
        own.set_defaults(command=command)
    return whole


if __name__ == "__main__":
    sys.exit(main())
