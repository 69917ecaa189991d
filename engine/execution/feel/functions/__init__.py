"""FEEL's own functions by name: pure, bounded, and null with a problem for what they cannot take."""

from __future__ import annotations

from engine.execution.feel.functions.aggregates import AGGREGATES
from engine.execution.feel.functions.builtin import BuiltIn, by_name
from engine.execution.feel.functions.contexts import CONTEXTS
from engine.execution.feel.functions.conversions import CONVERSIONS
from engine.execution.feel.functions.intervals import INTERVALS
from engine.execution.feel.functions.lists import LISTS
from engine.execution.feel.functions.moments import MOMENTS
from engine.execution.feel.functions.numbers import NUMERIC
from engine.execution.feel.functions.texts import TEXTS

__all__ = ["BUILT_IN", "BuiltIn"]

BUILT_IN: dict[str, BuiltIn] = by_name(
    (*CONVERSIONS, *TEXTS, *NUMERIC, *LISTS, *AGGREGATES, *MOMENTS, *INTERVALS, *CONTEXTS)
)
