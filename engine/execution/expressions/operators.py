"""What comparing and calculating mean for every kind of value (R21): null stays null, numbers have 34 digits."""

from __future__ import annotations

import operator
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from engine.execution.expressions.errors import ExpressionError, from_message
from engine.model.errors import Invalid
from engine.model.values import DIGITS, ITEMS, Months, Value, bounded_number, normalise

ARITHMETIC = Context(prec=DIGITS, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow])
_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "yes/no",
    int: "number",
    float: "number",
    Decimal: "number",
    str: "text",
    date: "date",
    time: "time",
    datetime: "moment",
    timedelta: "duration",
    Months: "months",
    list: "list",
    tuple: "list",
    dict: "mapping",
}
_ORDERED = frozenset({int, Decimal, str, date, time, datetime, timedelta, Months})
_PLAIN = frozenset({bool, *_ORDERED})

# The tables below pick an operation by the kinds of both sides, so its operands are of these kinds.
Operation = Callable[[Any, Any], Value]


def kind_of(value: Value) -> str:
    """Name the kind of a value as messages do; raise ExpressionError where it is none."""
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind
    if isinstance(value, Mapping):
        return "mapping"
    for parent, name in _KINDS.items():  # an enumeration's text or a subclass of datetime
        if isinstance(value, parent):
            return name
    raise ExpressionError("value_kind", "A {kind} is no value of an expression.", kind=type(value).__name__)


def equal(left: Value, right: Value) -> bool:
    """Compare by kind: true is never 1, and values of two kinds are different."""
    kind = type(left)
    if kind is type(right) and kind in _PLAIN:
        return left == right
    if left is None or right is None:
        return left is right
    name = kind_of(left)
    if name != kind_of(right):
        return False
    if name == "number":
        return _exact(left) == _exact(right)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(equal(item, right[key]) for key, item in left.items())
    return left == right


def _exact(number: Value) -> Value:
    return Decimal(str(number)) if isinstance(number, float) else number


def _ordering(sign: str, compare: Operation) -> Callable[[Value, Value], bool | None]:
    def ordered(left: Value, right: Value) -> bool | None:
        kind = type(left)
        if kind is type(right) and kind in _ORDERED:
            try:
                return bool(compare(left, right))
            except TypeError:
                raise ExpressionError(
                    "compare_zones", "“{sign}” cannot compare a time that has a zone with one that has none.", sign=sign
                ) from None
        if left is None or right is None:
            return None
        if kind_of(left) == kind_of(right) == "number":
            return bool(compare(_exact(left), _exact(right)))
        raise _unfit(sign, left, right)

    return ordered


def _unfit(sign: str, left: Value, right: Value) -> ExpressionError:
    return ExpressionError(
        "operator_kinds",
        "“{sign}” cannot join a {left} and a {right}; make both of one kind.",
        sign=sign,
        left=kind_of(left),
        right=kind_of(right),
    )


ORDERINGS = {
    "<": _ordering("<", operator.lt),
    "<=": _ordering("<=", operator.le),
    ">": _ordering(">", operator.gt),
    ">=": _ordering(">=", operator.ge),
}


def contains(container: Value, item: Value) -> bool | None:
    """Say whether the item is an entry of a list, a part of a text or a key of a mapping; null holds nothing known."""
    if container is None:
        return None
    if isinstance(container, list | tuple):
        return any(equal(item, entry) for entry in container)
    if isinstance(container, str):
        if item is None:
            return None
        if isinstance(item, str):
            return item in container
    if isinstance(container, Mapping):
        return item in container if isinstance(item, str) else None
    raise _unfit("in", item, container)


def _integers(action: Callable[[int, int], int], on_decimals: Operation) -> Operation:
    def calculate(left: Any, right: Any) -> Value:
        if type(left) is int and type(right) is int:
            return bounded_number(action(left, right))
        return on_decimals(_exact(left), _exact(right))

    return calculate


def _floor(left: Any, right: Any) -> tuple[Decimal, Decimal]:
    quotient, rest = ARITHMETIC.divmod(left, right)
    if rest and (rest < 0) != (right < 0):
        return ARITHMETIC.subtract(quotient, 1), ARITHMETIC.add(rest, right)
    return quotient, rest


def _joined(left: Any, right: Any) -> Value:
    if isinstance(left, str):
        return normalise(left + right)
    if len(left) + len(right) > ITEMS:
        raise Invalid("value_too_many", "“{where}” has more than {limit} entries.", where="+", limit=ITEMS)
    return [*left, *right]


def _moved(start: Any, duration: timedelta) -> Value:
    if isinstance(start, datetime) and start.tzinfo is not None:
        return (start.astimezone(UTC) + duration).astimezone(start.tzinfo)
    moved: Value = start + duration
    return moved


