"""The values of processes: text, numbers, yes/no, dates, times, durations, lists and mappings, all bounded and saved with their type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from engine.model.errors import Invalid
from engine.model.json_text import read_json, writer

Value: TypeAlias = object
"""None, bool, int, Decimal, str, date, time, datetime, timedelta, Months, list or dict of these; `normalise` holds it."""

TEXT_BYTES = 65_536
DIGITS = 34
ITEMS = 65_536
DEPTH = 100
_LARGEST = 10**DIGITS
_IDLE_ZEROS = re.compile(r"(\.\d*[1-9])0+(?=$|[+-])")
_ISO_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?P<clock>T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)(?:[.,](?P<fraction>\d{1,6})\d*)?S)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A duration of whole calendar months, which has no fixed number of days."""

    count: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.count), 12)
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.count < 0 else "") + "P" + (parts or "0M")


_FIXED = (bool, date, time, timedelta, Months)
_PLAIN = frozenset({type(None), datetime, *_FIXED})
_Container: TypeAlias = Mapping[object, object] | list[object] | tuple[object, ...]
_CONTAINERS = (dict, list, tuple, Mapping)  # what is asked of an abstract class is asked last, for it costs most


def normalise(value: object, where: str = "value") -> Value:
    """Give the value with floats as decimals and tuples as lists; raise Invalid where it is no value or out of bounds."""
    if _is_as_it_is(value):
        return value
    if type(value) is int or type(value) is Decimal:
        return bounded_number(value, where)
    return _normalise(value, where, 0, [ITEMS])


def _is_as_it_is(value: object) -> bool:
    """Whether there is nothing to look at; by far the most values are so."""
    kind = type(value)
    return kind in _PLAIN or (kind is str and len(value) <= TEXT_BYTES and value.isascii())  # type: ignore[arg-type, attr-defined]  # a str by its type


def bounded(value: object, where: str = "value") -> object:
    """Give a computed value back; raise Invalid where it is a list or a map that is out of bounds, however often it holds itself."""
    return normalise(value, where) if isinstance(value, list | tuple | Mapping) else value


def _normalise(value: object, where: str, depth: int, left: list[int]) -> Value:
    """`left` counts down the entries of all levels together, so that lists of the same lists cannot outgrow the limit."""
    if isinstance(value, str):
        return _bounded_text(value, where)
    if isinstance(value, _CONTAINERS):
        return _normalise_entries(value, where, depth, left)
    if value is None or isinstance(value, _FIXED):
        return value
    if isinstance(value, int | float | Decimal):
        return bounded_number(Decimal(str(value)) if isinstance(value, float) else value, where)
    raise _no_value(value, where)


def _no_value(value: object, where: str) -> Invalid:
    kind = type(value).__name__
    return Invalid("value_kind", "“{where}” is a {kind}, which no process variable can be.", where=where, kind=kind)


def _normalise_entries(value: _Container, where: str, depth: int, left: list[int]) -> Value:
    left[0] -= len(value)
    if depth >= DEPTH:
        raise Invalid("value_too_deep", "“{where}” is nested deeper than {limit} levels.", where=where, limit=DEPTH)
    if left[0] < 0:
        raise Invalid("value_too_many", "“{where}” has more than {limit} entries.", where=where, limit=ITEMS)
    if type(value) is dict or isinstance(value, Mapping):
        return {
            key if type(key) is str and len(key) <= TEXT_BYTES and key.isascii() else _key(key, where): item
            if _is_as_it_is(item)
            else _normalise(item, f"{where}.{key}", depth + 1, left)
            for key, item in value.items()
        }
    return [
        item if _is_as_it_is(item) else _normalise(item, f"{where}.{index}", depth + 1, left)
        for index, item in enumerate(value)
    ]


def _key(key: object, where: str) -> str:
    if not isinstance(key, str):
        raise Invalid("value_key", "“{where}” has the key {key}, but keys are texts.", where=where, key=repr(key))
    return _bounded_text(key, where)


def _bounded_text(text: str, where: str) -> str:
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        raise Invalid("value_not_text", "“{where}” holds characters that are no text.", where=where) from None
    if size > TEXT_BYTES:
        raise Invalid("value_too_long", "“{where}” is longer than {limit} bytes.", where=where, limit=TEXT_BYTES)
    return text


def bounded_number(number: int | Decimal, where: str = "value") -> int | Decimal:
    """Give the number back; raise Invalid where it is not finite or has more than 34 digits."""
    if isinstance(number, int):
        fits = -_LARGEST < number < _LARGEST
    else:
        few = len(str(number)) <= DIGITS or len(number.as_tuple().digits) <= DIGITS  # a text shows all digits
        fits = few and number.is_finite() and -6176 <= number.adjusted() <= 6144
    if not fits:
        raise Invalid("value_number", "“{where}” is no number of at most {limit} digits.", where=where, limit=DIGITS)
    return number


