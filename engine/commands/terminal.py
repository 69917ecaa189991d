"""Commands speak in whole sentences: results to the output, refusals to the error output, progress only where somebody looks."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TextIO

from engine.model.errors import DefinitionInvalid, Invalid, MakegoodError

EVERY_SECONDS = 0.2


@dataclass(slots=True)
class Terminal:
    """Where a command writes; a line of progress is rewritten on a screen, and left out elsewhere."""

    out: TextIO
    err: TextIO
    _shown_at: float = field(default=0.0, init=False)
    _is_open: bool = field(default=False, init=False)

    def say(self, text: str = "") -> None:
        """Write a line of the result."""
        self.clear()
        self.out.write(f"{text}\n")

    def tell(self, text: str) -> None:
        """Write a line about how it goes, beside the result."""
        self.clear()
        self.err.write(f"{text}\n")
        self.err.flush()

    def json(self, value: object) -> None:
        """Write the result for programs."""
        self.out.write(json.dumps(value, indent=2, ensure_ascii=False, default=str))
        self.out.write("\n")

    def progress(self, done: int, total: int, what: str) -> None:
        """Rewrite the line of progress, a few times a second."""
        if not self.err.isatty():
            return
        now = time.monotonic()
        if done < total and now - self._shown_at < EVERY_SECONDS:
            return
        self._shown_at, self._is_open = now, True
        self.err.write(f"\r\x1b[K{done} of {total} {what}" if total else f"\r\x1b[K{done} {what}")
        self.err.flush()

    def clear(self) -> None:
        """End the line of progress, if there is one."""
        if self._is_open:
            self.err.write("\r\x1b[K")
            self.err.flush()
            self._is_open = False

    def refuse(self, error: MakegoodError) -> None:
        """Write a refusal: its sentence, and every finding or field that it names."""
        self.tell(str(error))
        if isinstance(error, DefinitionInvalid):
            for finding in error.findings:
                self.tell(f"  {finding}")
        if isinstance(error, Invalid):
            for fault in error.fields:
                self.tell(f"  {fault.field}: {fault.message}")


def table_lines(counts: Mapping[str, object], *, empty: str = "–") -> list[str]:
    """Names and their figures in two columns."""
    if not counts:
        return [f"  {empty}"]
    widest = max(len(name or empty) for name in counts)
    return [f"  {name or empty:<{widest}}  {value:>7}" for name, value in counts.items()]
