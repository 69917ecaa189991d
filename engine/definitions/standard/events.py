"""Events: which kind may stand where, what must come in and go out, links that meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.definitions.bpmn.names import bpmn, local_reference
from engine.definitions.standard.diagram import Level, has
from engine.model.bpmn import EventKind, Node, NodeKind
from engine.model.errors import Finding, Message

_E = EventKind
_TIMED: Final = frozenset({_E.MESSAGE, _E.TIMER, _E.CONDITIONAL, _E.SIGNAL})
ALLOWED: Final = {
    NodeKind.CATCH_EVENT: _TIMED | {_E.LINK},
    NodeKind.THROW_EVENT: frozenset({_E.MESSAGE, _E.ESCALATION, _E.COMPENSATION, _E.LINK, _E.SIGNAL}),
    NodeKind.END_EVENT: frozenset(
        {_E.MESSAGE, _E.ERROR, _E.ESCALATION, _E.CANCEL, _E.COMPENSATION, _E.SIGNAL, _E.TERMINATE}
    ),
    NodeKind.BOUNDARY_EVENT: _TIMED | {_E.ERROR, _E.ESCALATION, _E.CANCEL, _E.COMPENSATION},
}
_MESSAGE_TASKS: Final = frozenset({NodeKind.SEND_TASK, NodeKind.RECEIVE_TASK})
_TOP_START: Final = _TIMED
_EVENT_SUBPROCESS_START: Final = _TIMED | {_E.ERROR, _E.ESCALATION, _E.COMPENSATION}


def events_have_a_fitting_kind(level: Level) -> Iterator[Finding]:
    """Each place allows some event definitions and no others."""
    for node in level.body.nodes:
        allowed = _allowed(level, node)
        for event in node.events if allowed is not None else ():
            if allowed is not None and event.kind not in allowed:
                params: dict[str, object] = {"event": event.kind, "node": node.kind}
                yield level.error(
                    node,
                    Message("event_kind", "A {node} cannot have a {event} here.", params),
                    Message("event_kind_remedy", "Choose another kind of event, or move it."),
                )


def _allowed(level: Level, node: Node) -> frozenset[EventKind] | None:
    if node.kind is not NodeKind.START_EVENT:
        return ALLOWED.get(node.kind)
    if level.owner is None:
        return _TOP_START
    return _EVENT_SUBPROCESS_START if level.is_event_subprocess else frozenset()


def starts_and_ends_are_at_the_edge(level: Level) -> Iterator[Finding]:
    """Nothing flows into a start event and nothing out of an end event."""
    for node in level.body.nodes:
        if node.kind is NodeKind.START_EVENT and node.incoming:
            yield level.error(
                node,
                Message("start_incoming", "A flow leads into the start event."),
                Message("start_incoming_remedy", "Lead it to the first activity instead."),
            )
        if node.kind is NodeKind.END_EVENT and node.outgoing:
            yield level.error(
                node,
                Message("end_outgoing", "A flow leaves the end event."),
                Message("end_outgoing_remedy", "Use an intermediate event, or remove the flow."),
            )


def intermediate_events_lie_between(level: Level) -> Iterator[Finding]:
    """An intermediate event has flows on both sides; a link has its flow on one."""
    loose = level.owner is not None and level.owner.kind is NodeKind.AD_HOC
    for node in level.body.nodes:
        if node.kind not in {NodeKind.CATCH_EVENT, NodeKind.THROW_EVENT}:
            continue
        link = has(node, EventKind.LINK)
        caught, thrown = node.kind is NodeKind.CATCH_EVENT, node.kind is NodeKind.THROW_EVENT
        if link and ((caught and node.incoming) or (thrown and node.outgoing)):
            yield level.error(
                node,
                Message("link_flow", "A link goes on at its partner and has no flow on this side."),
                Message("link_flow_remedy", "Remove the flow."),
            )
        if not node.outgoing and not (link and thrown) and not loose:
            yield level.error(
                node,
                Message("event_no_outgoing", "Nothing goes on behind the intermediate event."),
                Message("event_no_outgoing_remedy", "Draw its outgoing flow, or make it an end event."),
            )
        if not node.incoming and not (link and caught) and not loose:
            yield level.error(
                node,
                Message("event_no_incoming", "Nothing leads to the intermediate event."),
                Message("event_no_incoming_remedy", "Draw its incoming flow, attach it to an activity, or remove it."),
            )


def links_meet(level: Level) -> Iterator[Finding]:
    """Every link has a source and exactly one target of its name on the same level."""
    caught = [
        (event.link, node) for node in _of(level, NodeKind.CATCH_EVENT) for event in node.events if _is_link(event.kind)
    ]
    thrown = [
        (event.link, node) for node in _of(level, NodeKind.THROW_EVENT) for event in node.events if _is_link(event.kind)
    ]
    targets, sources = [name for name, _ in caught], {name for name, _ in thrown}
    for name, node in thrown:
        if name not in targets and not _points_by_id(level, node, "target"):
            yield level.error(
                node,
                Message("link_target", "No link catch event is named “{link}” on this level.", {"link": name}),
                Message("link_target_remedy", "Draw it, or correct the name."),
            )
    for name, node in caught:
        if name not in sources and not _points_by_id(level, node, "source"):
            yield level.error(
                node,
                Message("link_source", "No link throw event is named “{link}” on this level.", {"link": name}),
                Message("link_source_remedy", "Draw it, or correct the name."),
            )
        if targets.count(name) > 1:
            yield level.error(
                node,
                Message("link_targets", "Several link catch events are named “{link}”.", {"link": name}),
                Message("link_targets_remedy", "Give each its own name."),
            )


def _is_link(kind: EventKind) -> bool:
    return kind is EventKind.LINK


def _of(level: Level, kind: NodeKind) -> list[Node]:
    return [node for node in level.body.nodes if node.kind is kind]


def _points_by_id(level: Level, node: Node, tag: str) -> bool:
    """The standard also lets a link name its partner's definition by id; the reader has checked that it exists."""
    element = level.diagram.element(node.id)
    return element is not None and any(True for _ in element.iter(bpmn(tag)))


