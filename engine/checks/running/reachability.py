"""Where a process begins, and what a token can never come to."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.diagram import Level, has
from engine.model.bpmn import EventKind, Node, NodeKind
from engine.model.errors import Finding, Message


def a_level_begins_somewhere(level: Level) -> Iterator[Finding]:
    """There is a start event, and of plain ones at most one."""
    place = level.owner or level.process
    starts = [node for node in level.body.nodes if node.kind is NodeKind.START_EVENT]
    plain = [node for node in starts if not node.events]
    if not starts and not _may_lack_start(level):
        yield level.error(
            place,
            Message("no_start", "Nothing here says where to begin."),
            Message("no_start_remedy", "Draw a start event."),
        )
    for extra in plain[1:]:
        yield level.error(
            extra,
            Message("several_starts", "There is more than one plain start event."),
            Message("several_starts_remedy", "Keep one; give the others a message or a timer."),
        )


def _may_lack_start(level: Level) -> bool:
    """An ad hoc subprocess has none by rule; an event subprocess without one has its own finding."""
    if level.owner is None:
        return any(node.instantiate for node in level.body.nodes)
    if level.owner.kind is NodeKind.AD_HOC or level.is_event_subprocess:
        return True
    # A subprocess may begin at every activity that nothing leads to (BPMN 2.0.2, 10.3.5).
    return not level.body.nodes or bool(_implicit_starts(level))


def _implicit_starts(level: Level) -> list[Node]:
    return [node for node in level.body.nodes if not node.incoming and not _begins_otherwise(node)]


def every_node_can_be_reached(level: Level) -> Iterator[Finding]:
    """A token can come to each node from where the level begins."""
    if level.owner is not None and level.owner.kind is NodeKind.AD_HOC:
        return
    reached = _reached(level)
    for node in level.body.nodes:
        if node.id not in reached:
            yield level.error(
                node,
                Message("unreachable", "No way leads here from a start event."),
                Message("unreachable_remedy", "Draw the missing flow, or remove the element."),
            )


def _reached(level: Level) -> set[str]:
    starts = [node for node in level.body.nodes if node.kind is NodeKind.START_EVENT or node.instantiate]
    begins = starts or _implicit_starts(level)
    pending = [node.id for node in (*begins, *filter(_begins_otherwise, level.body.nodes))]
    reached: set[str] = set()
    while pending:
        node_id = pending.pop()
        node = level.by_id.get(node_id)
        if (
            node is None
            or node_id in reached
            or (node.kind is NodeKind.BOUNDARY_EVENT and not _host_reached(node, reached))
        ):
            continue
        reached.add(node_id)
        pending += [flow.target for flow in level.outgoing(node)]
        pending += [other.id for other in level.body.nodes if other.attached_to == node_id]
    return reached


def _host_reached(node: Node, reached: set[str]) -> bool:
    return node.attached_to in reached


def _begins_otherwise(node: Node) -> bool:
    """Nodes that no flow leads to, by design."""
    caught_link = node.kind is NodeKind.CATCH_EVENT and has(node, EventKind.LINK)
    return caught_link or node.triggered_by_event or node.is_for_compensation or node.kind is NodeKind.BOUNDARY_EVENT


REACHABILITY_RULES = (a_level_begins_somewhere, every_node_can_be_reached)
