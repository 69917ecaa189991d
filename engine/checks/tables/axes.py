"""A column is cut into pieces at the boundaries that its rules name: inside a piece every rule says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from engine.checks.tables.reading import Column, ReadTable
from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import DaysTime, FeelDate, FeelDateTime, FeelTests, FeelTime, YearsMonths
from engine.execution.feel.functions import BUILT_IN
from engine.execution.feel.plain_tests import plain_tests
from engine.execution.feel.temporal import DAY, SECOND, date_of, moment_of
from engine.execution.feel.tree import Anything, Arithmetic, Call, Choice, Name, Path
from engine.execution.feel.types import ANY, Simple
from engine.execution.feel.values import kind_of
from engine.execution.feel.walking import walk

MOST_TESTS: Final = 1_000_000
"""How many values a table may be asked for in all, before it is said to be too large."""


class TooLarge(Exception):
    """The table has more combinations than are looked at."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A column's pieces, each told by a value in it, and which rules accept them, a bit a rule.

    `maybe` counts cells as accepting of which it cannot be told for the whole piece, `surely` does not; `here` is exact
    for the value that tells the piece, but for cells that read other names, which may accept. `is_free` says that any value may come:
    the column reads something that is told, and no other column reads it.
    """

    label: str
    values: tuple[object, ...]
    surely: tuple[int, ...]
    maybe: tuple[int, ...]
    here: tuple[int, ...]
    names: frozenset[str]
    is_free: bool


def axes_of(read: ReadTable, decisions: Iterable[str]) -> list[Axis]:
    """Give the axes of a table; columns that ask the same share one. Raises TooLarge."""
    by_text: dict[str, list[int]] = {}
    for index, column in enumerate(read.columns):
        by_text.setdefault(" ".join(column.text.split()), []).append(index)
    made = [_axis(read, indexes, frozenset(decisions)) for indexes in by_text.values()]
    shared = {name for axis in made for other in made if other is not axis for name in axis.names & other.names}
    return [replace(axis, is_free=False) if axis.names & shared else axis for axis in made]


def _axis(read: ReadTable, columns: Sequence[int], decisions: frozenset[str]) -> Axis:
    column = read.columns[columns[0]]
    values = _pieces(read, columns, column)
    rules = range(len(read.table.rules))
    if len(values) * len(rules) * len(columns) > MOST_TESTS:
        raise TooLarge
    accepted = _Accepted([(1 << len(rules)) - 1] * len(values))
    for index in columns:
        for rule in rules:
            tests = read.tests[rule][index] if index < len(read.tests[rule]) else None
            if tests is None or not isinstance(tests.tree, Anything):
                accepted.narrow(1 << rule, tests, values)
    names = column.expression.names if column.expression is not None else frozenset[str]()
    return Axis(
        label=column.label,
        values=values,
        surely=tuple(accepted.surely),
        maybe=tuple(accepted.maybe),
        here=tuple(accepted.here),
        names=names,
        is_free=_is_told(column) and not names & decisions,
    )


class _Accepted:
    """Which rules accept each piece; each cell that says something takes its rule out where it does not accept."""

    def __init__(self, every: list[int]) -> None:
        self.surely, self.maybe, self.here = every, list(every), list(every)

    def narrow(self, bit: int, tests: FeelTests | None, values: Sequence[object]) -> None:
        is_plain = tests is not None and values != (UNKNOWN,) and plain_tests(tests.tree) is not None
        is_own = tests is not None and values != (UNKNOWN,) and not tests.names - {"?"} - BUILT_IN.keys()
        for place, value in enumerate(values):
            accepts = tests is not None and is_own and _accepts(tests, value)
            if not (is_plain and accepts):
                self.surely[place] &= ~bit
            if is_plain and not accepts:
                self.maybe[place] &= ~bit
            if is_own and not accepts:
                self.here[place] &= ~bit


def _accepts(tests: FeelTests, value: object) -> bool:
    try:
        return tests.fits(value, {}) is True
    except ExpressionError:
        return False


def _is_told(column: Column) -> bool:
    """Whether the column reads one thing as it is told, with something in place of null at most."""
    if column.expression is None:
        return False
    tree = column.expression.tree
    if isinstance(tree, Choice):
        tree = tree.otherwise
    if isinstance(tree, Call) and isinstance(tree.function, Name) and tree.function.name in ("number", "lower case"):
        tree = tree.arguments[0].value if tree.arguments else tree
    return isinstance(tree, Name | Path) and not any(isinstance(part, Call | Arithmetic) for part, _ in walk(tree))


# ---- pieces

UNKNOWN: Final = object()
"""Stands for the values of a column that cannot be cut."""


def _pieces(read: ReadTable, columns: Sequence[int], column: Column) -> tuple[object, ...]:
    ends: list[object] = []
    ranged = False
    for index in columns:
        for rule in range(len(read.table.rules)):
            plain = read.plain(rule, index) if index < len(read.tests[rule]) else None
            if plain is not None:
                ends += plain.values
                ends += [end for found in plain.ranges for end in (found.low, found.high)]
                ranged = ranged or bool(plain.ranges)
    allowed = plain_tests(column.allowed.tree) if column.allowed is not None else None
    if allowed is not None:
        ends += allowed.values
        ends += [end for found in allowed.ranges for end in (found.low, found.high)]
        ranged = ranged or bool(allowed.ranges)
    has_null = any(value is None for value in _values(read, columns))
    found = _cut(_kind(column, ends), [end for end in ends if end is not None], ranged=ranged)
    if allowed is not None and column.allowed is not None and found != (UNKNOWN,):
        found = tuple(value for value in found if _accepts(column.allowed, value))
    if has_null and (found != (UNKNOWN,)):
        found += (None,)
    return found or (UNKNOWN,)


def _values(read: ReadTable, columns: Sequence[int]) -> Iterable[object]:
    for index in columns:
        for rule in range(len(read.table.rules)):
            plain = read.plain(rule, index) if index < len(read.tests[rule]) else None
            yield from plain.values if plain is not None else ()


def _kind(column: Column, ends: Sequence[object]) -> str:
    if column.kind != ANY:
        return column.kind.name if isinstance(column.kind, Simple) else ""
    kinds = {kind_of(end) for end in ends if end is not None}
    return kinds.pop() if len(kinds) == 1 else ""


def _cut(kind: str, ends: Sequence[object], *, ranged: bool) -> tuple[object, ...]:
    own = [end for end in ends if kind_of(end) == kind]
    if kind == "boolean":
        return (True, False)
    if kind == "string" and not ranged:
        texts = list(dict.fromkeys(str(end) for end in own))
        return (*texts, _other(texts))
    scale = _SCALES.get(kind)
    if scale is None or (kind in ("time", "date and time") and len({_place(end) for end in own}) > 1):
        return (UNKNOWN,)
    return tuple(scale.between(own))


def _other(texts: Sequence[str]) -> str:
    """Give a text that none of the rules names."""
    found = "other"
    while found in texts:
        found = f"any {found}"
    return found


def _place(end: object) -> str:
    clock = end.time if isinstance(end, FeelDateTime) else end
    return clock.place_text if isinstance(clock, FeelTime) else ""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values in their order: `key` gives a number, `back` the value; `step` is how far neighbours are apart, 0 for dense."""

    key: Callable[[object], Decimal]
    back: Callable[[Decimal, object], object]
    zero: object
    step: int = 0
    unit: int = 1
    lowest: int | None = None
    highest: int | None = None

    def between(self, ends: Sequence[object]) -> Iterable[object]:
        """Give a value at each boundary and one between each two."""
        like = ends[0] if ends else self.zero
        keys = sorted({self.key(end) for end in ends})
        if not keys:
            return [self.zero]
        found: list[Decimal] = []
        if self.lowest is None or keys[0] > self.lowest:
            found.append(keys[0] - self.unit if self.lowest is None else Decimal(self.lowest))
        for low, high in zip(keys, [*keys[1:], None], strict=True):
            found.append(low)
            if high is not None and high - low > self.step:
                found.append(self._middle(low, high))
        if self.highest is None or keys[-1] < self.highest:
            found.append(keys[-1] + self.unit if self.highest is None else Decimal(self.highest))
        return [self.back(key, like) for key in found]

    def _middle(self, low: Decimal, high: Decimal) -> Decimal:
        if low + self.unit < high:
            return low + self.unit
        return low + self.step if self.step else (low + high) / 2


