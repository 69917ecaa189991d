"""Conversions between kinds, `not` and `is`; a text that cannot be read gives null with a problem."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.border import from_engine
from engine.execution.feel.calculating import ARITHMETIC
from engine.execution.feel.comparing import same
from engine.execution.feel.evaluation import Evaluation
from engine.execution.feel.functions.builtin import BuiltIn, Way, one_of
from engine.execution.feel.literals import number_of
from engine.execution.feel.showing import text_of
from engine.execution.feel.temporal import (
    SECOND,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
)
from engine.execution.feel.temporal_text import (
    checked_offset,
    clock_nanos,
    read_date,
    read_date_and_time,
    read_duration,
    read_time,
)
from engine.execution.feel.types import BOOLEAN, DATE, DATE_TIME, NUMBER, STRING, TIME, YEARS_MONTHS
from engine.execution.feel.values import kind_of

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_GROUPING, _DECIMAL = (None, " ", ",", "."), (None, ".", ",")
_Number = int | Decimal


def _unreadable(function: str, text: str) -> ExpressionError:
    return ExpressionError(
        "function_text",
        "“{function}” cannot read “{text}”; write it as ISO 8601 does.",
        function=function,
        text=text[:80],
    )


def _reading(function: str, read: Callable[[str], object]) -> Callable[[str], object]:
    def reading(text: str) -> object:
        try:
            return read(text)
        except ValueError:
            raise _unreadable(function, text) from None

    return reading


def _reader(name: str, read: Callable[[str], object]) -> Way:
    return Way("from: string", _reading(name, read))


def _number(text: str, grouping: str | None = None, point: str | None = None) -> object:
    if grouping not in _GROUPING or point not in _DECIMAL or (grouping is not None and grouping == point):
        raise ExpressionError("function_range", "“{function}” is out of range.", function="number")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(".", "!").replace(point, ".") if point == "," else plain
    if not _NUMBER.fullmatch(plain):
        raise ExpressionError("function_number", "“{text}” is no number.", text=text[:40])
    return number_of(plain)


def _same_number(number: _Number) -> object:
    return number


def _date_of(value: FeelDate | FeelDateTime) -> object:
    return value.date if isinstance(value, FeelDateTime) else value


def _date_from_parts(year: _Number, month: _Number, day: _Number) -> object:
    return FeelDate(_whole("date", year), _whole("date", month), _whole("date", day))


def _whole(function: str, number: _Number) -> int:
    if number != int(number):
        raise ExpressionError("function_whole", "“{function}” needs a whole number.", function=function)
    return int(number)


def _time_from_parts(hour: _Number, minute: _Number, second: _Number, offset: DaysTime | None = None) -> object:
    whole = int(second)
    part = int(ARITHMETIC.multiply(ARITHMETIC.subtract(second, whole), SECOND))
    nanos = clock_nanos(_whole("time", hour), _whole("time", minute), whole) + part
    if nanos < 0 or part < 0:
        raise ValueError(second)
    return FeelTime(nanos, None if offset is None else checked_offset(int(Decimal(offset.nanos) / SECOND)))


def _time_of(value: FeelDateTime | FeelDate | FeelTime) -> object:
    if isinstance(value, FeelDate):
        return FeelTime(0, 0)
    return value.time if isinstance(value, FeelDateTime) else value


def _joined(day: FeelDate | FeelDateTime, clock: FeelTime) -> object:
    return FeelDateTime(day.date if isinstance(day, FeelDateTime) else day, clock)


def _months_between(start: FeelDate | FeelDateTime, end: FeelDate | FeelDateTime) -> object:
    """Count the whole months from one day to another; times of day do not count."""
    first = start.date if isinstance(start, FeelDateTime) else start
    last = end.date if isinstance(end, FeelDateTime) else end
    if last.ordinal < first.ordinal:
        return YearsMonths(-_months(last, first))
    return YearsMonths(_months(first, last))


def _months(first: FeelDate, last: FeelDate) -> int:
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def _not(value: bool) -> object:
    return not value


def _is(left: object, right: object) -> object:
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, FeelTime) and isinstance(right, FeelTime):
        return (left.nanos, left.effective_offset) == (right.nanos, right.effective_offset)
    if isinstance(left, FeelDateTime) and isinstance(right, FeelDateTime):
        return (left.date, left.time.nanos, left.offset) == (right.date, right.time.nanos, right.offset)
    return same(left, right)


def _now(evaluation: Evaluation) -> FeelDateTime:
    moment = from_engine(evaluation.now)
    if not isinstance(moment, FeelDateTime):
        raise ExpressionError("feel_now", "The time is asked for, but this evaluation has none.")
    return moment


def _today(evaluation: Evaluation) -> object:
    return _now(evaluation).date


def _two_days(places: tuple[str, str]) -> tuple[Way, ...]:
    first, second = places
    return tuple(
        Way(f"{first}: {one}, {second}: {other}", _months_between)
        for one in ("date", "moment")
        for other in ("date", "moment")
    )


CONVERSIONS: tuple[BuiltIn, ...] = (
    one_of("string", Way("from: any", text_of), result=STRING),
    one_of(
        "number",
        Way("from: string, grouping separator?: string, decimal separator?: string", _number),
        Way("from: number", _same_number),
        result=NUMBER,
    ),
    one_of(
        "date",
        _reader("date", read_date),
        Way("from: date", _date_of),
        Way("from: moment", _date_of),
        Way("year: number, month: number, day: number", _date_from_parts),
        result=DATE,
    ),
    one_of(
        "time",
        _reader("time", read_time),
        Way("from: time", _time_of),
        Way("from: date", _time_of),
        Way("from: moment", _time_of),
        Way("hour: number, minute: number, second: number, offset?: days", _time_from_parts),
        result=TIME,
    ),
    one_of(
        "date and time",
        _reader("date and time", read_date_and_time),
        Way("from: moment", lambda moment: moment),
        Way("date: date, time: time", _joined),
        Way("date: moment, time: time", _joined),
        result=DATE_TIME,
    ),
    one_of(
        "duration",
        _reader("duration", read_duration),
        Way("from: days", lambda duration: duration),
        Way("from: months", lambda duration: duration),
    ),
    one_of("years and months duration", *_two_days(("from", "to")), result=YEARS_MONTHS),
    one_of("not", Way("negand: boolean", _not), result=BOOLEAN),
    one_of("is", Way("value1: any~, value2: any~", _is), result=BOOLEAN),
    one_of("now", Way("", _now, told=True), result=DATE_TIME),
    one_of("today", Way("", _today, told=True), result=DATE),
)
