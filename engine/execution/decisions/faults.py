"""What is wrong with an element is a finding with its rule, column and line; alone it is null with that problem."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.execution.expression_errors import ExpressionError
from engine.execution.expression_errors import from_message as refusal_of
from engine.execution.feel import Frame
from engine.execution.feel.evaluation import Run
from engine.model.errors import Finding, Message, Severity

_REMEDY = Message("dmn_fault_remedy", "Correct it in the table, or put it more simply.")


@dataclass(slots=True)
class Faults:
    """The findings about one element of a file."""

    file: str
    element_id: str = ""
    element_name: str = ""
    findings: list[Finding] = field(default_factory=list[Finding])

    def add(self, message: Message, line: int, severity: Severity = Severity.ERROR) -> None:
        """Keep one fault."""
        self.findings.append(
            Finding(
                severity,
                message,
                _REMEDY,
                file=self.file,
                line=line,
                element_id=self.element_id,
                element_name=self.element_name,
            )
        )

    def warn(self, message: Message, line: int) -> None:
        """Keep what may be meant so, but seldom is."""
        self.add(message, line, Severity.WARNING)


def faulty(message: Message) -> Run:
    """Give what evaluates to null with this problem."""
    problem: ExpressionError = refusal_of(message)

    def run(frame: Frame) -> object:
        frame.evaluation.note(problem)
        return None

    return run


@dataclass(frozen=True, slots=True)
class FaultyTests:
    """The tests of a cell that does not read: nothing passes, and that is a problem."""

    text: str
    run: Run
    tree: None = None

    def test(self, value: object, frame: Frame) -> bool | None:
        """Keep the problem, whatever the value is."""
        del value
        self.run(frame)
        return None


def nothing(_frame: Frame) -> object:
    """Evaluate to null."""
    return None