def _moment(value: object) -> Decimal:
    return Decimal(value.moment if isinstance(value, FeelTime | FeelDateTime) else 0)


def _whole(value: object) -> Decimal:
    match value:
        case FeelDate():
            return Decimal(value.ordinal)
        case YearsMonths():
            return Decimal(value.months)
        case DaysTime():
            return Decimal(value.nanos)
        case _:
            return Decimal(str(value))


def _time_at(key: Decimal, like: object) -> object:
    if not isinstance(like, FeelTime):
        return FeelTime(int(key))
    return FeelTime(int(key + (like.effective_offset or 0) * SECOND) % DAY, like.offset, like.zone)


_MIDNIGHT = FeelTime(0)
_SCALES: dict[str, _Scale] = {
    "number": _Scale(_whole, lambda key, _: key, Decimal(0)),
    "date": _Scale(_whole, lambda key, _: date_of(int(key)), FeelDate(2026, 1, 1), step=1),
    "time": _Scale(_moment, _time_at, _MIDNIGHT, unit=60 * SECOND, lowest=0, highest=DAY - SECOND, step=SECOND),
    "date and time": _Scale(
        _moment,
        lambda key, like: moment_of(int(key), like.time if isinstance(like, FeelDateTime) else _MIDNIGHT),
        FeelDateTime(FeelDate(2026, 1, 1), _MIDNIGHT),
        unit=60 * SECOND,
        step=1,
    ),
    "years and months duration": _Scale(_whole, lambda key, _: YearsMonths(int(key)), YearsMonths(0), step=1),
    "days and time duration": _Scale(_whole, lambda key, _: DaysTime(int(key)), DaysTime(0), step=1, unit=60 * SECOND),
}
