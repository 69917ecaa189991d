"""A process that comes back to itself by its calls ends only where some way avoids them (100 deep is an incident, R24)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.definitions.standard.diagram import Diagram, Level
from engine.model.bpmn import Node
from engine.model.errors import Finding, Message, Severity


def calls_end(diagrams: Sequence[Diagram]) -> Iterator[Finding]:
    """Warn of calls that lead back to their own process: surely endless where every way goes through them."""
    calls = [
        (level, node)
        for diagram in diagrams
        for level in diagram.levels()
        if level.runs
        for node in level.body.nodes
        if node.call
    ]
    leads: dict[str, set[str]] = {}
    for level, node in calls:
        leads.setdefault(level.process.id, set()).add(_called(node))
    for level, node in calls:
        if level.process.id not in _reached(_called(node), leads):
            continue
        params: dict[str, object] = {"called": _called(node), "process": level.process.id}
        surely = level.owner is None and not _avoidable(level, node)
        yield level.diagram.fault(
            node,
            Message("call_circle", "Calling “{called}” leads back to “{process}”; only a depth of 100 ends it.", params)
            if surely
            else Message("call_again", "Calling “{called}” leads back to “{process}”.", params),
            Message("call_circle_remedy", "Draw a way past the call that is taken at last."),
            Severity.WARNING if surely else Severity.INFORMATION,
        )


def _called(node: Node) -> str:
    return node.call.process if node.call is not None else ""


def _reached(start: str, leads: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    pending = [start]
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            pending += leads.get(name, ())
    return seen


def _avoidable(level: Level, call: Node) -> bool:
    """True where a token can come from the beginning to an end without this call."""
    pending = [node for node in level.body.nodes if not node.incoming and node.id != call.id]
    seen = {call.id}
    while pending:
        node = pending.pop()
        if node.id in seen:
            continue
        seen.add(node.id)
        if not node.outgoing:
            return True
        pending += [level.by_id[flow.target] for flow in level.outgoing(node) if flow.target in level.by_id]
    return False
