"""An instance that is kept in memory between its steps, for rehearsals and benchmarks: the same machine, and nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.execution.compiler import ProgramCode
from engine.execution.machine.state_text import write_state
from engine.execution.machine.stepping import go_on, public_waits, start
from engine.execution.runtime import Event, Happening, Start, Wait


class LiveInstance:
    """One instance; after a refused event it is no longer to be used, for nothing was saved to go back to."""

    __slots__ = ("_program", "_state")

    def __init__(self, program: ProgramCode, event: Start, now: datetime) -> None:
        self._program = program
        self._state = start(program, event, now).state

    def advance(self, event: Event, now: datetime) -> Sequence[Happening]:
        """Take one event; give what happened, in order."""
        return go_on(self._program, self._state, event, now).happenings

    @property
    def running(self) -> bool:
        """Whether the instance has not ended."""
        return not self._state.ended

    @property
    def waits(self) -> tuple[Wait, ...]:
        """All that is open, oldest first."""
        return public_waits(self._state)

    def save(self) -> str:
        """Give the text that `advance` would have given at this point."""
        return write_state(self._state, self._program.digest)
