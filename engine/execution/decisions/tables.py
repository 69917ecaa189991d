"""A table is a function of a frame: its columns are evaluated once, then the rules that fit, until none can matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeAlias

from engine.execution.decisions.columns import Find
from engine.execution.decisions.hits import BUILT_IN_OF, STOPS_AFTER, Entry, by_priority, is_list, settle
from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import Evaluation, Frame
from engine.execution.feel.evaluation import Run
from engine.execution.feel.functions import BUILT_IN
from engine.execution.feel.text_tests import TextFind
from engine.execution.feel.tree import Anything, Node, Tests
from engine.model.dmn import Aggregator, HitPolicy
from engine.model.errors import Message


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decision's value and its rows by output name."""

    value: object
    entries: tuple[Entry, ...] = ()


NOTHING = Outcome(None)
_SINGLE = frozenset({HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY})


class Deciding(Evaluation):
    """An evaluation that gathers the rules that fired, in whatever table."""

    __slots__ = ("fired",)

    def __init__(self, *, strict: bool = False, now: datetime | None = None) -> None:
        super().__init__(strict=strict, now=now)
        self.fired: list[Mapping[str, object]] = []

    @property
    def fired_rules(self) -> tuple[Mapping[str, object], ...]:
        """The rules that fired, in order."""
        return tuple(self.fired)

    @property
    def all_problems(self) -> tuple[Message, ...]:
        """What was wrong."""
        return tuple(self.problems)


class CellTest(Protocol):
    """The tests of one cell as they are written and read; what does not read has no tree."""

    @property
    def text(self) -> str: ...
    @property
    def tree(self) -> Tests | Anything | None: ...

    def test(self, value: object, frame: Frame, /) -> bool | None:
        """Say whether the value passes; null where it cannot be told."""
        ...


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """Only the tests that test something, each with its column; `open_tests` are those that no look-up covers.

    `result_trees` are what the results were read into, by column, for those who check tables.
    """

    tests: tuple[tuple[int, CellTest], ...]
    open_tests: tuple[tuple[int, CellTest], ...]
    results: tuple[Run, ...]
    fired: Mapping[str, object]
    result_trees: tuple[Node | None, ...] = ()


class _CellRefused(Exception):
    """A cell's test has no answer; `column` is its place from 0."""

    def __init__(self, column: int, refusal: ExpressionError) -> None:
        super().__init__(column, refusal)
        self.column = column
        self.refusal = refusal


