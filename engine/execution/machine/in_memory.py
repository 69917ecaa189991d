"""An instance that is kept in memory between its steps, for rehearsals and benchmarks: the same machine, and nothing is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.execution.compiler import ProgramCode
from engine.execution.machine.state import WaitKind
from engine.execution.machine.state_text import write_state
from engine.execution.machine.stepping import go_on, public_waits, start
from engine.execution.runtime import Event, Happening, Start, Wait

_TASK = WaitKind.TASK


class LiveInstance:
    """One instance; after a refused event it is no longer to be used, for nothing was saved to go back to."""

    __slots__ = ("_program", "_run")

    def __init__(self, program: ProgramCode, event: Start, now: datetime) -> None:
        self._program = program
        self._run = start(program, event, now)

    def advance(self, event: Event, now: datetime) -> None:
        """Take one event; `happenings` tells what it brought."""
        self._run = go_on(self._program, self._run.state, event, now)

    @property
    def happenings(self) -> Sequence[Happening]:
        """What happened in the last step, in order."""
        return self._run.happenings

    @property
    def running(self) -> bool:
        """Whether the instance has not ended."""
        return not self._run.state.ended

    @property
    def waits(self) -> tuple[Wait, ...]:
        """All that is open, oldest first."""
        return public_waits(self._run.state)

    @property
    def tasks(self) -> Iterator[tuple[str, str]]:
        """The wait and the element of each open task, oldest first; `waits` has all else about them."""
        for waiting in self._run.state.waits.values():
            if waiting.kind is _TASK:
                yield waiting.id, waiting.node.id

    def save(self) -> str:
        """Give the text that `advance` would have given at this point."""
        return write_state(self._run.state, self._program.digest)
