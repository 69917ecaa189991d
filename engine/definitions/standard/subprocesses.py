"""Event gateways, event subprocesses, ad hoc subprocesses, quantities: the shapes of parts of a process."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definitions.bpmn.names import text_of
from engine.definitions.standard.diagram import Level, has
from engine.model.bpmn import EventKind, Node, NodeKind
from engine.model.errors import Finding, Message

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_GATHERING = {
    NodeKind.AD_HOC: "completionCondition",
    NodeKind.COMPLEX: "activationCondition",
    NodeKind.CATCH_EVENT: "timeCycle",
}
# An operator, a call or braces show that a text is meant formally, though its element does not say so.
_FORMAL_SIGNS = re.compile(r"[=<>(){}]|\b(?:and|or|not)\b")
_CAUGHT_ONCE = frozenset({EventKind.ERROR, EventKind.ESCALATION, EventKind.COMPENSATION})
_WAITABLE = frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL})


def event_gateways_wait_for_events(level: Level) -> Iterator[Finding]:
    """Two or more events follow an event-based gateway, and nothing else leads to them."""
    for node in level.body.nodes:
        if node.kind is not NodeKind.EVENT_BASED:
            continue
        targets = [level.by_id[flow.target] for flow in level.outgoing(node) if flow.target in level.by_id]
        if len(targets) < 2:
            yield level.error(
                node,
                Message("event_gateway_few", "The event-based gateway has fewer than two ways."),
                Message("event_gateway_few_remedy", "Draw at least two events behind it."),
            )
        for target in targets:
            yield from _event_gateway_target(level, node, target)
        messages = any(target.kind is NodeKind.CATCH_EVENT and has(target, EventKind.MESSAGE) for target in targets)
        if messages and any(target.kind is NodeKind.RECEIVE_TASK for target in targets):
            yield level.error(
                node,
                Message("event_gateway_mixed", "Receive tasks and message events both follow the gateway."),
                Message("event_gateway_mixed_remedy", "Use one of the two kinds."),
            )


def _event_gateway_target(level: Level, node: Node, target: Node) -> Iterator[Finding]:
    params: dict[str, object] = {"target": target.name or target.id}
    catches = target.kind is NodeKind.CATCH_EVENT and all(event.kind in _WAITABLE for event in target.events)
    if not (catches and target.events) and target.kind is not NodeKind.RECEIVE_TASK:
        yield level.error(
            node,
            Message(
                "event_gateway_target", "“{target}” follows an event-based gateway and waits for no event.", params
            ),
            Message("event_gateway_target_remedy", "Put a message, timer, signal or conditional event there."),
        )
    elif len(target.incoming) > 1:
        yield level.error(
            target,
            Message(
                "event_gateway_shared", "“{target}” follows an event-based gateway and has another way in.", params
            ),
            Message("event_gateway_shared_remedy", "Remove the other flow."),
        )
    elif any(other.attached_to == target.id for other in level.body.nodes):
        yield level.error(
            target,
            Message(
                "event_gateway_boundary", "“{target}” follows an event-based gateway and has a boundary event.", params
            ),
            Message(
                "event_gateway_boundary_remedy", "Draw the boundary event's trigger as another way of the gateway."
            ),
        )


def event_subprocesses_are_started_by_one_event(level: Level) -> Iterator[Finding]:
    """An event subprocess has one start event with a trigger and no flows around it."""
    if not level.is_event_subprocess or level.owner is None:
        return
    starts = [node for node in level.body.nodes if node.kind is NodeKind.START_EVENT]
    if len(starts) != 1 or not starts[0].events:
        yield level.error(
            level.owner,
            Message("event_subprocess_start", "An event subprocess needs exactly one start event, with a trigger."),
            Message(
                "event_subprocess_start_remedy",
                "Draw one start event with a message, a timer, an error or another kind.",
            ),
        )
    if level.owner.incoming or level.owner.outgoing:
        yield level.error(
            level.owner,
            Message("event_subprocess_flow", "A flow is tied to an event subprocess."),
            Message("event_subprocess_flow_remedy", "Remove the flow; its start event begins it."),
        )
    for start in starts:
        if not start.interrupting and (has(start, EventKind.ERROR) or has(start, EventKind.COMPENSATION)):
            yield level.error(
                start,
                Message("start_must_interrupt", "An event subprocess for errors or compensation always interrupts."),
                Message("start_must_interrupt_remedy", "Remove isInterrupting=“false”."),
            )


def one_event_subprocess_catches_it(level: Level) -> Iterator[Finding]:
    """Of two event subprocesses of one level that catch the same error, nobody knows which one begins."""
    seen: set[tuple[EventKind, str]] = set()
    for node in level.body.nodes:
        starts = node.body.nodes if node.body is not None and node.triggered_by_event else ()
        for event in (event for start in starts if start.kind is NodeKind.START_EVENT for event in start.events):
            key = (event.kind, event.code or "")
            if event.kind in _CAUGHT_ONCE and key in seen:
                yield level.error(
                    node,
                    Message(
                        "event_subprocess_twice",
                        "Another event subprocess here catches the same {event}.",
                        {"event": event.kind},
                    ),
                    Message("event_subprocess_twice_remedy", "Remove one, or give them different codes."),
                )
            seen.add(key)


def what_begins_a_process_has_no_way_in(level: Level) -> Iterator[Finding]:
    """A receive task or an event-based gateway that begins the process comes first."""
    for node in level.body.nodes:
        if node.instantiate and node.incoming:
            yield level.error(
                node,
                Message("instantiate_incoming", "It begins the process, and a flow leads to it."),
                Message("instantiate_incoming_remedy", "Remove the flow, or instantiate=“true”."),
            )


def ad_hoc_subprocesses_hold_activities(level: Level) -> Iterator[Finding]:
    """An ad hoc subprocess has activities and neither start nor end events."""
    if level.owner is None or level.owner.kind is not NodeKind.AD_HOC:
        return
    edges = {NodeKind.START_EVENT, NodeKind.END_EVENT}
    for node in level.body.nodes:
        if node.kind in edges:
            yield level.error(
                node,
                Message("ad_hoc_edge", "An ad hoc subprocess has neither start nor end events."),
                Message("ad_hoc_edge_remedy", "Remove the event."),
            )
    if not any(_is_activity(node) for node in level.body.nodes):
        yield level.error(
            level.owner,
            Message("ad_hoc_empty", "The ad hoc subprocess has no activity."),
            Message("ad_hoc_empty_remedy", "Put at least one activity into it."),
        )


def texts_that_gather_are_formal(level: Level) -> Iterator[Finding]:
    """What ends an ad hoc subprocess, starts a complex gateway or repeats on the way is formal where the process runs."""
    for node in level.body.nodes if level.runs else ():
        tag, element = _GATHERING.get(node.kind, ""), level.diagram.element(node.id)
        for part in level.diagram.inside(element, tag) if tag and element is not None else ():
            owner = part.getparent()
            ours = owner is element or (owner is not None and owner.getparent() is element)
            if ours and not (
                (part.get(_TYPE) or "").endswith("tFormalExpression") or _FORMAL_SIGNS.search(text_of(part))
            ):
                yield level.error(
                    node,
                    Message("condition_not_formal", "The {tag} is written as a remark, not formally.", {"tag": tag}),
                    Message("condition_not_formal_remedy", "Give its element xsi:type=“tFormalExpression”."),
                )


def cancels_end_a_transaction(level: Level) -> Iterator[Finding]:
    """A cancel end event lies inside a transaction."""
    inside = level.owner is not None and level.owner.kind is NodeKind.TRANSACTION
    for node in level.body.nodes:
        if node.kind is NodeKind.END_EVENT and has(node, EventKind.CANCEL) and not inside:
            yield level.error(
                node,
                Message("cancel_end", "A cancel end event lies outside a transaction."),
                Message("cancel_end_remedy", "Use an error end event, or make the subprocess a transaction."),
            )


def quantities_are_positive(level: Level) -> Iterator[Finding]:
    """An activity starts with at least one token and gives at least one."""
    for node in level.body.nodes:
        if node.start_quantity < 1 or node.completion_quantity < 1:
            yield level.error(
                node,
                Message("quantity", "A start or completion quantity is smaller than 1."),
                Message("quantity_remedy", "Write 1, or remove the attribute."),
            )


def _is_activity(node: Node) -> bool:
    return node.kind.endswith(("Task", "task", "Activity", "Process", "transaction"))


SUBPROCESS_RULES = (
    event_gateways_wait_for_events,
    event_subprocesses_are_started_by_one_event,
    one_event_subprocess_catches_it,
    what_begins_a_process_has_no_way_in,
    ad_hoc_subprocesses_hold_activities,
    texts_that_gather_are_formal,
    cancels_end_a_transaction,
    quantities_are_positive,
)
