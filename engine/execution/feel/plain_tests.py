"""Cells that are only values and ranges, for tables that look rules up and checks that look for gaps and overlaps."""

from __future__ import annotations

from dataclasses import dataclass

from engine.execution.feel.building import Builder
from engine.execution.feel.evaluation import Evaluation, Frame
from engine.execution.feel.tree import (
    Anything,
    Argument,
    Call,
    ListOf,
    Literal,
    Name,
    Negation,
    Node,
    RangeOf,
    Test,
    Tests,
)
from engine.execution.feel.values import FeelRange
from engine.execution.feel.walking import walk

_READERS = frozenset({"date", "time", "date and time", "duration"})


@dataclass(frozen=True, slots=True)
class PlainTests:
    """What a cell accepts: these values and what lies in these ranges, or everything else where it is negated.

    A test by a sign is a range with one end; an end that is null is without bound.
    """

    values: tuple[object, ...]
    ranges: tuple[FeelRange, ...]
    negated: bool = False
    anything: bool = False


def plain_tests(tree: Tests | Anything) -> PlainTests | None:
    """Give the values and ranges of a cell; nothing where it asks for more than that."""
    if isinstance(tree, Anything):
        return PlainTests((), (), anything=True)
    values: list[object] = []
    ranges: list[FeelRange] = []
    anything = False
    for node in tree.tests:
        found = _plain(node)
        if found is None:
            return None
        anything = anything or isinstance(found, Anything)
        values += found if isinstance(found, list) else []
        ranges += [found] if isinstance(found, FeelRange) else []
    return PlainTests(tuple(values), tuple(ranges), tree.negated, anything)


def _plain(node: Node) -> list[object] | FeelRange | Anything | None:
    """Give the values of one test, its range, or nothing."""
    match node:
        case Anything():
            return node
        case Test(sign, operand) if sign != "!=" and is_constant(operand):
            return _by_sign(sign, constant(operand))
        case RangeOf(low, high) if is_constant(low) and is_constant(high):
            ends = constant(low), constant(high)
            return FeelRange(*ends, node.low_closed, node.high_closed)
        case ListOf(items) if all(is_constant(item) and not isinstance(item, ListOf) for item in items):
            return [constant(item) for item in items]
        case _ if is_constant(node) and not isinstance(node, ListOf):
            return [constant(node)]
        case _:
            return None


def _by_sign(sign: str, end: object) -> list[object] | FeelRange | None:
    if sign == "=":
        return [end]
    if end is None:
        return None
    closed = sign.endswith("=")
    if sign.startswith("<"):
        return FeelRange(None, end, low_closed=False, high_closed=closed)
    return FeelRange(end, None, low_closed=closed, high_closed=False)


def is_constant(node: Node) -> bool:
    """Say whether a node is written-out values only, dates and durations by their functions included."""
    return all(_is_constant_part(found) for found, _ in walk(node))


def _is_constant_part(node: Node) -> bool:
    if isinstance(node, Name):
        return node.name in _READERS
    if isinstance(node, Call):
        return isinstance(node.function, Name)
    return isinstance(node, Literal | Negation | ListOf | Argument)


def constant(node: Node) -> object:
    """Give the value of a node that `is_constant`."""
    return Builder(border=False).build(node)(Frame({}, None, Evaluation()))
