"""What a decision gave as JSON has it: numbers as numbers wherever that loses nothing, else as text; dates as ISO text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from engine.execution.decisions.results import DecisionResult
from engine.execution.feel.showing import text_of
from engine.model.values import duration_text, iso_text

Json = dict[str, object]
_EXACT: Final = 2**53


def in_json(value: object) -> object:
    """Give a value of FEEL or of the engine as JSON has it."""
    match value:
        case None | bool() | str() | float():
            return value
        case int() | Decimal():
            return _number(Decimal(value))
        case Mapping():
            return {str(key): in_json(item) for key, item in value.items()}
        case list() | tuple():
            return [in_json(item) for item in value]
        case datetime() | date() | time():
            return iso_text(value)
        case timedelta():
            return duration_text(value)
        case _:
            return text_of(value)


def _number(value: Decimal) -> int | float | str:
    if value == value.to_integral_value() and abs(value) < _EXACT:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def explained(result: DecisionResult) -> Json:
    """Give a result with what it was told and the rules that fired."""
    return {
        "value": in_json(result.value),
        "inputs": in_json(result.inputs),
        "fired": [in_json(rule) for rule in result.fired],
    }
