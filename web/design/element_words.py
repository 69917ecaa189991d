"""The text twin of a diagram: each element's kind in words, and what it does as short sentences."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.bpmn import EventDefinition, EventKind, Node, NodeKind
from engine.queries.processes import Element
from web.language import N_, NP_, _, drawn
from web.words import clock_name, key_name, role_name, stage_name, value_name

_KINDS = {
    NodeKind.START_EVENT: NP_("element", "Start"),
    NodeKind.END_EVENT: N_("End"),
    NodeKind.CATCH_EVENT: N_("Wait"),
    NodeKind.THROW_EVENT: N_("Event"),
    NodeKind.BOUNDARY_EVENT: N_("On a task"),
    NodeKind.TASK: N_("Step"),
    NodeKind.USER_TASK: N_("Task for a person"),
    NodeKind.MANUAL_TASK: N_("Task by hand"),
    NodeKind.SERVICE_TASK: N_("Service"),
    NodeKind.SCRIPT_TASK: N_("Calculation"),
    NodeKind.RULE_TASK: N_("Decision table"),
    NodeKind.SEND_TASK: N_("Letter or message"),
    NodeKind.RECEIVE_TASK: N_("Wait for a message"),
    NodeKind.CALL_ACTIVITY: N_("Other process"),
    NodeKind.SUBPROCESS: N_("Part"),
    NodeKind.EXCLUSIVE: N_("Either – or"),
    NodeKind.PARALLEL: N_("All at once"),
    NodeKind.INCLUSIVE: N_("One or several"),
    NodeKind.EVENT_BASED: N_("Whatever comes first"),
}
_EVENTS = {
    EventKind.MESSAGE: N_("message"),
    EventKind.TIMER: N_("timer"),
    EventKind.SIGNAL: N_("signal"),
    EventKind.ERROR: N_("error"),
    EventKind.ESCALATION: N_("escalation"),
    EventKind.CONDITIONAL: N_("condition"),
    EventKind.TERMINATE: N_("everything ends"),
    EventKind.LINK: N_("link"),
}


def kinds_named(kinds: Iterable[str]) -> str:
    """Kinds of case as people say them."""
    words = [value_name("kind", kind) for kind in kinds]
    return ", ".join(word[:1].upper() + word[1:] for word in words)


def runtime_name(runtime: str) -> str:
    """What runs a process."""
    return "SpiffWorkflow" if runtime == "spiff" else _("Makegood’s own machine")


def kind_name(kind: str) -> str:
    """A kind of element, by BPMN's name of it."""
    found = next((word for known, word in _KINDS.items() if known == kind), None)
    return str(found) if found is not None else key_name(kind)


def kind_of(node: Node) -> str:
    """The element's kind."""
    word = kind_name(node.kind)
    if node.kind is NodeKind.SUBPROCESS and node.triggered_by_event:
        word = _("Part that an event begins")
    events = ", ".join(str(_EVENTS.get(event.kind, event.kind)) for event in node.events)
    return f"{word}: {events}" if events else word


def details_of(element: Element, names: dict[str, str]) -> list[str]:
    """What the element does."""
    node = element.node
    said = [*_person(node), *_automatic(node), *(_event(event) for event in node.events)]
    if node.attached_to:
        task = drawn(names.get(node.attached_to, node.attached_to))
        text = _("Ends “{task}”.") if node.interrupting else _("“{task}” goes on.")
        said.append(text.format(task=task))
    if node.stage:
        said.append(_("Stage: {stage}", stage=stage_name(node.stage)) + ".")
    if node.multi is not None:
        said.append(
            _("Once for each, one after the other.") if node.multi.sequential else _("Once for each, all at once.")
        )
    return [each for each in said if each]


def _person(node: Node) -> list[str]:
    if node.user is None:
        return []
    said: list[str] = []
    if node.performers.queue:
        said.append(_("Queue: {queue}.", queue=_key(node.performers.queue)))
    if node.performers.role:
        said.append(_("Role: {role}.", role=role_name(node.performers.role)))
    if node.performers.assignee is not None:
        said.append(_("Person: {person}.", person=node.performers.assignee.body))
    if node.performers.same_as:
        said.append(_("The same person as in {element}.", element=node.performers.same_as))
    if node.performers.excludes:
        said.append(_("Not those who did: {elements}.", elements=", ".join(node.performers.excludes)))
    if node.user.form:
        said.append(_("Form: {form}.", form=node.user.form))
    if node.user.outcomes:
        said.append(_("Outcomes: {outcomes}.", outcomes=", ".join(node.user.outcomes)))
    if node.user.clock:
        said.append(_("Clock: {clock}.", clock=clock_name(node.user.clock)))
    if node.action:
        said.append(_("Button: {action}.", action=node.action))
    return said


def _automatic(node: Node) -> list[str]:
    said: list[str] = []
    if node.decision is not None:
        said.append(_("Asks the table “{table}”.", table=node.decision.decision))
    if node.call is not None:
        said.append(_("Runs “{process}”.", process=node.call.process))
    if node.connector is not None:
        said.append(_("Connector {connector}.", connector=node.connector.key))
    if node.notify is not None:
        said.append(_("Letter “{letter}” to {recipient}.", letter=node.notify.letter, recipient=node.notify.to))
    if node.script is not None:
        said.append(node.script.body)
    return said


def _event(event: EventDefinition) -> str:
    if event.clock:
        return _("At {at} of the clock “{clock}”.", at=event.at, clock=clock_name(event.clock))
    if event.timer is not None:
        return _("Timer {timer}.", timer=event.timer.body)
    if event.name:
        return _("“{name}”.", name=event.name)
    return _("Code {code}.", code=event.code) if event.code else ""


def _key(text: str) -> str:
    return text if text.startswith("=") else key_name(text)
