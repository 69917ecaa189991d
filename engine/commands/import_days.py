"""Days are read as the file itself shows that they are written; where it does not show it, an ambiguous day is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.model.errors import Message

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")


@dataclass(frozen=True, slots=True)
class Days:
    """`date_format` as strptime takes it, or empty; `shown` says for a separator whether the day comes first, and which day shows it."""

    date_format: str = ""
    shown: Mapping[str, tuple[bool, str]] = field(default_factory=dict[str, tuple[bool, str]])

    def read(self, text: str) -> date | Message | None:
        """The day that a text names, None where it names none, or why it cannot be told."""
        if not text:
            return None
        found = self._by_format(text) or year_first(text)
        if found is not None:
            return found
        either = {} if self.date_format else year_last(text)
        if len(set(either.values())) > 1:
            separator = text[re.search(r"\D", text).start()]  # type: ignore[union-attr]  # a text with two readings has one
            known = self.shown.get(separator)
            if known is None:
                template = "“{day}” may be two days. Say how days are written, for instance --date-format %d/%m/%Y."
                return Message("day_ambiguous", template, {"day": text})
            return either[known[0]]
        if either:
            return next(iter(either.values()))
        template = "“{day}” is no day that can be read. Say how days are written, for instance --date-format %d/%m/%Y."
        return Message("day_unreadable", template, {"day": text})

    def _by_format(self, text: str) -> date | None:
        if not self.date_format:
            return None
        try:
            return datetime.strptime(text, self.date_format).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            return None


def shown_by(texts: Iterable[str]) -> dict[str, tuple[bool, str]]:
    """For each separator, whether the day comes first; only where days that can be read one way all say the same."""
    found: dict[str, tuple[bool, str]] = {}
    torn: set[str] = set()
    for text in texts:
        either = year_last(text)
        if len(either) != 1:
            continue
        separator, day_first = re.sub(r"\d", "", text)[0], next(iter(either))
        if found.setdefault(separator, (day_first, text))[0] is not day_first:
            torn.add(separator)
    return {separator: told for separator, told in found.items() if separator not in torn}


def year_first(text: str) -> date | None:
    """2026-03-02, 2026/3/2, or with a time behind it."""
    found = _YEAR_FIRST.fullmatch(text)
    return day_from(int(found[1]), int(found[3]), int(found[4])) if found else None


def year_last(text: str) -> dict[bool, date]:
    """The readings of 02.03.2026 that are days of the calendar: True, day first; False, month first."""
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        return {}
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    readings = {True: day_from(year, second, first), False: day_from(year, first, second)}
    return {day_first: day for day_first, day in readings.items() if day is not None}


def day_from(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
