"""What a process waits for can come, and comes to one of its instances only."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.standard.diagram import Level, has
from engine.model.bpmn import EventDefinition, EventKind, Node, NodeKind
from engine.model.errors import Finding, Message

_CATCHES = frozenset({NodeKind.CATCH_EVENT, NodeKind.RECEIVE_TASK, NodeKind.BOUNDARY_EVENT, NodeKind.START_EVENT})
_THROWS = frozenset({NodeKind.THROW_EVENT, NodeKind.END_EVENT, NodeKind.SEND_TASK})
_MAY_FAIL = frozenset(
    {NodeKind.USER_TASK, NodeKind.SERVICE_TASK, NodeKind.SEND_TASK, NodeKind.RULE_TASK, NodeKind.CALL_ACTIVITY}
)
_BOXES = frozenset({NodeKind.SUBPROCESS, NodeKind.TRANSACTION, NodeKind.AD_HOC})


def messages_find_their_instance(level: Level) -> Iterator[Finding]:
    """A message that waits inside a process without a case of its own, or in several items at once, has a key (R15)."""
    if not any(_caught(level, node, EventKind.MESSAGE) for node in level.body.nodes):
        return
    of_a_case = any(process.case_kind for process in level.diagram.definitions.processes)
    inside = _thrown(level, EventKind.MESSAGE)
    several = _items_around(level)
    for node in level.body.nodes:
        for event in _caught(level, node, EventKind.MESSAGE):
            repeated = several or (node.multi is not None and not node.multi.sequential)
            if event.correlation or node.action or (not repeated and (of_a_case or event.name in inside)):
                continue
            yield level.warning(
                node,
                Message(
                    "message_without_key",
                    "It waits for “{message}” without a key; where several wait for it, the message is refused as ambiguous.",
                    {"message": event.name},
                ),
                Message(
                    "message_without_key_remedy",
                    "Give the message a correlation key, or the process mg:caseKind: a case is a key.",
                ),
            )


def _items_around(level: Level) -> bool:
    """True where what lies here runs for several items at once."""
    parents = {inner.id: node for node in level.process.body.walk() if node.body for inner in node.body.nodes}
    owner, seen = level.owner, set[str]()
    while owner is not None and owner.id not in seen:  # an id may be used twice, even inside itself
        if owner.multi is not None and not owner.multi.sequential:
            return True
        seen.add(owner.id)
        owner = parents.get(owner.id)
    return False


def _caught(level: Level, node: Node, kind: EventKind) -> list[EventDefinition]:
    """The events of a kind that a running instance waits for here; what begins a process needs no instance."""
    begins = node.instantiate or (node.kind is NodeKind.START_EVENT and not level.is_event_subprocess)
    if node.kind not in _CATCHES or begins:
        return []
    behind = any(level.by_id[flow.source].instantiate for flow in level.incoming(node) if flow.source in level.by_id)
    return [] if behind else [event for event in node.events if event.kind is kind and event.name]


def _thrown(level: Level, kind: EventKind) -> set[str]:
    """The names that something in this file throws."""
    nodes = [node for process in level.diagram.definitions.processes for node in process.body.walk()]
    events = [event for node in nodes if node.kind in _THROWS for event in node.events]
    events += [node.multi.throws for node in nodes if node.multi is not None and node.multi.throws is not None]
    return {event.name for event in events if event.kind is kind}


def signals_are_thrown(level: Level) -> Iterator[Finding]:
    """Somebody throws each signal that is waited for."""
    if not any(has(node, EventKind.SIGNAL) for node in level.body.nodes):
        return
    inside = _thrown(level, EventKind.SIGNAL)
    for node in level.body.nodes:
        for event in node.events if node.kind in _CATCHES else ():
            if event.kind is EventKind.SIGNAL and event.name and event.name not in inside:
                yield level.note(
                    node,
                    Message(
                        "signal_unthrown", "Nothing in this file throws the signal “{signal}”.", {"signal": event.name}
                    ),
                    Message("signal_unthrown_remedy", "Throw it somewhere, or make sure that it comes from outside."),
                )


def boundaries_can_be_reached(level: Level) -> Iterator[Finding]:
    """What stands at an activity to catch an error or an escalation can be thrown by it."""
    for node in level.body.nodes:
        host = level.by_id.get(node.attached_to)
        if node.kind is not NodeKind.BOUNDARY_EVENT or host is None:
            continue
        for event in node.events:
            if event.kind in {EventKind.ERROR, EventKind.ESCALATION} and not _may_throw(host, event):
                yield level.note(
                    node,
                    Message(
                        "boundary_in_vain",
                        "“{host}” never raises what is to be caught here.",
                        {"host": host.name or host.id},
                    ),
                    Message(
                        "boundary_in_vain_remedy",
                        "Let something in it raise the {kind}, or remove the event.",
                        {"kind": event.kind},
                    ),
                )


def _may_throw(host: Node, event: EventDefinition) -> bool:
    pending = [host]
    while pending:
        node = pending.pop()
        if node.kind is NodeKind.CALL_ACTIVITY or (node.multi is not None and node.multi.throws is not None):
            return True
        if event.kind is EventKind.ERROR and (node.kind in _MAY_FAIL or _raises(node)):
            return True
        if node.kind in _THROWS and any(
            thrown.kind is event.kind and event.code in {None, "", thrown.code} for thrown in node.events
        ):
            return True
        pending += node.body.nodes if node.kind in _BOXES and node.body is not None else ()
    return False


def _raises(node: Node) -> bool:
    """True where a script raises by its words, or is written in a language that may."""
    script = node.script
    return script is not None and (script.language != "python" or "raise" in script.body or bool(node.result_variable))


def waits_have_a_moment(level: Level) -> Iterator[Finding]:
    """A timer that waits for a clock stands where a case with such clocks runs."""
    if any(process.case_kind for process in level.diagram.definitions.processes):
        return
    for node in level.body.nodes:
        if has(node, EventKind.TIMER) and any(event.clock for event in node.events):
            yield level.note(
                node,
                Message("clock_without_case", "It waits for a clock, and the process says of no case that it runs on."),
                Message("clock_without_case_remedy", "Give the process mg:caseKind, or the timer a time of its own."),
            )


WAIT_RULES = (messages_find_their_instance, signals_are_thrown, boundaries_can_be_reached, waits_have_a_moment)
