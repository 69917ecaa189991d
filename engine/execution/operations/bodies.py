"""Which element lies inside which, and what can be reached from where, of one flat process."""

from __future__ import annotations

from engine.execution.compiler.code import NodeCode, ProcessCode
from engine.execution.machine.state import Scope, ScopeKind

TOP = -1
"""The body of the process itself."""

_THROUGH = frozenset({ScopeKind.BODY, ScopeKind.ITEM, ScopeKind.LOOP, ScopeKind.UNDO})
_UNDOING = frozenset({ScopeKind.UNDO, ScopeKind.RESTORED})


def containers(process: ProcessCode) -> list[int]:
    """Give for every node the subprocess that it lies in, or TOP."""
    found = [TOP] * len(process.nodes)
    for node in process.nodes:
        if node.source.body is not None:
            for inner in node.source.body.nodes:
                found[process.by_id[inner.id].index] = node.index
    return found


def container_of(scope: Scope) -> int:
    """Give the subprocess whose elements the scope's tokens stand at, or TOP."""
    current = scope
    while current.kind in _THROUGH and current.parent is not None:
        current = current.parent
    return TOP if current.kind in (ScopeKind.ROOT, ScopeKind.CALL) or current.node is None else current.node.index


def way_in(process: ProcessCode, node: NodeCode, around: int) -> list[NodeCode] | None:
    """Give the subprocesses between a body and a node inside it, outermost first; None where it lies elsewhere."""
    inside = containers(process)
    way: list[NodeCode] = []
    current = inside[node.index]
    while current != around:
        if current == TOP:
            return None
        way.insert(0, process.nodes[current])
        current = inside[current]
    return way


def downstream(process: ProcessCode, start: NodeCode) -> set[int]:
    """Give all nodes that a token at the start may come to in its body; the start only where a loop leads back."""
    found: set[int] = set()
    pending = [start.index]
    while pending:
        node = process.nodes[pending.pop()]
        following = [flow.target for flow in node.outgoing] + list(node.boundaries)
        for index in [*following, node.links] if node.links >= 0 else following:
            if index not in found:
                found.add(index)
                pending.append(index)
    return found


def is_undoing(scope: Scope) -> bool:
    """Whether what was done is being made undone in or around the scope."""
    current: Scope | None = scope
    while current is not None:
        if current.kind in _UNDOING:
            return True
        current = current.holder.scope if current.holder is not None else None
    return False