Allowed: TypeAlias = Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table with all its texts compiled; `order` holds the values of outputs by priority."""

    name: str
    policy: HitPolicy
    aggregator: Aggregator
    columns: tuple[Run, ...]
    variables: tuple[tuple[int, str], ...]
    finds: tuple[tuple[int, Find], ...]
    text_finds: tuple[tuple[int, TextFind], ...]
    rules: tuple[CompiledRule, ...]
    names: tuple[str, ...]
    order: Mapping[str, Sequence[object]]
    allowed: tuple[Allowed | None, ...]
    defaults: tuple[Run | None, ...]
    labels: tuple[str, ...] = ()

    def run(self, frame: Frame) -> object:
        """Evaluate the table to its value."""
        return self.decide(frame).value

    def decide(self, frame: Frame) -> Outcome:
        """Evaluate the table; a violated hit policy is null and a problem, or refused where all is strict."""
        try:
            values = self._values(frame)
            inside = frame
            if self.variables:
                named = {name: values[column] for column, name in self.variables}
                inside = Frame(named, frame, frame.evaluation)
            hits = self.hits(values, inside)
            return self._settled(frame, hits) if hits else self._default(frame)
        except ExpressionError as refusal:
            evaluation = frame.evaluation
            evaluation.note(
                ExpressionError("decision_problem", "“{decision}”: {why}", decision=self.name, why=refusal.message)
            )
            return NOTHING

    def _values(self, frame: Frame) -> list[object]:
        values: list[object] = [None] * len(self.columns)
        number = 0
        try:
            for number, column in enumerate(self.columns):
                values[number] = column(frame)
        except ExpressionError as refusal:
            raise ExpressionError(
                "decision_column", "Column “{column}”: {why}", column=self.label(number), why=refusal.message
            ) from None
        return values

    def label(self, column: int) -> str:
        """What an input column is called, by its place from 0."""
        return self.labels[column] if column < len(self.labels) else str(column + 1)

    def hits(self, values: Sequence[object], frame: Frame) -> list[int]:
        """Give the rules that fit, by index from 0, as far as they matter."""
        fitting = (1 << len(self.rules)) - 1
        for column, find in self.finds:
            found = find(values[column])
            if found is None:
                return self.tested(values, frame)
            fitting &= found
        for column, find_texts in self.text_finds:
            found = find_texts(values[column], frame)
            if found is None:
                return self.tested(values, frame)
            fitting &= found
        enough = STOPS_AFTER.get(self.policy, len(self.rules))
        hits: list[int] = []
        while fitting:
            lowest = fitting & -fitting
            fitting ^= lowest
            number = lowest.bit_length() - 1
            try:
                fits = _fits(self.rules[number].open_tests, values, frame)
            except _CellRefused as cell:
                raise _placed(number, self.label(cell.column), cell.refusal) from None
            if fits:
                hits.append(number)
                if len(hits) == enough:
                    break
        return hits

    def tested(self, values: Sequence[object], frame: Frame) -> list[int]:
        """Give the same by testing each rule."""
        enough = STOPS_AFTER.get(self.policy, len(self.rules))
        hits: list[int] = []
        for number, rule in enumerate(self.rules):
            try:
                fits = _fits(rule.tests, values, frame)
            except _CellRefused as cell:
                raise _placed(number, self.label(cell.column), cell.refusal) from None
            if fits:
                hits.append(number)
                if len(hits) == enough:
                    break
        return hits

    def _settled(self, frame: Frame, hits: list[int]) -> Outcome:
        if len(hits) == 1 and self.policy in _SINGLE:
            return self._alone(frame, hits[0])
        found: list[tuple[int, Entry]] = [(number, self._entry(frame, number)) for number in hits]
        if self.policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
            found = by_priority(found, self.order)
        found = settle(self.policy, found)
        entries = tuple(entry for _, entry in found)
        evaluation = frame.evaluation
        if isinstance(evaluation, Deciding):
            evaluation.fired.extend([self.rules[number].fired for number, _ in found])
        values = [self._value(entry) for entry in entries]
        if is_list(self.policy, self.aggregator):
            return Outcome(values, entries)
        if self.policy is HitPolicy.COLLECT:
            total = self._aggregated(values, evaluation)
            return Outcome(total, ({self.names[0]: total},))
        return Outcome(values[0], entries)

    def _alone(self, frame: Frame, number: int) -> Outcome:
        entry = self._entry(frame, number)
        evaluation = frame.evaluation
        if isinstance(evaluation, Deciding):
            evaluation.fired.append(self.rules[number].fired)
        return Outcome(self._value(entry), (entry,))

    def _entry(self, frame: Frame, number: int) -> dict[str, object]:
        entry: dict[str, object] = {}
        for name, result, allowed in zip(self.names, self.rules[number].results, self.allowed, strict=True):
            try:
                value = entry[name] = result(frame)
                if allowed is not None and not allowed(value):
                    raise ExpressionError(
                        "decision_output", "The result in column “{column}” is none of its allowed values.", column=name
                    )
            except ExpressionError as refusal:
                raise _placed(number, name, refusal) from None
        return entry

    def _value(self, entry: Entry) -> object:
        return dict(entry) if len(self.names) > 1 else next(iter(entry.values()), None)

    def _aggregated(self, values: list[object], evaluation: Evaluation) -> object:
        if self.aggregator is Aggregator.COUNT:
            return Decimal(len(values))
        return BUILT_IN[BUILT_IN_OF[self.aggregator]].call(evaluation, [values])

    def _default(self, frame: Frame) -> Outcome:
        if self.aggregator is Aggregator.COUNT and self.policy is HitPolicy.COLLECT:
            return Outcome(Decimal(0), ({self.names[0]: Decimal(0)},))
        if not any(self.defaults):
            return NOTHING
        entry = {
            name: default(frame) if default else None for name, default in zip(self.names, self.defaults, strict=True)
        }
        return Outcome(self._value(entry), (entry,))


def _fits(tests: tuple[tuple[int, CellTest], ...], values: Sequence[object], frame: Frame) -> bool:
    column = 0
    try:
        for column, cell in tests:
            if cell.test(values[column], frame) is not True:
                return False
    except ExpressionError as refusal:
        raise _CellRefused(column, refusal) from None
    return True


def _placed(number: int, column: str, refusal: ExpressionError) -> ExpressionError:
    """Say in which cell there is no value; rules are counted from 1."""
    return ExpressionError(
        "decision_cell",
        "Rule {rule}, column “{column}”: {why}",
        rule=number + 1,
        column=column,
        why=refusal.message,
    )
