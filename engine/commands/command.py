"""A command is its name, its one line of help, its arguments and what it does; the command line is put together from them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.commands.terminal import Terminal
from engine.settings import Settings
from engine.wiring import Engine, build


@dataclass(frozen=True, slots=True)
class Command:
    """`run` gives the exit code: 0 done, 1 refused or found wrong, 2 asked wrongly."""

    name: str
    summary: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Terminal], int]


def no_arguments(parser: ArgumentParser) -> None:
    """The command takes nothing."""
    del parser


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Engine]:
    """The engine of this installation, closed when the command ends."""
    engine = build(settings or Settings.from_environment())
    try:
        yield engine
    finally:
        engine.close()
