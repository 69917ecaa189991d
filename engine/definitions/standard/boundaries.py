"""Boundary events and compensation: attached to an activity, one way out, one handler."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.definitions.standard.diagram import Level, has
from engine.model.bpmn import EventKind, Node, NodeKind
from engine.model.errors import Finding, Message

_COMPENSATION = EventKind.COMPENSATION


def boundary_events_are_attached(level: Level) -> Iterator[Finding]:
    """A boundary event sits on an activity of its own level, has a trigger, and nothing flows into it."""
    for node in _boundaries(level):
        if node.attached_to not in level.by_id:
            yield level.error(
                node,
                Message("boundary_detached", "The boundary event is attached to nothing on this level."),
                Message("boundary_detached_remedy", "Attach it to an activity of the same level."),
            )
        if not node.events:
            yield level.error(
                node,
                Message("boundary_trigger", "The boundary event says no trigger."),
                Message("boundary_trigger_remedy", "Choose a message, a timer, an error or another kind."),
            )
        if node.incoming:
            yield level.error(
                node,
                Message("boundary_incoming", "A flow leads into the boundary event."),
                Message("boundary_incoming_remedy", "A boundary event begins a way; remove the flow."),
            )


def boundary_events_lead_on(level: Level) -> Iterator[Finding]:
    """A compensation boundary event has one associated handler and no flow; every other one has a flow."""
    for node in _boundaries(level):
        if has(node, _COMPENSATION):
            if node.outgoing:
                yield level.error(
                    node,
                    Message("compensation_flow", "A flow leaves the compensation boundary event."),
                    Message("compensation_flow_remedy", "Tie its handler with an association instead."),
                )
        elif not node.outgoing:
            yield level.error(
                node,
                Message("boundary_no_outgoing", "Nothing goes on behind the boundary event."),
                Message("boundary_no_outgoing_remedy", "Draw its outgoing flow."),
            )


def boundary_events_interrupt_where_they_must(level: Level) -> Iterator[Finding]:
    """Errors, cancels and compensations always interrupt; a cancel needs a transaction."""
    for node in _boundaries(level):
        for event in node.events:
            if not node.interrupting and event.kind in {EventKind.ERROR, EventKind.CANCEL, _COMPENSATION}:
                yield level.error(
                    node,
                    Message("boundary_must_interrupt", "A {event} always interrupts.", {"event": event.kind}),
                    Message("boundary_must_interrupt_remedy", "Remove cancelActivity=“false”."),
                )
        host = level.by_id.get(node.attached_to)
        if has(node, EventKind.CANCEL) and host is not None and host.kind is not NodeKind.TRANSACTION:
            yield level.error(
                node,
                Message("cancel_boundary", "A cancel event can be attached to a transaction only."),
                Message("cancel_boundary_remedy", "Use an error event, or make the subprocess a transaction."),
            )


def one_boundary_event_catches_it(level: Level) -> Iterator[Finding]:
    """Of two boundary events on one activity that catch the same thing, nobody knows which one fires."""
    seen: Counter[tuple[str, EventKind, str | None]] = Counter()
    for node in _boundaries(level):
        for event in node.events:
            if event.kind in {EventKind.ERROR, EventKind.ESCALATION, EventKind.CANCEL, _COMPENSATION}:
                key = (node.attached_to, event.kind, event.code)
                seen[key] += 1
                if seen[key] == 2:
                    yield level.error(
                        node,
                        Message(
                            "boundary_twice",
                            "Two boundary events of “{host}” catch the same {event}.",
                            {"host": node.attached_to, "event": event.kind},
                        ),
                        Message("boundary_twice_remedy", "Remove one, or give them different codes."),
                    )


def compensation_has_a_handler(level: Level) -> Iterator[Finding]:
    """A compensation boundary event is tied to exactly one activity that is marked for compensation."""
    for node in _boundaries(level):
        if not has(node, _COMPENSATION):
            continue
        handlers = [level.by_id.get(line.target) for line in level.body.associations if line.source == node.id]
        found = [handler for handler in handlers if handler is not None and handler.is_for_compensation]
        if len(found) != 1:
            yield level.error(
                node,
                Message(
                    "compensation_handler", "The compensation event is tied to {count} handlers.", {"count": len(found)}
                ),
                Message("compensation_handler_remedy", "Tie it to one activity that is marked “for compensation”."),
            )


def handlers_stand_apart(level: Level) -> Iterator[Finding]:
    """An activity for compensation is outside the flow."""
    for node in level.body.nodes:
        if node.is_for_compensation and (node.incoming or node.outgoing):
            yield level.error(
                node,
                Message("handler_flow", "A flow is tied to an activity for compensation."),
                Message("handler_flow_remedy", "Remove the flow; the handler is called by its association."),
            )


def compensated_activities_are_in_reach(level: Level) -> Iterator[Finding]:
    """What a compensation throw event names lies on its own level, or around its event subprocess."""
    for node in level.body.nodes:
        for event in node.events:
            target = event.activity_ref
            if event.kind is _COMPENSATION and target and target not in _reachable(level):
                yield level.error(
                    node,
                    Message("compensation_reach", "“{target}” cannot be compensated from here.", {"target": target}),
                    Message("compensation_reach_remedy", "Name an activity of the same level."),
                )


def _reachable(level: Level) -> set[str]:
    reach = set(level.by_id)
    if level.is_event_subprocess:
        for around in level.diagram.levels():
            if level.owner is not None and around.by_id.get(level.owner.id) is level.owner:
                reach |= set(around.by_id)
    if level.owner is not None:
        reach.add(level.owner.id)
    return reach


def _boundaries(level: Level) -> list[Node]:
    return [node for node in level.body.nodes if node.kind is NodeKind.BOUNDARY_EVENT]


BOUNDARY_RULES = (
    boundary_events_are_attached,
    boundary_events_lead_on,
    boundary_events_interrupt_where_they_must,
    one_boundary_event_catches_it,
    compensation_has_a_handler,
    handlers_stand_apart,
    compensated_activities_are_in_reach,
)