def escalations_and_errors_carry_a_code(level: Level) -> Iterator[Finding]:
    """What is thrown at run time has a code that somebody can catch."""
    for node in level.body.nodes if level.runs else ():
        if node.kind not in {NodeKind.THROW_EVENT, NodeKind.END_EVENT}:
            continue
        for event in node.events:
            if event.kind in {EventKind.ERROR, EventKind.ESCALATION} and not _has_code(level, node, event.kind):
                yield level.error(
                    node,
                    Message("event_code", "The {event} that is raised here has no code.", {"event": event.kind}),
                    Message("event_code_remedy", "Choose an error or escalation and give it a code."),
                )


def _has_code(level: Level, node: Node, kind: EventKind) -> bool:
    element = level.diagram.element(node.id)
    tag, attribute = ("errorRef", "errorCode") if kind is EventKind.ERROR else ("escalationRef", "escalationCode")
    for definition in () if element is None else level.diagram.event_definitions(element, kind):
        target = level.diagram.element(local_reference(definition.get(tag)))
        if target is None or not (target.get(attribute) or "").strip():
            return False
    return True


def conditions_of_events_are_written(level: Level) -> Iterator[Finding]:
    """A conditional event says what it waits for."""
    for node in level.body.nodes:
        if any(event.kind is EventKind.CONDITIONAL and event.condition is None for event in node.events):
            yield level.error(
                node,
                Message("event_condition", "The conditional event has no condition."),
                Message("event_condition_remedy", "Write the condition."),
            )


def messages_are_chosen(level: Level) -> Iterator[Finding]:
    """A message event of a process that runs names its message, not only an operation."""
    for node in level.body.nodes if level.runs else ():
        element = level.diagram.element(node.id)
        told = node.notify is not None or node.connector is not None
        if element is None or told or not has(node, EventKind.MESSAGE) or node.kind in _MESSAGE_TASKS:
            continue
        definitions = level.diagram.event_definitions(element, "messageEventDefinition")
        if not all(part.get("messageRef") for part in definitions):
            yield level.error(
                node,
                Message("message_missing", "The message event names no message."),
                Message("message_missing_remedy", "Choose the message (messageRef)."),
            )


EVENT_RULES = (
    events_have_a_fitting_kind,
    starts_and_ends_are_at_the_edge,
    intermediate_events_lie_between,
    links_meet,
    escalations_and_errors_carry_a_code,
    conditions_of_events_are_written,
    messages_are_chosen,
)
