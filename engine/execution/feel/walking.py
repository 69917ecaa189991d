"""Goes through a tree without recursion: all its nodes, how deep it is, and which names it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from engine.execution.feel.tree import ContextOf, Filter, FunctionOf, Loop, Name, Node, Quantified


def children(node: Node) -> Iterator[Node]:
    """Give the nodes right below, in the order of the text."""
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, tuple):
            yield from value
        elif isinstance(value, Node):
            yield value


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Give every node once with its depth, the first having 1."""
    stack = [(node, 1)]
    while stack:
        current, depth = stack.pop()
        yield current, depth
        stack.extend((child, depth + 1) for child in children(current))


def depth_of(node: Node) -> int:
    """Give how many nodes lie on top of each other at most."""
    return max(depth for _, depth in walk(node))


def free_names(node: Node) -> frozenset[str]:
    """Give the names that are read from outside: not those of loops, parameters, earlier entries or `item`."""
    found: set[str] = set()
    stack: list[tuple[Node, frozenset[str]]] = [(node, frozenset())]
    while stack:
        current, bound = stack.pop()
        if isinstance(current, Name):
            if current.name not in bound:
                found.add(current.name)
        else:
            stack.extend(_with_bound(current, bound))
    return frozenset(found)


def _with_bound(node: Node, bound: frozenset[str]) -> Iterator[tuple[Node, frozenset[str]]]:
    match node:
        case Loop(iterators, body) | Quantified(_, iterators, body):
            for iterator in iterators:
                yield iterator.source, bound
                bound = bound | {iterator.name}
            yield body, bound | {"partial"}
        case FunctionOf(parameters, body):
            yield body, bound | {parameter.name for parameter in parameters}
        case ContextOf(entries):
            for entry in entries:
                yield entry.value, bound
                bound = bound | {entry.key}
        case Filter(base, condition):
            yield base, bound
            yield condition, bound | {"item"}
        case _:
            for child in children(node):
                yield child, bound
