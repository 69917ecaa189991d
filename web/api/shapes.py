"""The parts of JSON Schema 2020-12 from which the calls are described."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]  # a JSON Schema is JSON of any form

PLACE = "#/components/schemas/"


def text(most: int = 200, *, least: int = 0, about: str = "") -> Schema:
    """Text of `least` to `most` characters."""
    return _described({"type": "string", "maxLength": most, **({"minLength": least} if least else {})}, about)


def choice(*values: str, about: str = "") -> Schema:
    """One of some texts."""
    return _described({"type": "string", "enum": list(values)}, about)


def number(about: str = "", *, least: int = 0) -> Schema:
    """A whole number."""
    return _described({"type": "integer", "minimum": least}, about)


def flag(about: str = "") -> Schema:
    """True or false."""
    return _described({"type": "boolean"}, about)


def day(about: str = "") -> Schema:
    """A date as 2026-03-02."""
    return _described({"type": "string", "format": "date"}, about)


def moment(about: str = "") -> Schema:
    """A time with its offset."""
    return _described({"type": "string", "format": "date-time"}, about)


def amount_given(about: str = "") -> Schema:
    """An amount of money that a program sends, as text or as a number."""
    pair: list[Schema] = [{"type": "string", "format": "decimal"}, {"type": "number", "minimum": 0}]
    return _described({"anyOf": pair}, about or "Money, exact: “12.50”.")


def amount_told(about: str = "") -> Schema:
    """An amount of money that a program gets: text, so that nothing is rounded on the way."""
    return _described({"type": "string", "format": "decimal"}, about)


def some(name: str) -> Schema:
    """What is described under a name."""
    return {"$ref": PLACE + name}


def many(schema: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": schema}


def maybe(schema: Schema) -> Schema:
    """That, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def anything(about: str) -> Schema:
    """An object with names that this description does not know."""
    return {"type": "object", "description": about}


def record(properties: Mapping[str, Schema], *, needed: tuple[str, ...] | None = None) -> Schema:
    """An object of exactly these fields; all are needed unless it is said which."""
    required = list(properties) if needed is None else list(needed)
    return {
        "type": "object",
        "properties": dict(properties),
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _described(schema: Schema, about: str) -> Schema:
    return {**schema, "description": about} if about else schema
