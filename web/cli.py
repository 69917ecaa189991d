"""`makegood`: each command explains itself, refuses in a sentence and leaves with an exit code that scripts can read."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

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
    except Exception as error:  # noqa: BLE001  # outer loop: a fault of ours is told in a sentence, its details go to a file
        terminal.tell(
            f"Makegood has a fault and stopped: {type(error).__name__}: {error}. What was saved before stays saved."
        )
        terminal.tell(f"Details for whoever mends it are in {fault_file()}.")
        return 1


def fault_file() -> Path:
    """Write what just went wrong into a file of its own."""
    with NamedTemporaryFile("w", prefix="makegood-fault-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(traceback.format_exc())
    return Path(file.name)


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
