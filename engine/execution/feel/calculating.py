"""What + - * / and ** mean for numbers, strings, dates, times and durations; with null they give null."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, DecimalException, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.comparing import unfit
from engine.execution.feel.evaluation import TEXT_LENGTH
from engine.execution.feel.temporal import (
    DAY,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
    date_of,
    moment_of,
)
from engine.execution.feel.values import NUMBERS

DIGITS = 34
_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
ARITHMETIC = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=_TRAPS)
WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-99_999, Emax=99_999, traps=_TRAPS)

Operation = Callable[[Any, Any], object]
Kinds = tuple[type, type]


def bounded_text(text: str) -> str:
    """Give a text back; raise ExpressionError where it is longer than any value may be."""
    if len(text) > TEXT_LENGTH:
        raise ExpressionError("feel_text_long", "A text is longer than {limit} characters.", limit=TEXT_LENGTH)
    return text


def _joined(left: str, right: str) -> str:
    return bounded_text(left + right)


def _moved(start: FeelDateTime, duration: DaysTime) -> FeelDateTime:
    return moment_of(start.moment + duration.nanos, start.time)


def _moved_date(start: FeelDate, duration: DaysTime) -> FeelDate:
    return date_of(start.ordinal + duration.nanos // DAY)


def _moved_time(start: FeelTime, duration: DaysTime) -> FeelTime:
    return FeelTime((start.nanos + duration.nanos) % DAY, start.offset, start.zone)


def _months_later(start: FeelDateTime, duration: YearsMonths) -> FeelDateTime:
    return FeelDateTime(start.date.plus_months(duration.months), start.time)


def _midnight(day: FeelDate) -> FeelDateTime:
    return FeelDateTime(day, FeelTime(0, 0))


def _between(left: FeelDateTime, right: FeelDateTime) -> DaysTime:
    if left.time.has_place != right.time.has_place:
        raise unfit("-", left, right)
    return DaysTime(left.moment - right.moment)


def _between_times(left: FeelTime, right: FeelTime) -> DaysTime:
    if left.has_place != right.has_place:
        raise unfit("-", left, right)
    return DaysTime(left.moment - right.moment)


def _scaled_months(duration: YearsMonths, factor: Any) -> YearsMonths:
    return YearsMonths(int(WIDE.multiply(duration.months, factor)))


def _scaled(duration: DaysTime, factor: Any) -> DaysTime:
    return DaysTime(int(WIDE.multiply(duration.nanos, factor).to_integral_value(rounding=ROUND_DOWN)))


def _both_ways(first: type, second: type, action: Operation) -> dict[Kinds, Operation]:
    return {(first, second): action, (second, first): lambda left, right: action(right, left)}


_ADD: dict[Kinds, Operation] = {
    (str, str): _joined,
    (DaysTime, DaysTime): lambda left, right: DaysTime(left.nanos + right.nanos),
    (YearsMonths, YearsMonths): lambda left, right: YearsMonths(left.months + right.months),
    **_both_ways(FeelDate, DaysTime, _moved_date),
    **_both_ways(FeelTime, DaysTime, _moved_time),
    **_both_ways(FeelDateTime, DaysTime, _moved),
    **_both_ways(FeelDate, YearsMonths, lambda day, duration: day.plus_months(duration.months)),
    **_both_ways(FeelDateTime, YearsMonths, _months_later),
}
_SUBTRACT: dict[Kinds, Operation] = {
    (DaysTime, DaysTime): lambda left, right: DaysTime(left.nanos - right.nanos),
    (YearsMonths, YearsMonths): lambda left, right: YearsMonths(left.months - right.months),
    (FeelDate, FeelDate): lambda left, right: DaysTime((left.ordinal - right.ordinal) * DAY),
    (FeelTime, FeelTime): _between_times,
    (FeelDateTime, FeelDateTime): _between,
    (FeelDate, FeelDateTime): lambda left, right: _between(_midnight(left), right),
    (FeelDateTime, FeelDate): lambda left, right: _between(left, _midnight(right)),
    (FeelDate, DaysTime): lambda left, right: _moved_date(left, DaysTime(-right.nanos)),
    (FeelTime, DaysTime): lambda left, right: _moved_time(left, DaysTime(-right.nanos)),
    (FeelDateTime, DaysTime): lambda left, right: _moved(left, DaysTime(-right.nanos)),
    (FeelDate, YearsMonths): lambda left, right: left.plus_months(-right.months),
    (FeelDateTime, YearsMonths): lambda left, right: _months_later(left, YearsMonths(-right.months)),
}
_MULTIPLY = {
    key: action
    for kind in NUMBERS
    for key, action in (
        *_both_ways(YearsMonths, kind, _scaled_months).items(),
        *_both_ways(DaysTime, kind, _scaled).items(),
    )
}
_DIVIDE: dict[Kinds, Operation] = {
    (DaysTime, DaysTime): lambda left, right: ARITHMETIC.divide(left.nanos, right.nanos),
    (YearsMonths, YearsMonths): lambda left, right: ARITHMETIC.divide(left.months, right.months),
}
for _kind in NUMBERS:
    _DIVIDE[DaysTime, _kind] = lambda left, right: _scaled(DaysTime(1), WIDE.divide(left.nanos, right))
    _DIVIDE[YearsMonths, _kind] = lambda left, right: YearsMonths(int(WIDE.divide(left.months, right)))


def _operation(sign: str, on_numbers: Operation, others: dict[Kinds, Operation]) -> Operation:
    def operate(left: Any, right: Any) -> object:
        first, second = type(left), type(right)
        try:
            if first in NUMBERS and second in NUMBERS:
                return on_numbers(left, right)
            action = others.get((first, second))
            if action is not None:
                return action(left, right)
        except (DecimalException, ZeroDivisionError, OverflowError, ValueError):
            raise ExpressionError(
                "operator_range", "“{sign}” gives no value here: a division by zero, or out of range.", sign=sign
            ) from None
        if left is None or right is None:
            return None
        raise unfit(sign, left, right)

    return operate


def _power(number: Any, exponent: Any) -> object:
    """Raise a number to a power as IEEE 754 does: anything to the power of 0 is 1; 0 has no negative powers."""
    if not exponent:
        return 1
    if not number and exponent < 0:
        raise ZeroDivisionError
    return ARITHMETIC.power(number, exponent)


OPERATIONS: dict[str, Operation] = {
    "+": _operation("+", ARITHMETIC.add, _ADD),
    "-": _operation("-", ARITHMETIC.subtract, _SUBTRACT),
    "*": _operation("*", ARITHMETIC.multiply, _MULTIPLY),
    "/": _operation("/", ARITHMETIC.divide, _DIVIDE),
    "**": _operation("**", _power, {}),
}


def negated(value: Any) -> object:
    """Give the opposite of a number or duration; null for null, ExpressionError for other kinds."""
    kind = type(value)
    if kind in NUMBERS:
        return ARITHMETIC.minus(value)
    if kind is DaysTime:
        return DaysTime(-value.nanos)
    if kind is YearsMonths:
        return YearsMonths(-value.months)
    if value is None:
        return None
    raise unfit("-", None, value)
