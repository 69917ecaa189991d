"""The short list of pure functions that expressions may call; each gives null where its first argument is null."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from engine.execution.expressions.errors import ExpressionError
from engine.execution.expressions.operators import ARITHMETIC, OPERATIONS, ORDERINGS, kind_of
from engine.execution.expressions.patterns import compile_pattern
from engine.model.errors import Invalid
from engine.model.values import Months, Value, bounded_number, duration_text, iso_text, normalise, read_duration


@dataclass(frozen=True, slots=True)
class Function:
    """A function with its least and most number of arguments; `nulls` says that it is told of nulls.

    `check` refuses written-out arguments behind the first when the expression is compiled.
    """

    name: str
    call: Callable[..., Value]
    least: int = 1
    most: int = 1
    nulls: bool = False
    check: Callable[..., object] | None = None


def text_of(value: Value) -> str | None:
    """Write a value as people and ISO 8601 do; null stays null."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case timedelta():
            return duration_text(value)
        case date() | time():
            return iso_text(value)
        case list() | tuple():
            return "[" + ", ".join(text_of(item) or "null" for item in value) + "]"
        case Mapping():
            return "{" + ", ".join(f"{key}: {text_of(item) or 'null'}" for key, item in value.items()) + "}"
        case _:
            return str(value)


def _unfit(function: str, value: Value) -> ExpressionError:
    return ExpressionError(
        "function_kind", "“{function}” cannot take a {kind} here.", function=function, kind=kind_of(value)
    )


def _text(function: str, value: Value) -> str:
    if not isinstance(value, str):
        raise _unfit(function, value)
    return value


def _number(function: str, value: Value) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _unfit(function, value)
    return Decimal(str(value)) if isinstance(value, float) else Decimal(value)


def _whole(function: str, value: Value) -> int:
    number = _number(function, value)
    if number != number.to_integral_value():
        raise ExpressionError("function_whole", "“{function}” needs a whole number.", function=function)
    return int(number)


def _length(value: Value) -> Value:
    if isinstance(value, str | list | tuple | Mapping):
        return len(value)
    raise _unfit("len", value)


def _entries(function: str, values: Sequence[Value]) -> Sequence[Value]:
    if len(values) == 1:
        only = values[0]
        if isinstance(only, list | tuple):
            return only
        if function not in {"min", "max", "sum"}:
            raise _unfit(function, only)
    return values


def _extreme(function: str, sign: str) -> Callable[..., Value]:
    def extreme(*values: Value) -> Value:
        best: Value = None
        for number, item in enumerate(_entries(function, values)):
            if item is None:
                return None
            if number == 0 or ORDERINGS[sign](item, best):
                best = item
        return best

    return extreme


def _sum(*values: Value) -> Value:
    entries = _entries("sum", values)
    total: Value = 0 if entries else None
    for item in entries:
        total = OPERATIONS["+"](total, item) if total != 0 or not isinstance(item, timedelta) else item
    return total


def _logic(function: str, wanted: bool) -> Callable[..., Value]:
    def judge(*values: Value) -> Value:
        unknown = False
        for item in _entries(function, values):
            if item is wanted:
                return wanted
            unknown = unknown or not isinstance(item, bool)
        return None if unknown else not wanted

    return judge


def _rounded(rounding: str, name: str) -> Callable[..., Value]:
    def rounded(value: Value, digits: Value = 0) -> Value:
        if type(value) is int and digits == 0:
            return value
        places = _whole(name, digits)
        try:
            result = _number(name, value).quantize(Decimal(1).scaleb(-places), rounding=rounding, context=ARITHMETIC)
        except InvalidOperation:
            raise ExpressionError("function_range", "“{function}” is out of range.", function=name) from None
        return result + 0

    return rounded


def _absolute(value: Value) -> Value:
    if isinstance(value, timedelta):
        return abs(value)
    if isinstance(value, Months):
        return Months(abs(value.count))
    return abs(value) if type(value) is int else abs(_number("abs", value))


def _read_number(value: Value) -> Value:
    if isinstance(value, str):
        try:
            return bounded_number(Decimal(value.strip()))
        except (InvalidOperation, Invalid):
            raise ExpressionError("function_number", "“{text}” is no number.", text=value[:40]) from None
    return _number("float", value)


def _read_whole(value: Value) -> Value:
    number = _read_number(value)
    return int(number) if isinstance(number, Decimal) else number


def _reader(name: str, read: Callable[[str], Value], same: type[Any] | tuple[type[Any], ...]) -> Callable[..., Value]:
    def reader(value: Value) -> Value:
        if name == "date" and isinstance(value, datetime):
            return value.date()
        if isinstance(value, same):
            return value
        text = _text(name, value)
        try:
            return read(text)
        except (ValueError, Invalid):
            raise ExpressionError(
                "function_text",
                "“{function}” cannot read “{text}”; write it as ISO 8601 does.",
                function=name,
                text=text,
            ) from None

    return reader


@lru_cache(maxsize=1024)
def _pattern(text: str, flags: str = "") -> Callable[[str], bool]:
    return compile_pattern(text, flags)


def _matches(value: Value, pattern: Value, flags: Value = "") -> Value:
    return _pattern(_text("matches", pattern), _text("matches", flags))(_text("matches", value))


def _texts(name: str, action: Callable[..., Value]) -> Callable[..., Value]:
    return lambda *values: normalise(action(*(_text(name, value) for value in values)))


def _functions(*functions: Function) -> Mapping[str, Function]:
    return {function.name: function for function in functions}


_DATE = _reader("date", date.fromisoformat, date)
_MOMENT = _reader("datetime", datetime.fromisoformat, datetime)
_TIME = _reader("time", time.fromisoformat, time)
_DURATION = _reader("duration", read_duration, (timedelta, Months))
_MIN, _MAX = _extreme("min", "<"), _extreme("max", ">")

PYTHON_FUNCTIONS = _functions(
    Function("len", _length),
    Function("min", _MIN, most=100, nulls=True),
    Function("max", _MAX, most=100, nulls=True),
    Function("sum", _sum, most=100, nulls=True),
    Function("any", _logic("any", True)),
    Function("all", _logic("all", False)),
    Function("abs", _absolute),
    Function("round", _rounded(ROUND_HALF_EVEN, "round"), most=2),
    Function("lower", _texts("lower", str.lower)),
    Function("upper", _texts("upper", str.upper)),
    Function("str", text_of),
    Function("int", _read_whole),
    Function("float", _read_number),
    Function("date", _DATE),
    Function("datetime", _MOMENT),
    Function("time", _TIME),
    Function("duration", _DURATION),
    Function("matches", _matches, 2, 3, check=_pattern),
)
