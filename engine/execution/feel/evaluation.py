"""What one evaluation knows: the names around it, its problems, the time, and how much it may still do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from datetime import datetime

from engine.execution.expression_errors import ExpressionError
from engine.model.errors import Message

ITEMS = 65_536
TEXT_LENGTH = 65_536
DEPTH = 100
CALLS = 300
FIRST_STACK = 300
WORK = 400_000
_ITEMS_A_UNIT = 16
_PROBLEMS = 100
_ABSENT = object()


class Evaluation:
    """Collects problems, or raises them where it is strict; `work` counts items and calls."""

    __slots__ = ("calls", "frames", "now", "problems", "room", "strict", "work")

    def __init__(self, *, strict: bool = False, now: datetime | None = None) -> None:
        self.strict = strict
        self.now = now
        self.problems: list[Message] = []
        self.work = 0
        self.calls = 0
        self.frames = 0
        self.room = FIRST_STACK

    def note(self, problem: ExpressionError) -> object:
        """Keep a problem and give null for it; raise it where the evaluation is strict."""
        if self.strict:
            raise problem
        if len(self.problems) < _PROBLEMS and problem.message not in self.problems:
            self.problems.append(problem.message)
        return None

    def spend(self, amount: int = 1) -> None:
        """Count work; raise ExpressionError where there is too much of it."""
        self.work += amount
        if self.work > WORK:
            raise ExpressionError(
                "feel_work", "The expression takes more than {limit} steps; narrow its lists.", limit=WORK
            )

    def spend_on(self, items: Sized) -> None:
        """Count the work of going through a list or a text once."""
        self.spend(1 + len(items) // _ITEMS_A_UNIT)


class Frame:
    """Names that an expression sees; those of the frames outside are seen behind its own."""

    __slots__ = ("evaluation", "names", "outer")

    def __init__(self, names: Mapping[str, object], outer: Frame | None, evaluation: Evaluation) -> None:
        self.names = names
        self.outer = outer
        self.evaluation = evaluation

    def look(self, name: str, default: object = None) -> object:
        """Give the value of a name, the innermost first."""
        frame: Frame | None = self
        while frame is not None:
            value = frame.names.get(name, _ABSENT)
            if value is not _ABSENT:
                return value
            frame = frame.outer
        return default


Run = Callable[[Frame], object]
"""A compiled expression: gives its value in a frame."""
