"""Where a process begins, and what a token can never come to."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.standard.diagram import Level, has
from engine.model.bpmn import EventKind, Node, NodeKind
from engine.model.errors import Finding, Message


def a_level_begins_somewhere(level: Level) -> Iterator[Finding]:
    """There is a start event, and of plain ones at most one."""
    place = level.owner or level.process
    starts = [node for node in level.body.nodes if node.kind is NodeKind.START_EVENT]
    plain = [node for node in starts if not node.events]
    if not starts and level.body.nodes and not _begins_without_start(level):
        yield level.error(
            place,
            Message("no_start", "Nothing here says where to begin."),
            Message("no_start_remedy", "Draw a start event."),
        )
    elif not starts and level.owner is None:
        yield level.warning(
            place,
            Message("implicit_start", "There is no start event; the process begins wherever no flow leads to."),
            Message("implicit_start_remedy", "Draw a start event, so that people see where it begins."),
        )
    for extra in plain[1:]:
        yield level.error(
            extra,
            Message("several_starts", "There is more than one plain start event."),
            Message("several_starts_remedy", "Keep one; give the others a message or a timer."),
        )


def _begins_without_start(level: Level) -> bool:
    """Without a start event all activities that nothing leads to begin (BPMN 2.0.2, 10.5.2); ad hoc ones begin freely."""
    if level.owner is not None and (level.owner.kind is NodeKind.AD_HOC or level.is_event_subprocess):
        return True
    return bool(_implicit_starts(level)) or any(node.instantiate for node in level.body.nodes)


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
    attached: dict[str, list[str]] = {}
    for each in level.body.nodes:
        attached.setdefault(each.attached_to, []).append(each.id)
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
        pending += attached.get(node_id, ())
    return reached


def _host_reached(node: Node, reached: set[str]) -> bool:
    return node.attached_to in reached


def _begins_otherwise(node: Node) -> bool:
    """Nodes that no flow leads to, by design."""
    caught_link = node.kind is NodeKind.CATCH_EVENT and has(node, EventKind.LINK)
    return caught_link or node.triggered_by_event or node.is_for_compensation or node.kind is NodeKind.BOUNDARY_EVENT


REACHABILITY_RULES = (a_level_begins_somewhere, every_node_can_be_reached)
