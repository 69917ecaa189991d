"""What happened in a step is noted in the shortest form while it runs, and told in full when somebody reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from engine.execution.machine.state import Waiting
from engine.execution.machine.waits import public_wait
from engine.execution.runtime import Happening, VariableWritten, WaitClosed, WaitOpened
from engine.model.records import maker

_wait_closed = maker(WaitClosed)
Note: TypeAlias = Happening | Waiting | tuple[Waiting, str] | tuple[str, object]
"""A wait alone was opened, a wait with a word was closed so, and a name with a value was written."""


def told(notes: Iterable[Note]) -> list[Happening]:
    """Give what happened, in order."""
    return [_told(note) if type(note) in _SHORT else note for note in notes]  # type: ignore[misc]  # the rest are told


_SHORT = frozenset({Waiting, tuple})


def _told(note: Note) -> Happening:
    if isinstance(note, Waiting):
        return WaitOpened(public_wait(note))
    if not isinstance(note, tuple):
        return note
    first, second = note
    if isinstance(first, Waiting):
        return _wait_closed(first.id, first.node.id, str(second), str(first.kind))
    return VariableWritten(first, second)
