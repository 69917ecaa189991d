"""What equality and order mean for every kind of value; what cannot be compared gives null."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.evaluation import DEPTH, Evaluation
from engine.execution.feel.temporal import DaysTime, FeelDate, FeelDateTime, FeelTime, YearsMonths
from engine.execution.feel.values import FeelRange, is_context, is_list, kind_of

_PLAIN = frozenset({int, Decimal, str, bool, FeelDate, YearsMonths, DaysTime})
_ORDERED_PLAIN = frozenset({int, Decimal, str})
_SIZE = 250_000
_STEPS_A_UNIT = 2


def too_large() -> ExpressionError:
    """Refuse a value that is nested too deep or holds too many others."""
    return ExpressionError("feel_too_large", "A list or context is nested too deep or holds too many values.")


def equal(left: object, right: object, evaluation: Evaluation | None = None) -> bool | None:
    """Compare two values: null equals only null, and values of two kinds give null; lists cost the evaluation work."""
    kind = type(left)
    if kind is type(right) and kind in _PLAIN:
        return left == right
    if left is None or right is None:
        return left is right
    comparison = _Comparison()
    answer = comparison.equal(left, right, 0)
    if evaluation is not None:
        evaluation.spend((_SIZE - comparison.left) // _STEPS_A_UNIT)
    return answer


def same(left: object, right: object, evaluation: Evaluation | None = None) -> bool:
    """Say whether two values are equal; values of two kinds are not."""
    return equal(left, right, evaluation) is True


class _Comparison:
    """Counts what it compares, so that lists of the same lists come to an end."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _SIZE

    def equal(self, left: object, right: object, depth: int) -> bool | None:
        if left is None or right is None:
            return left is right
        kind = kind_of(left)
        if kind != kind_of(right):
            return None
        self.left -= 1
        if depth > DEPTH or self.left < 0:
            raise too_large()
        if is_list(left) and is_list(right):
            return len(left) == len(right) and all(
                self.equal(item, other, depth + 1) is True for item, other in zip(left, right, strict=True)
            )
        if is_context(left) and is_context(right):
            return left.keys() == right.keys() and all(
                self.equal(item, right[key], depth + 1) is True for key, item in left.items()
            )
        if isinstance(left, FeelRange) and isinstance(right, FeelRange):
            ends = (left.low_closed, left.high_closed) == (right.low_closed, right.high_closed)
            return ends and same(left.low, right.low) and same(left.high, right.high)
        return _same_plain(left, right)


def _same_plain(left: object, right: object) -> bool | None:
    if isinstance(left, FeelTime) and isinstance(right, FeelTime):
        return left.has_place == right.has_place and left.moment == right.moment
    if isinstance(left, FeelDateTime) and isinstance(right, FeelDateTime):
        return left.time.has_place == right.time.has_place and left.moment == right.moment
    return left == right


def order_key(value: object) -> tuple[str, object]:
    """Give kind and key by which values of one kind are ordered; raise ExpressionError for what has no order."""
    match value:
        case FeelDate():
            return "date", (value.year, value.month, value.day)
        case FeelTime():
            return ("time with zone" if value.has_place else "time"), value.moment
        case FeelDateTime():
            return ("date and time with zone" if value.time.has_place else "date and time"), value.moment
        case YearsMonths(months):
            return "years and months duration", months
        case DaysTime(nanos):
            return "days and time duration", nanos
        case bool():
            return "boolean", None
        case str() | int() | Decimal():
            return kind_of(value), value
        case _:
            return kind_of(value), None


def _ordering(sign: str, compare: Callable[[Any, Any], object]) -> Callable[[object, object], bool | None]:
    def ordered(left: object, right: object) -> bool | None:
        kind = type(left)
        if kind in _ORDERED_PLAIN and kind is type(right):
            return bool(compare(left, right))
        if left is None or right is None:
            return None
        first, second = order_key(left), order_key(right)
        if first[0] != second[0] or first[1] is None:
            raise unfit(sign, left, right)
        return bool(compare(first[1], second[1]))

    return ordered


def unfit(sign: str, left: object, right: object) -> ExpressionError:
    """Say that an operator cannot join values of these kinds."""
    return ExpressionError(
        "operator_kinds",
        "“{sign}” cannot join a {left} and a {right}; make both of one kind.",
        sign=sign,
        left=kind_of(left),
        right=kind_of(right),
    )


ORDERINGS: dict[str, Callable[[object, object], bool | None]] = {
    "<": _ordering("<", operator.lt),
    "<=": _ordering("<=", operator.le),
    ">": _ordering(">", operator.gt),
    ">=": _ordering(">=", operator.ge),
}


def compare(sign: str, left: object, right: object) -> bool | None:
    """Compare the order of two values; null with null, ExpressionError for kinds that have none in common."""
    return ORDERINGS[sign](left, right)


def within(value: object, wanted: FeelRange) -> bool | None:
    """Say whether a value lies in a range; null where it cannot be told."""
    low, high = wanted.low, wanted.high
    over: bool | None = True
    under: bool | None = True
    if low is not None:
        over = ORDERINGS[">=" if wanted.low_closed else ">"](value, low)
    if high is not None:
        under = ORDERINGS["<=" if wanted.high_closed else "<"](value, high)
    if over is False or under is False:
        return False
    return True if over and under and value is not None else None


def fits(value: object, wanted: object, evaluation: Evaluation | None = None) -> bool | None:
    """Say whether a value passes a test that is a value: equal to it, in it, or one of its items."""
    if isinstance(wanted, FeelRange) and not isinstance(value, FeelRange):
        return within(value, wanted)
    if not is_list(wanted):
        return equal(value, wanted, evaluation)
    if evaluation is not None:
        evaluation.spend_on(wanted)
    if is_list(value) and same(value, wanted, evaluation):
        return True
    return any(_is_in(value, item, evaluation) for item in wanted)


def _is_in(value: object, item: object, evaluation: Evaluation | None) -> bool:
    if isinstance(item, FeelRange) and not isinstance(value, FeelRange):
        try:
            return within(value, item) is True
        except ExpressionError:
            return False
    return same(value, item, evaluation)
