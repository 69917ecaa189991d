"""What is wrong with an element is a finding with its rule, column and line; alone it is null with that problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from engine.execution.expression_errors import ExpressionError
from engine.execution.expression_errors import from_message as refusal_of
from engine.execution.feel import Frame
from engine.execution.feel.evaluation import Run
from engine.model.errors import Finding, Message, Severity

_REMEDY: Final = Message("dmn_fault_remedy", "Correct it in the table, or put it more simply.")
_REMEDIES: Final = {
    "dmn_external": Message("dmn_external_remedy", "Write the function in FEEL."),
    "feel_external": Message("dmn_external_remedy", "Write the function in FEEL."),
    "dmn_not_required": Message("dmn_not_required_remedy", "Draw the requirement, or correct the name."),
    "dmn_name_unknown": Message("dmn_name_unknown_remedy", "Add input data of this name, or correct it."),
}


@dataclass(slots=True)
class Faults:
    """The findings about one element of a file."""

    file: str
    element_id: str = ""
    element_name: str = ""
    findings: list[Finding] = field(default_factory=list[Finding])

    def add(self, message: Message, line: int, severity: Severity = Severity.ERROR) -> None:
        """Keep one fault; what lies inside it may say better what to do."""
        inner = message.params.get("why")
        code = inner.code if isinstance(inner, Message) else message.code
        self.findings.append(
            Finding(
                severity,
                message,
                _REMEDIES.get(code, _REMEDY),
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
