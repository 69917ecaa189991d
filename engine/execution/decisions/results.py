"""What a decision gave: its value, the rules that fired, what was wrong, and how a process takes it over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.execution.expressions.errors import ExpressionError
from engine.model.errors import Message
from engine.model.values import Months, Value, duration_text, iso_text


@dataclass(frozen=True, slots=True)
class FeelValue:
    """A date, time or duration as outside programs see it: `str` is exact ISO 8601."""

    text: str
    value: date | time | timedelta | Months

    def __str__(self) -> str:
        return self.text

    def to_python(self) -> date | time | timedelta | None:
        """Give Python's own value; None for months and years, which Python has no type for."""
        return None if isinstance(self.value, Months) else self.value


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """`fired` names each rule by decision, number from 1, id and annotations; `entries` are the rows by output name."""

    value: Value
    fired: tuple[Mapping[str, Value], ...] = ()
    problems: tuple[Message, ...] = ()
    entries: tuple[Mapping[str, Value], ...] = ()
    inputs: Mapping[str, Value] = field(default_factory=dict[str, Value])


def outward(value: Value) -> Value:
    """Give numbers as Decimal, and dates, times and durations as FEEL's own values."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, timedelta):
        return FeelValue(duration_text(value), value)
    if isinstance(value, Months):
        return FeelValue(str(value), value)
    if isinstance(value, datetime | date | time):
        return FeelValue(iso_text(value), value)
    if isinstance(value, Mapping):
        return {key: outward(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [outward(item) for item in value]
    return value


def _single(entries: Sequence[Mapping[str, Value]], decision: str) -> Mapping[str, Value] | None:
    if len(entries) > 1:
        raise ExpressionError(
            "decision_several",
            "The decision “{decision}” gave {count} results where one is wanted; choose collectEntries or resultList.",
            decision=decision,
            count=len(entries),
        )
    return entries[0] if entries else None


def mapped(result: DecisionResult, how: str, decision: str = "") -> Value:
    """Give the result as a process wants it: singleEntry, singleResult, collectEntries, resultList, or as it is.

    Raises ExpressionError where one result or one column is wanted and there are more.
    """
    if not how:
        return result.value
    if how == "resultList":
        return [dict(entry) for entry in result.entries]
    if how == "singleResult":
        row = _single(result.entries, decision)
        return None if row is None else dict(row)
    if how not in ("singleEntry", "collectEntries"):
        raise ExpressionError(
            "decision_result_kind",
            "“{how}” is no kind of result; choose singleEntry, singleResult, collectEntries or resultList.",
            how=how,
        )
    columns = [list(entry.values()) for entry in result.entries]
    if any(len(column) != 1 for column in columns):
        raise ExpressionError(
            "decision_columns",
            "The decision “{decision}” gives several columns where one is wanted; choose singleResult or resultList.",
            decision=decision,
        )
    if how == "collectEntries":
        return [column[0] for column in columns]
    row = _single(result.entries, decision)
    return None if row is None else next(iter(row.values()))
