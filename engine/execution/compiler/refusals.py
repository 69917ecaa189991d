"""What the machine cannot run is collected as findings, all of them, with element, line and remedy."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.execution.expressions import Expression, Script, compile_expression, compile_script_of
from engine.model.bpmn import ExpressionText
from engine.model.errors import Finding, MakegoodError, Message, Severity


@dataclass(slots=True)
class Refusals:
    """The findings of one file; `at` is set to the element that is being compiled."""

    file: str
    findings: list[Finding] = field(default_factory=list[Finding])
    element_id: str = ""
    element_name: str = ""
    line: int = 0

    def at(self, element_id: str, name: str, line: int) -> None:
        """From here on findings belong to this element."""
        self.element_id, self.element_name, self.line = element_id, name, line

    def refuse(self, message: Message, remedy: Message, line: int = 0) -> None:
        """Add an error finding at the element."""
        self.findings.append(
            Finding(
                Severity.ERROR,
                message,
                remedy,
                file=self.file,
                line=line or self.line,
                element_id=self.element_id,
                element_name=self.element_name,
            )
        )

    def text(self, written: ExpressionText | None, *, timed: bool = False) -> Expression | None:
        """Compile an expression; a faulty one is a finding and gives None, and so is one that asks for the time untimed."""
        if written is None or not written.body.strip():
            return None
        try:
            found = compile_expression(written.body, language=written.language)
        except MakegoodError as error:
            self.refuse(error.message, Message("expression_remedy", "Correct the expression."), written.line)
            return None
        if not found.asks_time or timed:
            return found
        self.refuse(
            Message(
                "expression_on_time",
                "“{text}” asks for the current time, which only timers know here.",
                {"text": written.body},
            ),
            Message("expression_on_time_remedy", "Use a timer, a clock of the case, or a decision table."),
            written.line,
        )
        return None

    def script(self, written: ExpressionText) -> Script | None:
        """Compile a script; a faulty one is a finding and gives None."""
        try:
            return compile_script_of(written.body, written.language)
        except MakegoodError as error:
            remedy = Message("script_remedy", "Write assignments only, or use a service task with a connector.")
            self.refuse(error.message, remedy, written.line)
            return None
