"""Comparisons: equality, order and between; quick where a side is written out."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.comparing import ORDERINGS, equal
from engine.execution.feel.evaluation import Evaluation, Frame, Run
from engine.execution.feel.tree import Literal, Node
from engine.execution.feel.values import NUMBERS

_SIGNS: dict[str, Callable[[Any, Any], object]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def unequal(left: object, right: object, evaluation: Evaluation | None = None) -> bool | None:
    """Compare two values; null where they are of two kinds."""
    answer = equal(left, right, evaluation)
    return None if answer is None else not answer


def build_comparison(sign: str, left: Run, right: Run, written: Node) -> Run:
    """Give the function that compares; with a written-out value at the right it is quick."""
    wanted = written.value if isinstance(written, Literal) else None
    kinds = NUMBERS if type(wanted) in NUMBERS else frozenset({type(wanted)})
    if sign in _SIGNS:
        if not isinstance(wanted, str) and type(wanted) not in NUMBERS:
            return joined(left, right, ORDERINGS[sign])
        return _ordered(left, wanted, sign, kinds)
    action = equal if sign == "=" else unequal
    if not isinstance(wanted, str | bool) and type(wanted) not in NUMBERS:
        return _equality(left, right, action)
    positive = sign == "="

    def evaluate(frame: Frame) -> object:
        value = left(frame)
        if type(value) in kinds:
            return (value == wanted) is positive
        return action(value, wanted, None)

    return evaluate


def _equality(left: Run, right: Run, action: Callable[[object, object, Evaluation], bool | None]) -> Run:
    def evaluate(frame: Frame) -> object:
        first, second = left(frame), right(frame)
        try:
            return action(first, second, frame.evaluation)
        except ExpressionError as problem:
            return frame.evaluation.note(problem)

    return evaluate


def _ordered(left: Run, wanted: object, sign: str, kinds: frozenset[type]) -> Run:
    quick, slow = _SIGNS[sign], ORDERINGS[sign]

    def evaluate(frame: Frame) -> object:
        value = left(frame)
        if type(value) in kinds:
            return quick(value, wanted)
        try:
            return slow(value, wanted)
        except ExpressionError as problem:
            return frame.evaluation.note(problem)

    return evaluate


def build_between(item: Run, low: Run, high: Run) -> Run:
    """Give the function of `between`, whose ends are included."""
    above, below = ORDERINGS[">="], ORDERINGS["<="]

    def evaluate(frame: Frame) -> object:
        value, least, most = item(frame), low(frame), high(frame)
        try:
            over, under = above(value, least), below(value, most)
        except ExpressionError as problem:
            return frame.evaluation.note(problem)
        if over is False or under is False:
            return False
        return True if over and under else None

    return evaluate


def joined(left: Run, right: Run, action: Callable[[object, object], object]) -> Run:
    """Give the function that joins two values; what cannot be joined is a problem."""

    def evaluate(frame: Frame) -> object:
        first, second = left(frame), right(frame)
        try:
            return action(first, second)
        except ExpressionError as problem:
            return frame.evaluation.note(problem)

    return evaluate
