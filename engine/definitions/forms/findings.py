"""Faults of a form file are collected, each with its line, so that a designer sees all of them at once."""

from __future__ import annotations

import re

from engine.model.errors import Finding, Message, Severity


class Findings:
    """Collects the findings of one file; lines are found by the key's first place in the text."""

    def __init__(self, file: str, text: str = "") -> None:
        self.file = file
        self._text = text
        self._found: list[Finding] = []

    def line_of(self, key: str) -> int:
        """The line where the key stands first, 0 where it does not stand at all."""
        place = re.search(rf'"{re.escape(key)}"\s*:', self._text) or re.search(rf'"{re.escape(key)}"', self._text)
        return self._text.count("\n", 0, place.start()) + 1 if place else 0

    def error(self, what: Message, remedy: Message, *, at: str = "", line: int = 0) -> None:
        """Record what forbids deployment; `at` is the field or key concerned."""
        self._add(Severity.ERROR, what, remedy, (at, line))

    def warning(self, what: Message, remedy: Message, *, at: str = "", line: int = 0) -> None:
        """Record what is doubtful but runs."""
        self._add(Severity.WARNING, what, remedy, (at, line))

    def _add(self, severity: Severity, what: Message, remedy: Message, place: tuple[str, int]) -> None:
        at, line = place
        line = line or (self.line_of(at) if at else 1)
        self._found.append(Finding(severity, what, remedy, file=self.file, line=line, element_id=at))

    @property
    def all(self) -> tuple[Finding, ...]:
        """Everything found so far, in the order of the file."""
        return tuple(sorted(self._found, key=lambda finding: finding.line))

    @property
    def has_errors(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self._found)
