"""What happened in a step is noted in the shortest form while it runs, and told in full when somebody reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from engine.execution.machine.state import Waiting
from engine.execution.machine.waits import public_wait
from engine.execution.runtime import Happening, VariableWritten, WaitClosed, WaitOpened

Note: TypeAlias = Happening | Waiting | tuple[Waiting, str] | tuple[str, object]
"""A wait alone was opened, a wait with a word was closed so, and a name with a value was written."""


def told(notes: Iterable[Note]) -> list[Happening]:
    """Give what happened, in order."""
    found: list[Happening] = []
    for note in notes:
        if type(note) is Waiting:
            found.append(WaitOpened(public_wait(note)))
        elif type(note) is tuple:
            found.append(_told(*note))
        else:
            found.append(note)  # type: ignore[arg-type]  # all the rest is told already
    return found


def _told(first: Waiting | str, second: object) -> Happening:
    if type(first) is Waiting:
        return WaitClosed(first.id, first.node.id, str(second), first.kind.value)
    return VariableWritten(str(first), second)
