"""A parallel join must get one token on each of its ways: which joins would starve, and which would get one twice."""

from __future__ import annotations

from collections import Counter

from engine.execution.compiler.code import Does, NodeCode
from engine.execution.machine.state import Scope, State

Faults = set[tuple[int, str]]


def unbalanced(state: State) -> Faults:
    """Give the parallel joins, by scope and id, that lack a token on some way or may get two on one."""
    return {
        (scope.id, join.id)
        for scope in state.scopes.values()
        for join in _joins(scope)
        if starves(scope, join) or _is_doubled(scope, join)
    }


def _joins(scope: Scope) -> list[NodeCode]:
    nodes = scope.process.nodes
    found = (nodes[index] for index in scope.process.reaches)
    return [node for node in found if node.does is Does.PARALLEL and node.needs == 1]


def starves(scope: Scope, join: NodeCode) -> bool:
    """Whether something has come or may still come to the join, and on another of its ways nothing ever can."""
    came = scope.joins.get(join.index, {})
    places = sum(1 << index for index in {token.node.index for token in scope.tokens.values()} | _others(scope, join))
    ways = list(zip(join.incoming, scope.process.reaches[join.index], strict=True))
    hopes = [flow in came or bool(mask & places) for flow, mask in ways]
    return any(hopes) and not all(hopes)


def _others(scope: Scope, join: NodeCode) -> set[int]:
    """Other joins that hold tokens send one on when they fire."""
    return {index for index in scope.joins if index != join.index}


def _is_doubled(scope: Scope, join: NodeCode) -> bool:
    """A token before the split brings one on several ways; nothing else may come on these."""
    masks = scope.process.reaches[join.index]
    places = [token.node.index for token in scope.tokens.values()]
    came = scope.joins.get(join.index, {})
    reached = Counter(frozenset(i for i, mask in enumerate(masks) if mask >> place & 1) for place in places)
    reached.update(frozenset({i}) for i, flow in enumerate(join.incoming) if flow in came)
    return any(
        len(one) > 1 and (count > 1 or any(one & other for other in reached if other != one))
        for one, count in reached.items()
    )
