"""A column's form follows from the field's type: times as microseconds, days and decimals as text, the rest as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_origin

from engine.model.values import canonical_json, from_canonical
from engine.model.zones import from_microseconds, to_microseconds

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Codec:
    """How a field is written and read, and how a value is made that a row would be read with; None means: as it is.

    NULL is read as None without being asked for, and None written as NULL where the field is `optional`. What is of the
    type `settled`, if there is one, is already as a row would be read with; so is None.
    """

    write: Convert | None = None
    read: Convert | None = None
    as_read: Convert | None = None
    settled: type | None = None
    optional: bool = False


def codec_of(annotation: Any, *, nullable: bool) -> Codec:
    """Give the codec of a field's type; raise TypeError for a type that no column holds."""
    kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
    optional = type(None) in get_args(annotation)
    plain = kinds[0] if optional and len(kinds) == 1 else annotation
    if plain is date:
        return _day(nullable=nullable)
    return replace(_plain_codec(plain), optional=optional)


def _plain_codec(kind: Any) -> Codec:
    if kind is str or kind is int or kind is bytes:
        return Codec()
    if kind is bool:
        return Codec(int, bool)
    if kind is datetime:
        return Codec(to_microseconds, from_microseconds, _in_utc)
    if kind is Decimal:
        return Codec(str, Decimal)
    if kind is object or get_origin(kind) in (Mapping, dict):
        return Codec(_object_text, _object, _plain_copy)
    if get_origin(kind) in (Sequence, tuple, list):
        return Codec(_list_text, _tuple, _tuple_copy)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Codec(str, {str(member): member for member in kind}.__getitem__, kind, settled=kind)
    raise TypeError(f"no column holds a {kind!r}")


_AS_THEY_ARE = frozenset({str, int, float, bytes, type(None)})
_TEXTS = frozenset({str})


def plain(value: object) -> object:
    """Give a value of a condition as the column holds it, by the value's own type."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return to_microseconds(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | Enum):
        return str(value)
    if isinstance(value, Mapping | list | tuple):
        return canonical_json(value)
    return value


def _day(*, nullable: bool) -> Codec:
    """A day that is not known is NULL where the column allows it, else empty text."""
    absent = None if nullable else ""
    return Codec(
        lambda day: absent if day is None else day.isoformat(), lambda text: date.fromisoformat(text) if text else None
    )


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _plain_copy(value: object) -> object:
    return from_canonical(canonical_json(value)) if value else value


def _tuple_copy(items: Sequence[object]) -> tuple[object, ...]:
    if not items or _TEXTS.issuperset(map(type, items)):
        return tuple(items)
    return _tuple(canonical_json(items))


def _object_text(value: object) -> str:
    return "{}" if value == {} else canonical_json(value)


def _object(text: str) -> object:
    return {} if text == "{}" else from_canonical(text)


def _list_text(items: Sequence[object]) -> str:
    return canonical_json(items) if items else "[]"


def _tuple(text: str) -> tuple[object, ...]:
    if text == "[]":
        return ()
    items = from_canonical(text)
    return tuple(items) if isinstance(items, list) else ()
