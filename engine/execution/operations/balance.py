"""A join must get one token on each of its ways: which parallel joins would starve, and which joins would get one twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.execution.compiler.code import Does, NodeCode
from engine.execution.machine.state import Scope, State

Faults = set[tuple[int, str, int]]
"""Scope, join, and the way that gets two; STARVED where another way gets none."""

STARVED = -1
Ways = frozenset[int]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is that a join may get: at a node, or on one way of a half-filled join."""

    node: int
    way: int = -1


def unbalanced(state: State) -> Faults:
    """Give the joins that lack a token on some way or may get two on one."""
    found: Faults = set()
    for scope in state.scopes.values():
        joins = [scope.process.nodes[index] for index in scope.process.reaches]
        joins = [join for join in joins if join.needs == 1]
        spots = list(_spots(scope))
        found |= {(scope.id, join.id, STARVED) for join in joins if starves(scope, join)}
        found |= {(scope.id, join.id, way) for join in joins for way in _doubled(scope, join, joins, spots)}
    return found


def starves(scope: Scope, join: NodeCode) -> bool:
    """Whether something has come or may still come to the join, and on another of its ways nothing ever can."""
    if join.does is not Does.PARALLEL:
        return False  # the others go on with what has come
    came = scope.joins.get(join.index, {})
    others = {index for index in scope.joins if index != join.index}  # they send a token on when they fire
    places = sum(1 << index for index in {token.node.index for token in scope.tokens.values()} | others)
    ways = zip(join.incoming, scope.process.reaches[join.index], strict=True)
    hopes = [flow in came or bool(mask & places) for flow, mask in ways]
    return any(hopes) and not all(hopes)


def _spots(scope: Scope) -> Iterator[Spot]:
    for token in scope.tokens.values():
        yield Spot(token.node.index)
    for index, counts in scope.joins.items():
        incoming = scope.process.nodes[index].incoming
        for flow, count in counts.items():
            yield from [Spot(index, incoming.index(flow))] * count


def _doubled(scope: Scope, join: NodeCode, joins: list[NodeCode], spots: list[Spot]) -> Iterator[int]:
    """The ways on which two may come that no other join brings together before."""
    masks = scope.process.reaches[join.index]
    reaching = [(spot, _ways(scope, join, spot)) for spot in spots]
    for way in range(len(masks)):
        coming = [spot for spot, ways in reaching if way in ways]
        between = [each for each in joins if each is not join and masks[way] >> each.index & 1]
        if any(
            not any(_meet(scope, each, one, other) for each in between)
            for place, one in enumerate(coming)
            for other in coming[place + 1 :]
        ):
            yield way


def _meet(scope: Scope, join: NodeCode, one: Spot, other: Spot) -> bool:
    """Whether the join gets them on different ways, so that one token goes on."""
    first, second = _ways(scope, join, one), _ways(scope, join, other)
    return bool(first) and bool(second) and not first & second


def _ways(scope: Scope, join: NodeCode, spot: Spot) -> Ways:
    """The ways by which what is at the spot may come to the join."""
    if spot.way >= 0 and spot.node == join.index:
        return frozenset({spot.way})
    masks = scope.process.reaches[join.index]
    return frozenset(way for way, mask in enumerate(masks) if mask >> spot.node & 1)