def _moved_by_months(start: Any, months: Months) -> Value:
    years, month = divmod(start.year * 12 + start.month - 1 + months.count, 12)
    return start.replace(year=years, month=month + 1, day=min(start.day, monthrange(years, month + 1)[1]))


def _months_scaled(months: Months, factor: Any) -> Value:
    return Months(int(ARITHMETIC.multiply(Decimal(months.count), _exact(factor)).to_integral_value()))  # type: ignore[arg-type]  # a number by its kind


def _scaled(duration: timedelta, factor: Any) -> Value:
    micros = ARITHMETIC.multiply(Decimal(duration // timedelta(microseconds=1)), _exact(factor))  # type: ignore[arg-type]  # a number by its kind
    return timedelta(microseconds=int(micros.to_integral_value(context=ARITHMETIC)))


_ADD: dict[tuple[str, str], Operation] = {
    ("number", "number"): _integers(operator.add, ARITHMETIC.add),
    ("text", "text"): _joined,
    ("list", "list"): _joined,
    ("duration", "duration"): operator.add,
    ("months", "months"): lambda left, right: Months(left.count + right.count),
}
_SUBTRACT: dict[tuple[str, str], Operation] = {
    ("number", "number"): _integers(operator.sub, ARITHMETIC.subtract),
    ("duration", "duration"): operator.sub,
    ("months", "months"): lambda left, right: Months(left.count - right.count),
    ("date", "date"): operator.sub,
    ("moment", "moment"): operator.sub,
}
for _kind in ("date", "moment"):
    _ADD[_kind, "duration"] = _moved
    _ADD["duration", _kind] = lambda left, right: _moved(right, left)
    _ADD[_kind, "months"] = _moved_by_months
    _ADD["months", _kind] = lambda left, right: _moved_by_months(right, left)
    _SUBTRACT[_kind, "duration"] = lambda left, right: _moved(left, -right)
    _SUBTRACT[_kind, "months"] = lambda left, right: _moved_by_months(left, Months(-right.count))

_TABLES: dict[str, dict[tuple[str, str], Operation]] = {
    "+": _ADD,
    "-": _SUBTRACT,
    "*": {
        ("number", "number"): _integers(operator.mul, ARITHMETIC.multiply),
        ("duration", "number"): _scaled,
        ("number", "duration"): lambda left, right: _scaled(right, left),
        ("months", "number"): _months_scaled,
        ("number", "months"): lambda left, right: _months_scaled(right, left),
    },
    "/": {("number", "number"): lambda left, right: ARITHMETIC.divide(_exact(left), _exact(right))},  # type: ignore[arg-type]  # numbers by their kind
    "//": {("number", "number"): _integers(operator.floordiv, lambda left, right: _floor(left, right)[0])},
    "**": {("number", "number"): lambda left, right: ARITHMETIC.power(_exact(left), _exact(right))},  # type: ignore[arg-type]  # numbers by their kind
    "%": {("number", "number"): _integers(operator.mod, lambda left, right: _floor(left, right)[1])},
}


def _operation(sign: str) -> Callable[[Value, Value], Value]:
    table = _TABLES[sign]

    def operate(left: Value, right: Value) -> Value:
        if left is None or right is None:
            return None
        action = table.get((kind_of(left), kind_of(right)))
        if action is None:
            raise _unfit(sign, left, right)
        try:
            return action(left, right)
        except (DecimalException, ZeroDivisionError, OverflowError, ValueError, TypeError):
            raise ExpressionError(
                "operator_range", "“{sign}” gives no value here: a division by zero, or out of range.", sign=sign
            ) from None
        except Invalid as refusal:
            raise from_message(refusal.message) from None

    return operate


OPERATIONS = {sign: _operation(sign) for sign in _TABLES}

_PARTS: dict[str, Callable[[Any], Value]] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
    "weekday": lambda value: value.isoweekday(),
    "hour": lambda value: value.hour,
    "minute": lambda value: value.minute,
    "second": lambda value: value.second,
}


def member(base: Value, key: Value) -> Value:
    """Give a mapping's entry, a list's from 0, that part of all entries, or a date's part; null where there is none."""
    if isinstance(base, dict):
        return base.get(key) if isinstance(key, str) else None
    if base is None or key is None:
        return None
    if isinstance(base, list | tuple) and isinstance(key, str):
        return [member(item, key) for item in base]
    if isinstance(base, Mapping):
        return base.get(key) if isinstance(key, str) else None
    if isinstance(base, list | tuple) and isinstance(key, int | Decimal) and key == int(key):
        return base[int(key)] if -len(base) <= key < len(base) else None
    if isinstance(base, date | time) and isinstance(key, str) and hasattr(base, key) and key in _PARTS:
        return _PARTS[key](base)
    raise ExpressionError(
        "no_such_part", "A {kind} has no “{key}”; only mappings and lists have parts.", kind=kind_of(base), key=str(key)
    )
