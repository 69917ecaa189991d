"""R7 asks where a token could still come from; the answer is worked out once, as bit sets over the nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.execution.compiler.code import Does, NodeCode

JOINING = frozenset({Does.PARALLEL, Does.INCLUSIVE, Does.COMPLEX})


def reaches_of(nodes: Sequence[NodeCode]) -> Mapping[int, tuple[int, ...]]:
    """For every join: for each incoming flow, the nodes that have a path to it which avoids the join.

    Boundary flows and link pairs are paths. One backward walk per incoming flow, without recursion.
    """
    before = _predecessors(nodes)
    sources = {flow.id: flow.source for node in nodes for flow in node.outgoing}
    return {
        node.index: tuple(_walk_back(sources[flow], node.index, before) for flow in node.incoming)
        for node in nodes
        if node.joins
    }


def _predecessors(nodes: Sequence[NodeCode]) -> list[list[int]]:
    before: list[list[int]] = [[] for _ in nodes]
    for node in nodes:
        for flow in node.outgoing:
            before[flow.target].append(node.index)
        for boundary in node.boundaries:
            before[boundary].append(node.index)
        if node.links >= 0:
            before[node.links].append(node.index)
    return before


def _walk_back(start: int, avoid: int, before: list[list[int]]) -> int:
    if start == avoid:
        return 0
    seen = 1 << start
    pending = [start]
    while pending:
        for previous in before[pending.pop()]:
            bit = 1 << previous
            if previous != avoid and not seen & bit:
                seen |= bit
                pending.append(previous)
    return seen
