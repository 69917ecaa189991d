"""Event definitions: inside events, referenced by `eventDefinitionRef`, or implied by send and receive tasks."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.definitions.bpmn.expressions import element_expression, expression
from engine.definitions.bpmn.mappings import mappings_of
from engine.definitions.bpmn.names import MG, Element, bpmn, child, children, flag, local_reference, tag_of, text_of
from engine.definitions.bpmn.reading import Reading, line_of
from engine.model.bpmn import EventDefinition, EventKind, TimerForm
from engine.model.errors import Message

_KINDS = frozenset(str(kind) for kind in EventKind)
_AT = re.compile(r"\d+(\.\d+)?\s*%|P\S+\s+before|due")


def read_events(reading: Reading, event: Element) -> tuple[EventDefinition, ...]:
    """All definitions of one event, in file order; referenced ones come where their reference stands."""
    found: list[EventDefinition] = []
    for part in event:
        tag = tag_of(part)
        if tag in _KINDS:
            found.append(_definition(reading, part, event))
        elif tag == "eventDefinitionRef":
            shared = _shared(reading, local_reference(text_of(part)))
            if shared is not None:
                found.append(_definition(reading, shared, event))
    return tuple(found)


def message_of_task(reading: Reading, task: Element) -> tuple[EventDefinition, ...]:
    """The message that a send or receive task names, by itself or through its operation."""
    if not (task.get("messageRef") or task.get("operationRef")):
        return ()
    return (_message(reading, task, EventDefinition(EventKind.MESSAGE, line=line_of(task))),)


def referenced_event(reading: Reading, activity: Element, reference: str) -> EventDefinition | None:
    """The event definition at the top of the file that an activity refers to."""
    shared = _shared(reading, reference) if reference else None
    return None if shared is None else _definition(reading, shared, activity)


def _shared(reading: Reading, wanted: str) -> Element | None:
    for element in reading.root:
        if tag_of(element) in _KINDS and element.get("id") == wanted:
            return element
    return None


def _definition(reading: Reading, element: Element, event: Element) -> EventDefinition:
    kind = EventKind(tag_of(element))
    plain = EventDefinition(kind, id=element.get("id") or "", line=line_of(element))
    match kind:
        case EventKind.MESSAGE:
            return _payload(reading, element, event, _message(reading, element, plain))
        case EventKind.TIMER:
            return _timer(reading, element, plain)
        case EventKind.SIGNAL:
            reference = local_reference(element.get("signalRef"))
            return replace(plain, name=reading.signals.get(reference, reference))
        case EventKind.ERROR:
            return replace(plain, code=_code(reading.errors, element.get("errorRef")))
        case EventKind.ESCALATION:
            return replace(plain, code=_code(reading.escalations, element.get("escalationRef")))
        case EventKind.CONDITIONAL:
            return replace(plain, condition=element_expression(reading, child(element, "condition")))
        case EventKind.COMPENSATION:
            activity = local_reference(element.get("activityRef"))
            return replace(plain, activity_ref=activity, wait_for_completion=flag(element, "waitForCompletion", True))
        case EventKind.LINK:
            return replace(plain, link=_link(reading, element))
        case EventKind.CANCEL | EventKind.TERMINATE:
            return plain


def _link(reading: Reading, element: Element) -> str:
    """The link's name; a throw event that points at its target by id means the target's name."""
    target = local_reference(text_of(child(element, "target")))
    for other in reading.root.iter(bpmn("linkEventDefinition")) if target else ():
        if other.get("id") == target:
            element = other
    return (element.get("name") or "").strip()


def _code(codes: dict[str, str], reference: str | None) -> str | None:
    """None catches everything."""
    return None if reference is None else codes.get(local_reference(reference), local_reference(reference))


def _message(reading: Reading, element: Element, plain: EventDefinition) -> EventDefinition:
    reference = local_reference(element.get("messageRef"))
    operation = local_reference(element.get("operationRef") or text_of(child(element, "operationRef")))
    name = reading.messages.get(reference, reference) or reading.operations.get(operation, "")
    return replace(plain, name=name, correlation=reading.correlations.get(reference, {}))


def _payload(reading: Reading, element: Element, event: Element, plain: EventDefinition) -> EventDefinition:
    own = reading.extensions(element)
    payload = {m.target: m.source for m in mappings_of(own.take_elements("mg", "input")) if m.source is not None}
    whole = own.take_element("spiffworkflow", "messagePayload")
    whole = reading.extensions(event).take_element("spiffworkflow", "messagePayload") if whole is None else whole
    text = None if whole is None else expression(text_of(whole), line_of(whole), reading.language)
    if text is not None:
        payload[""] = text
    variable = own.take_element("spiffworkflow", "messageVariable")
    variable = (
        reading.extensions(event).take_element("spiffworkflow", "messageVariable") if variable is None else variable
    )
    return replace(plain, payload=payload, payload_variable=text_of(variable))


def _clock_around(element: Element) -> str:
    """The clock that the event subprocess or the process around a threshold watches."""
    place = element.getparent()
    while place is not None:
        clock = place.get(f"{{{MG}}}clock") if tag_of(place) in {"subProcess", "process"} else None
        if clock:
            return clock.strip()
        place = place.getparent()
    return ""


def _timer(reading: Reading, element: Element, plain: EventDefinition) -> EventDefinition:
    extensions = reading.extensions(element)
    at, late = extensions.take("mg", "at"), extensions.take("mg", "late")
    clock = extensions.take("mg", "clock") or (_clock_around(element) if at else "")
    timer = replace(plain, clock=clock, at=at, late_all=late == "all")
    if late not in {"", "all", "latest"}:
        reading.error(
            element,
            Message("bpmn_late", "“{late}” does not say which missed occurrences fire.", {"late": late}),
            Message("bpmn_late_remedy", "Write all or latest; the latest alone is what happens without the attribute."),
        )
    if timer.at and not _AT.fullmatch(timer.at):
        reading.error(
            element,
            Message("bpmn_threshold", "“{at}” is no threshold of a clock.", {"at": timer.at}),
            Message("bpmn_threshold_remedy", "Write a share (80%), a time before the due (P2D before), or due."),
        )
    for form in TimerForm:
        part = next(iter(children(element, form)), None)
        if part is not None:
            return replace(timer, timer_form=form, timer=element_expression(reading, part))
    return timer
