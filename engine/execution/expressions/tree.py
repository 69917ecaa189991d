"""The one tree that Python's subset and plain JUEL are read into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from engine.execution.expressions.errors import NESTING_LIMIT, too_deep
from engine.model.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that the text itself gives."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """A variable; unknown ones are null."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`base.key` and `base["key"]`."""

    base: Node
    key: Node


@dataclass(frozen=True, slots=True)
class Not:
    """True for false, false for true, else null."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """Three-valued; `conjunction` says and, else or."""

    conjunction: bool
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`sign` is one of == != < <= > >=."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """`a < b < c`: each side is evaluated once, neighbours are compared."""

    signs: tuple[str, ...]
    sides: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """`item in container`: a list's entry, a text's part, a mapping's key."""

    item: Node
    container: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`sign` is one of + - * / // %."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choice:
    """`then` where the condition is true, else `otherwise`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MappingOf:
    """A mapping written out."""

    items: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One of the known pure functions."""

    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = (
    Literal
    | Name
    | Member
    | Not
    | Logic
    | Comparison
    | Chain
    | Membership
    | Arithmetic
    | Choice
    | ListOf
    | MappingOf
    | Call
)


def children(node: Node) -> tuple[Node, ...]:
    """Give the nodes right below, in the order of the text."""
    match node:
        case Literal() | Name():
            return ()
        case Member(base, key):
            return (base, key)
        case Not(operand):
            return (operand,)
        case Logic(_, operands) | Chain(_, operands):
            return operands
        case Comparison(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Membership(item, other):
            return (item, other)
        case Choice(condition, then, otherwise):
            return (condition, then, otherwise)
        case ListOf(items) | Call(_, items):
            return items
        case MappingOf(pairs):
            return tuple(value for _, value in pairs)


def walk(node: Node) -> Iterator[Node]:
    """Give every node once; raise ExpressionError where the tree is too deep."""
    stack = [(node, 1)]
    while stack:
        current, depth = stack.pop()
        if depth > NESTING_LIMIT:
            raise too_deep()
        yield current
        stack.extend((child, depth + 1) for child in children(current))


def names_of(node: Node) -> frozenset[str]:
    """Give the variables that the tree reads."""
    return frozenset(found.name for found in walk(node) if isinstance(found, Name)) - {"?"}
