"""What a decision gave: its value, the rules that fired, what was wrong, and how a process takes it over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from engine.execution.expression_errors import ExpressionError
from engine.model.errors import Message


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """`fired` names each rule by decision, number from 1, id and annotations; `entries` are the rows by output name."""

    value: object
    fired: tuple[Mapping[str, object], ...] = ()
    problems: tuple[Message, ...] = ()
    entries: tuple[Mapping[str, object], ...] = ()
    inputs: Mapping[str, object] = field(default_factory=dict[str, object])


def outward(value: object) -> object:
    """Give numbers as Decimal, and all else as FEEL has it: dates, times and durations with exact ISO text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Mapping):
        return {key: outward(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [outward(item) for item in value]
    return value


def _single(entries: Sequence[Mapping[str, object]], decision: str) -> Mapping[str, object] | None:
    if len(entries) > 1:
        raise ExpressionError(
            "decision_several",
            "The decision “{decision}” gave {count} results where one is wanted; choose collectEntries or resultList.",
            decision=decision,
            count=len(entries),
        )
    return entries[0] if entries else None


def mapped(result: DecisionResult, how: str, decision: str = "") -> object:
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
