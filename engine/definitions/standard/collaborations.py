"""What lies around processes: pools, message flows, choreographies, interfaces of called elements."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.bpmn.names import Element, child, children, flag, local_reference, tag_of, text_of
from engine.definitions.standard.diagram import Diagram
from engine.model.errors import Finding, Message

_NEVER_SEND = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
_NEVER_RECEIVE = frozenset({"endEvent", "intermediateThrowEvent"})
_CALLABLE = frozenset(
    {"process", "globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask"}
)


def message_flows_join_pools(diagram: Diagram) -> Iterator[Finding]:
    """A message flow leads from what sends in one pool to what receives in another."""
    for flow in diagram.all("messageFlow"):
        source = diagram.element(local_reference(flow.get("sourceRef")))
        target = diagram.element(local_reference(flow.get("targetRef")))
        if source is None or target is None:
            continue
        if tag_of(source) in _NEVER_SEND or tag_of(source).endswith("Gateway"):
            yield _wrong_end(diagram, flow, "sourceRef", tag_of(source))
        if tag_of(target) in _NEVER_RECEIVE or tag_of(target).endswith("Gateway"):
            yield _wrong_end(diagram, flow, "targetRef", tag_of(target))
        pools = _pool(diagram, source), _pool(diagram, target)
        if source is target or (pools[0] is not None and pools[0] is pools[1]):
            yield diagram.element_fault(
                flow,
                Message("message_flow_inside", "The message flow stays inside one pool."),
                Message("message_flow_inside_remedy", "Use a sequence flow inside a pool."),
            )


def _wrong_end(diagram: Diagram, flow: Element, end: str, kind: str) -> Finding:
    return diagram.element_fault(
        flow,
        Message("message_flow_end", "The message flow's {end} is a {kind}.", {"end": end, "kind": kind}),
        Message("message_flow_end_remedy", "It leads from a task, throw or end event to a task, start or catch event."),
    )


def _pool(diagram: Diagram, element: Element) -> Element | None:
    """The process that an element lies in, or that its pool stands for."""
    if tag_of(element) == "participant":
        return diagram.element(local_reference(element.get("processRef")))
    place: Element | None = element
    while place is not None and tag_of(place) != "process":
        place = place.getparent()
    return place


def multiplicities_have_room(diagram: Diagram) -> Iterator[Finding]:
    """A pool stands for at least one participant, and for no fewer than its minimum."""
    for element in diagram.all("participantMultiplicity"):
        low, high = _number(element, "minimum", 0), _number(element, "maximum", 1)
        if low < 0 or high < 1 or high < low:
            yield diagram.element_fault(
                element,
                Message("multiplicity", "From {low} to {high} participants cannot be.", {"low": low, "high": high}),
                Message("multiplicity_remedy", "The maximum is at least 1 and at least the minimum."),
            )


def _number(element: Element, name: str, default: int) -> int:
    text = (element.get(name) or "").strip()
    return int(text) if text.removeprefix("-").isdecimal() else default


def closed_choreographies_show_all_messages(diagram: Diagram) -> Iterator[Finding]:
    """Where a closed choreography is used, each message flow between its participants is one of its own."""
    for collaboration in diagram.all("collaboration"):
        used = [diagram.element(local_reference(text_of(part))) for part in children(collaboration, "choreographyRef")]
        closed = any(part is not None and flag(part, "isClosed") for part in used)
        shown = {
            local_reference(part.get("outerMessageFlowRef"))
            for part in children(collaboration, "messageFlowAssociation")
        }
        for flow in children(collaboration, "messageFlow") if closed else ():
            if flow.get("id") not in shown:
                yield diagram.element_fault(
                    flow,
                    Message("choreography_closed", "The choreography is closed and does not show this message flow."),
                    Message("choreography_closed_remedy", "Add it to the choreography, or set isClosed to false."),
                )


def interfaces_are_bound(diagram: Diagram) -> Iterator[Finding]:
    """A called element that offers an interface binds its data to the interface's operations."""
    for element in diagram.all(*_CALLABLE):
        if children(element, "supportedInterfaceRef") and not children(element, "ioBinding"):
            yield diagram.element_fault(
                element,
                Message("interface_unbound", "An interface is offered, but no operation is bound to data."),
                Message("interface_unbound_remedy", "Add an ioBinding, or remove supportedInterfaceRef."),
            )


def calls_fit_what_they_call(diagram: Diagram) -> Iterator[Finding]:
    """Declared data of a call activity is the declared data of what it calls."""
    for call in diagram.all("callActivity"):
        called = diagram.element(local_reference(call.get("calledElement")))
        if called is None:
            continue
        if tag_of(called) not in _CALLABLE:
            yield diagram.element_fault(
                call,
                Message("call_kind", "A <{kind}> cannot be called.", {"kind": tag_of(called)}),
                Message("call_kind_remedy", "Call a process or a global task."),
            )
            continue
        here, there = child(call, "ioSpecification"), child(called, "ioSpecification")
        if here is None and child(call, "extensionElements") is not None:
            continue  # a tool's own mappings give what is asked
        for tag in ("dataInput", "dataOutput"):
            if _types(here, tag) != _types(there, tag):
                yield diagram.element_fault(
                    call if here is None else here,
                    Message(
                        "call_data",
                        "The {tag} elements differ from those of “{called}”.",
                        {"tag": tag, "called": called.get("id") or ""},
                    ),
                    Message("call_data_remedy", "Declare the same data on both sides."),
                )


def _types(holder: Element | None, tag: str) -> list[str]:
    return (
        [] if holder is None else sorted(local_reference(data.get("itemSubjectRef")) for data in children(holder, tag))
    )


def public_processes_are_drawings(diagram: Diagram) -> Iterator[Finding]:
    """A public process shows what others may see; it cannot run."""
    for process in diagram.definitions.processes:
        element = diagram.element(process.id)
        if element is not None and element.get("processType") == "Public" and process.executable:
            yield diagram.fault(
                process,
                Message("public_executable", "The process is public and executable at once."),
                Message("public_executable_remedy", "Set processType to Private or None."),
            )


def global_conversations_are_plain(diagram: Diagram) -> Iterator[Finding]:
    """A conversation for use elsewhere holds participants and message flows, no conversations of its own."""
    for conversation in diagram.all("globalConversation"):
        if any(children(conversation, tag) for tag in ("conversation", "subConversation", "callConversation")):
            yield diagram.element_fault(
                conversation,
                Message("conversation_inside", "A global conversation holds other conversations."),
                Message("conversation_inside_remedy", "Draw them in a collaboration."),
            )


COLLABORATION_RULES = (
    message_flows_join_pools,
    multiplicities_have_room,
    closed_choreographies_show_all_messages,
    interfaces_are_bound,
    calls_fit_what_they_call,
    public_processes_are_drawings,
    global_conversations_are_plain,
)
