"""Inputs are read by their declared type: ISO texts become dates, floats decimals; what does not fit is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.execution.expressions import ExpressionError, compile_tests
from engine.execution.expressions.errors import from_message
from engine.execution.expressions.operators import kind_of
from engine.model.dmn import Cell, ItemType
from engine.model.errors import Invalid
from engine.model.values import DEPTH, Months, Value, normalise, read_duration

Read = Callable[[Value], Value]


def _unfit(wanted: str, value: Value) -> ExpressionError:
    return ExpressionError("decision_type", "A {wanted} is wanted, not a {kind}.", wanted=wanted, kind=kind_of(value))


def _number(value: Value) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _unfit("number", value)
    return normalise(Decimal(str(value)))


def _kind(wanted: str, kind: type[object], read: Callable[[str], Value] | None = None) -> Read:
    def reader(value: Value) -> Value:
        if isinstance(value, str) and read is not None:
            try:
                return read(value)
            except (ValueError, Invalid):
                raise _unfit(wanted, value) from None
        if not isinstance(value, kind) or (wanted == "date" and isinstance(value, datetime)):
            raise _unfit(wanted, value)
        return value

    return reader


_SIMPLE: dict[str, Read] = {
    "": normalise,
    "Any": normalise,
    "string": _kind("text", str),
    "number": _number,
    "boolean": _kind("yes/no", bool),
    "date": _kind("date", date, date.fromisoformat),
    "time": _kind("time", time, time.fromisoformat),
    "dateTime": _kind("moment", datetime, datetime.fromisoformat),
    "dayTimeDuration": _kind("duration", timedelta, read_duration),
    "yearMonthDuration": _kind("months", Months, read_duration),
}
_SIMPLE |= {
    "date and time": _SIMPLE["dateTime"],
    "days and time duration": _SIMPLE["dayTimeDuration"],
    "years and months duration": _SIMPLE["yearMonthDuration"],
    "integer": _number,
    "long": _number,
    "double": _number,
    "context": normalise,
    "Null": normalise,
}


def _nullable(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


class Types:
    """The types of one file by name."""

    def __init__(self, items: Iterable[ItemType]) -> None:
        self.items = {item.name: item for item in items}

    def reader(self, name: str) -> Read:
        """Give the function that reads a value of the type; raise ExpressionError where the type is not declared."""
        return _nullable(self._reader(name, 0))

    def _reader(self, name: str, depth: int) -> Read:
        plain = name.rpartition(":")[2].strip()
        if plain in _SIMPLE:
            return _SIMPLE[plain]
        item = self.items.get(name) or self.items.get(plain)
        if item is None or depth > DEPTH:
            raise ExpressionError(
                "decision_type_unknown",
                "The type “{type}” is not declared; use string, number, boolean or date.",
                type=name,
            )
        return self._item(item, depth + 1)

    def _item(self, item: ItemType, depth: int) -> Read:
        if item.components:
            read = _components({part.name: _nullable(self._item(part, depth + 1)) for part in item.components})
        else:
            read = self._reader(item.type_name, depth)
        read = checked(read, item.allowed)
        return _listed(read) if item.is_list else read


def _components(fields: Mapping[str, Read]) -> Read:
    def reader(value: Value) -> Value:
        if not isinstance(value, Mapping):
            raise _unfit("mapping", value)
        return {**value, **{name: read(value.get(name)) for name, read in fields.items()}}

    return reader


def _listed(read: Read) -> Read:
    entry = _nullable(read)
    return lambda value: [entry(item) for item in value] if isinstance(value, list | tuple) else [read(value)]


def checked(read: Read, allowed: Cell | None) -> Read:
    """Give the reader that also refuses what is not among the allowed values."""
    if allowed is None or not allowed.text:
        return read
    fits = compile_tests(allowed.text).evaluate

    def reader(value: Value) -> Value:
        plain = read(value)
        if plain is not None and fits({"?": plain}) is not True:
            raise ExpressionError(
                "decision_allowed", "The value is none of the allowed: {allowed}.", allowed=allowed.text
            )
        return plain

    return reader


def read_input(name: str, read: Read, value: Value) -> Value:
    """Read one input; the refusal names it but never tells its value, which may be personal."""
    try:
        return read(value)
    except ExpressionError as refusal:
        raise ExpressionError(
            "decision_input", "“{name}” does not fit: {why}", name=name, why=refusal.message
        ) from None
    except Invalid as refusal:
        raise from_message(refusal.message) from None
