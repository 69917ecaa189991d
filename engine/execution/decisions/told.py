"""What callers tell is read by its declared type: ISO texts become dates; what does not fit is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from engine.execution.expression_errors import ExpressionError, from_message
from engine.execution.feel import temporal_text
from engine.execution.feel.border import from_engine, to_engine
from engine.execution.feel.types import (
    DATE,
    DATE_TIME,
    DAYS_TIME,
    MISFIT,
    TIME,
    YEARS_MONTHS,
    Constrained,
    ContextType,
    FeelType,
    ListType,
    Simple,
    coerced,
    conforms,
)
from engine.execution.feel.values import kind_of
from engine.model.errors import Invalid
from engine.model.values import bounded_number, normalise

Read = Callable[[object], object]

_TEXTS: dict[str, Callable[[str], object]] = {
    DATE.name: temporal_text.read_date,
    TIME.name: temporal_text.read_time,
    DATE_TIME.name: temporal_text.read_date_and_time,
    DAYS_TIME.name: temporal_text.read_duration,
    YEARS_MONTHS.name: temporal_text.read_duration,
}
_SHORT = 1_000
"""Texts up to here are within every bound."""


def reader_of(name: str, kind: FeelType) -> Read:
    """Give what reads a value of the type; refusals name the input but never tell its value, which may be personal."""
    quick = _QUICK.get(kind.name) if isinstance(kind, Simple) else None

    def read(value: object) -> object:
        if value is None:
            return None
        try:
            if quick is not None:
                known = quick(value)
                if known is not None:
                    return known
            return _read(value, kind)
        except (Invalid, ExpressionError) as refusal:
            raise ExpressionError(
                "decision_input", "“{name}” does not fit: {why}", name=name, why=from_message(refusal.message).message
            ) from None

    return read


def _quick_text(value: object) -> object:
    return value if type(value) is str and len(value) <= _SHORT else None


def _quick_number(value: object) -> object:
    if type(value) is Decimal:
        return bounded_number(value)
    return bounded_number(Decimal(value)) if type(value) is int else None


def _quick_answer(value: object) -> object:
    return value if type(value) is bool else None


_QUICK: Final[dict[str, Callable[[object], object]]] = {
    "string": _quick_text,
    "number": _quick_number,
    "boolean": _quick_answer,
}
"""What gives a value of a plain kind at once, or nothing where it has to be read."""


def _read(value: object, kind: FeelType) -> object:
    plain = _completed(read_plain(value), kind)
    given = coerced(plain, kind)
    if given is MISFIT:
        raise unfit(plain, kind)
    return given


def read_plain(value: object, name: str = "value") -> object:
    """Give any value as FEEL has it, also one that a decision gave; raise Invalid where it is none or out of bounds."""
    try:
        return from_engine(normalise(value, name))
    except Invalid as refusal:
        if refusal.code != "value_kind":
            raise
    return from_engine(normalise(to_engine(value), name))


def unfit(value: object, kind: FeelType) -> ExpressionError:
    """Say why a value is none of a type, without telling it."""
    if isinstance(kind, Constrained) and conforms(value, kind.of):
        return ExpressionError("decision_allowed", "The value is none of those that “{type}” allows.", type=kind.name)
    return ExpressionError(
        "decision_type", "A {wanted} is wanted, not a {kind}.", wanted=type_text(kind), kind=kind_of(value)
    )


def type_text(kind: FeelType) -> str:
    """Name a type to people."""
    match kind:
        case Simple(name):
            return name
        case Constrained():
            return kind.name or type_text(kind.of)
        case ListType(item):
            return f"list<{type_text(item)}>"
        case ContextType():
            return "context"
        case _:
            return "function or range"


def _completed(value: object, kind: FeelType) -> object:
    """Give the value with texts read as the dates that they are declared to be, and missing components as null."""
    while isinstance(kind, Constrained):
        kind = kind.of
    if isinstance(kind, Simple):
        return _from_text(value, kind)
    if isinstance(kind, ListType) and isinstance(value, list):
        return [_completed(item, kind.item) for item in value]
    if isinstance(kind, ListType):
        return _completed(value, kind.item)
    if isinstance(kind, ContextType) and isinstance(value, list) and len(value) == 1:
        return _completed(value[0], kind)
    if isinstance(kind, ContextType) and isinstance(value, Mapping):
        return {**value, **{name: _completed(value.get(name), part) for name, part in kind.entries.items()}}
    return value


def _from_text(value: object, kind: Simple) -> object:
    read = _TEXTS.get(kind.name)
    if isinstance(value, list) and len(value) == 1:
        return _from_text(value[0], kind)
    if not isinstance(value, str) or read is None:
        return value
    try:
        return read(value)
    except ValueError:
        raise unfit(value, kind) from None