def duration_text(duration: timedelta) -> str:
    """Write days, hours, minutes and seconds as ISO 8601 text, `PT0S` for none."""
    micros = duration // timedelta(microseconds=1)
    seconds, fraction = divmod(abs(micros), 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    tail = (f".{fraction:06d}".rstrip("0") if fraction else "") if seconds or fraction else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{tail}S" if seconds or fraction else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if micros < 0 else "") + "P" + (text or "T0S")


def iso_text(value: date | time) -> str:
    """Write a date, time or moment as ISO 8601 text, without idle digits and with `Z` for UTC."""
    text = value.isoformat()
    if isinstance(value, datetime | time):
        text = _IDLE_ZEROS.sub(r"\1", text)
        text = text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
    return text


def read_duration(text: str) -> timedelta | Months:
    """Read an ISO 8601 duration; years and months alone give Months, the rest timedelta; Invalid where both are mixed."""
    found = _ISO_DURATION.fullmatch(text.strip())
    if not found or text.rstrip().endswith(("P", "T")):
        raise Invalid("value_duration", "“{text}” is no duration; write P3D, PT4H or P1Y6M.", text=text)
    part = {name: int(found[name] or 0) for name in ("years", "months", "weeks", "days", "hours", "minutes", "seconds")}
    calendar = bool(found["years"] or found["months"])
    if calendar and (found["weeks"] or found["days"] or found["clock"]):
        raise Invalid("value_duration_mixed", "“{text}” mixes months with days, whose sum has no length.", text=text)
    sign = -1 if found["sign"] else 1
    if calendar:
        return Months(sign * (part["years"] * 12 + part["months"]))
    micros = int((found["fraction"] or "").ljust(6, "0"))
    try:
        return sign * timedelta(
            weeks=part["weeks"],
            days=part["days"],
            hours=part["hours"],
            minutes=part["minutes"],
            seconds=part["seconds"],
            microseconds=micros,
        )
    except OverflowError:
        raise Invalid("value_duration_long", "“{text}” is longer than any calendar.", text=text) from None


def _read_decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None


_READERS: dict[str, Callable[[str], Value]] = {
    "$d": _read_decimal,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$at": datetime.fromisoformat,
    "$dur": read_duration,
    "$ym": read_duration,
}
_PLAIN_IN_JSON = frozenset({str, int, bool, type(None)})
_TAGGED: Mapping[type, Callable[[Any], dict[str, str]]] = {  # Any: a value of the kind that stands before it
    Decimal: lambda value: {"$d": str(value)},
    datetime: lambda value: {"$at": value.isoformat()},
    date: lambda value: {"$date": value.isoformat()},
    time: lambda value: {"$time": value.isoformat()},
    timedelta: lambda value: {"$dur": duration_text(value)},
    Months: lambda value: {"$ym": str(value)},
    float: lambda value: {"$d": str(value)},
}
_COUNTED = frozenset(_TAGGED) - {float}
_NOT_COUNTED = -(10**9)


def to_tagged(value: Value) -> object:
    """Give the JSON form: kinds that JSON lacks are one-key objects such as `{"$d": "1.50"}`; user keys in `$` are doubled."""
    kind = type(value)
    if kind in _PLAIN_IN_JSON:
        return value
    if kind in _TAGGED:
        return _TAGGED[kind](value)
    if kind is dict or isinstance(value, Mapping):
        return {
            f"${key}" if key.startswith("$") else key: item if type(item) in _PLAIN_IN_JSON else to_tagged(item)
            for key, item in value.items()  # type: ignore[attr-defined]  # a dict by its type
        }
    if isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [item if type(item) in _PLAIN_IN_JSON else to_tagged(item) for item in value]
    for known in kind.__mro__:
        if known in _TAGGED:
            return _TAGGED[known](value)
    raise _no_value(value, "value")


def from_tagged(value: object) -> Value:
    """Give the value back from its JSON form; Invalid where a tag is unknown or its text does not fit."""
    kind = type(value)
    if kind in _PLAIN_IN_JSON:
        return value
    if isinstance(value, dict):
        if len(value) == 1:
            [(key, text)] = value.items()
            if key[:1] == "$" != key[1:2]:
                return _from_tag(key, text)
        return {
            key[1:] if key[:2] == "$$" else key: item if type(item) in _PLAIN_IN_JSON else from_tagged(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [item if type(item) in _PLAIN_IN_JSON else from_tagged(item) for item in value]
    return Decimal(str(value)) if isinstance(value, float) else value


def _from_tag(key: str, text: object) -> Value:
    reader = _READERS.get(key)
    if reader is None or not isinstance(text, str):
        raise Invalid("value_tag", "The saved value has the unknown tag “{tag}”; a newer Makegood wrote it.", tag=key)
    try:
        return reader(text)
    except ValueError:
        raise Invalid(
            "value_tag_text", "The saved value “{text}” does not fit its tag “{tag}”.", text=text, tag=key
        ) from None


def canonical_json(value: Value) -> str:
    """Write the value as the one JSON text it has: tagged, keys sorted, no spaces; equal texts mean equal values."""
    tags = _tags_in(value)
    if tags >= 0:
        text = _written(value)
        if text.count('"$') == tags:  # none but those: no key or text of a user begins with the sign of a tag
            return text
    return _written(to_tagged(value))


def _tags_in(value: Value) -> int:
    """Count the values that need a tag; below zero where one is of a kind that is not written as it is."""
    kind = type(value)
    if kind in _PLAIN_IN_JSON:
        return 0
    if kind in _COUNTED:
        return 1
    if kind is dict:
        value = value.values()  # type: ignore[attr-defined]  # a dict by its type
    elif kind is not list:
        return _NOT_COUNTED
    if _PLAIN_IN_JSON.issuperset(map(type, value)):  # type: ignore[call-overload]  # a list or what is in a dict
        return 0
    count = 0
    for item in value:  # type: ignore[attr-defined]  # a list or what is in a dict
        if type(item) not in _PLAIN_IN_JSON:
            count += 1 if type(item) in _COUNTED else _tags_in(item)
    return count


_written = writer(to_tagged)


def from_canonical(text: str) -> Value:
    """Read what `canonical_json` wrote."""
    return from_tagged(read_json(text)) if '"$' in text else read_json(text)
