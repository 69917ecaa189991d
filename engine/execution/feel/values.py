"""The kinds of FEEL's values, and what a range is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeGuard

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.evaluation import Evaluation
from engine.execution.feel.temporal import DaysTime, FeelDate, FeelDateTime, FeelTime, YearsMonths

NUMBERS = frozenset({int, Decimal})


@dataclass(frozen=True, slots=True)
class FeelRange:
    """Values between two ends; an end that is null is open and without bound."""

    low: object
    high: object
    low_closed: bool = True
    high_closed: bool = True


class Invocable(ABC):
    """What can be called: built-in functions and those that files define; `signature` is its type."""

    __slots__ = ("name", "signature")
    name: str
    signature: object

    @abstractmethod
    def call(self, evaluation: Evaluation, values: Sequence[object]) -> object:
        """Give the result for arguments by place; null and a problem where they do not fit."""

    @abstractmethod
    def call_named(self, evaluation: Evaluation, values: Mapping[str, object]) -> object:
        """Give the result for arguments by name; null and a problem where they do not fit."""


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    Decimal: "number",
    str: "string",
    list: "list",
    tuple: "list",
    dict: "context",
    FeelDate: "date",
    FeelTime: "time",
    FeelDateTime: "date and time",
    YearsMonths: "years and months duration",
    DaysTime: "days and time duration",
    FeelRange: "range",
}


def kind_of(value: object) -> str:
    """Name the kind of a value as FEEL does; raise ExpressionError where it is none."""
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind
    if isinstance(value, Invocable):
        return "function"
    if isinstance(value, Mapping):
        return "context"
    if isinstance(value, str):
        return "string"
    raise ExpressionError("value_kind", "A {kind} is no value of an expression.", kind=type(value).__name__)


def is_number(value: object) -> TypeGuard[int | Decimal]:
    """Say whether a value is a number; true and false are none."""
    return type(value) in NUMBERS


def is_list(value: object) -> TypeGuard[list[object]]:
    """Say whether a value is a list."""
    return isinstance(value, list | tuple)


def is_context(value: object) -> TypeGuard[Mapping[str, object]]:
    """Say whether a value is a context."""
    return isinstance(value, Mapping)
