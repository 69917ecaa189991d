"""Data as the standard declares it: item definitions, inputs and outputs, their sets, and what carries them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.bpmn.names import Element, child, children, flag, local_reference, tag_of, text_of
from engine.definitions.standard.diagram import Diagram
from engine.model.errors import Finding, Message

_ITEM_AWARE = (
    "dataObject",
    "dataObjectReference",
    "dataInput",
    "dataOutput",
    "property",
    "inputDataItem",
    "outputDataItem",
)
# Which references of a set must also be among its ordinary ones.
_SUBSETS = (
    ("inputSet", "dataInputRefs", ("optionalInputRefs", "whileExecutingInputRefs")),
    ("outputSet", "dataOutputRefs", ("optionalOutputRefs", "whileExecutingOutputRefs")),
)


def collections_agree(diagram: Diagram) -> Iterator[Finding]:
    """Data that says whether it is a collection says the same as its item definition."""
    for element in diagram.all(*_ITEM_AWARE):
        item = diagram.element(local_reference(element.get("itemSubjectRef")))
        stated = element.get("isCollection")
        if item is None or tag_of(item) != "itemDefinition":
            continue
        is_item = tag_of(element) in {"inputDataItem", "outputDataItem"}
        if is_item and flag(item, "isCollection"):
            yield diagram.element_fault(
                element,
                Message("data_item_collection", "One item of a multi-instance activity is declared as a collection."),
                Message("data_item_collection_remedy", "Give it the item definition of a single value."),
            )
        elif stated is not None and flag(element, "isCollection") != flag(item, "isCollection"):
            yield diagram.element_fault(
                element,
                Message("data_collection", "The data and its item definition disagree on whether it is a collection."),
                Message("data_collection_remedy", "Set isCollection alike on both."),
            )


def sets_are_consistent(diagram: Diagram) -> Iterator[Finding]:
    """Optional data is part of its set, every input and output is in a set, and paired sets name each other."""
    for holder in diagram.all("ioSpecification"):
        for tag, ordinary, special in _SUBSETS:
            for data_set in children(holder, tag):
                named = set(references(data_set, ordinary))
                extra = {reference for part in special for reference in references(data_set, part)} - named
                if extra:
                    yield _not_in_set(diagram, data_set, min(extra))
        yield from _in_no_set(diagram, holder, "dataInput", "inputSet", "dataInputRefs")
        yield from _in_no_set(diagram, holder, "dataOutput", "outputSet", "dataOutputRefs")
        yield from _unpaired(diagram, holder, "inputSet", "outputSetRefs", "inputSetRefs")
        yield from _unpaired(diagram, holder, "outputSet", "inputSetRefs", "outputSetRefs")


def _not_in_set(diagram: Diagram, data_set: Element, reference: str) -> Finding:
    return diagram.element_fault(
        data_set,
        Message(
            "data_set_subset", "“{reference}” is optional in the set but not in the set.", {"reference": reference}
        ),
        Message("data_set_subset_remedy", "Name it among the set's ordinary inputs or outputs too."),
    )


def _in_no_set(diagram: Diagram, holder: Element, tag: str, set_tag: str, ordinary: str) -> Iterator[Finding]:
    named = {reference for data_set in children(holder, set_tag) for reference in references(data_set, ordinary)}
    for data in children(holder, tag):
        if data.get("id") not in named:
            yield diagram.element_fault(
                data,
                Message("data_no_set", "The {tag} “{id}” is in no set.", {"tag": tag, "id": data.get("id") or ""}),
                Message("data_no_set_remedy", "Name it in an {set}.", {"set": set_tag}),
            )


def _unpaired(diagram: Diagram, holder: Element, tag: str, there: str, back: str) -> Iterator[Finding]:
    for data_set in children(holder, tag):
        for reference in references(data_set, there):
            partner = diagram.element(reference)
            if partner is not None and (data_set.get("id") or "") not in references(partner, back):
                yield diagram.element_fault(
                    data_set,
                    Message(
                        "data_set_pair",
                        "The set names “{partner}”, which does not name it back.",
                        {"partner": reference},
                    ),
                    Message("data_set_pair_remedy", "Name each in the other, or in neither."),
                )


def tasks_carry_their_message(diagram: Diagram) -> Iterator[Finding]:
    """A service, send or receive task with declared data has one input or output of the message's type."""
    for task in diagram.all("serviceTask", "sendTask", "receiveTask"):
        holder = child(task, "ioSpecification")
        if holder is None:
            continue
        operation = diagram.element(local_reference(task.get("operationRef")))
        message = diagram.element(local_reference(task.get("messageRef")))
        if tag_of(task) == "serviceTask" and operation is not None:
            coming = diagram.element(local_reference(text_of(child(operation, "inMessageRef"))))
            going = diagram.element(local_reference(text_of(child(operation, "outMessageRef"))))
            yield from _carries(diagram, task, coming, ("dataInput", "inputSet"))
            yield from _carries(diagram, task, going, ("dataOutput", "outputSet"))
        elif message is not None:
            sends = tag_of(task) == "sendTask"
            names = ("dataInput", "inputSet") if sends else ("dataOutput", "outputSet")
            yield from _carries(diagram, task, message, names)


def _carries(diagram: Diagram, task: Element, message: Element | None, names: tuple[str, str]) -> Iterator[Finding]:
    holder = child(task, "ioSpecification")
    if holder is None or message is None:
        return
    data, sets = children(holder, names[0]), children(holder, names[1])
    if len(data) > 1 or len(sets) > 1 or (not data and message.get("itemRef")):
        yield diagram.element_fault(
            holder,
            Message(
                "data_one_message",
                "One message goes through the task, but it has {count} {tag} elements.",
                {"tag": names[0], "count": len(data)},
            ),
            Message("data_one_message_remedy", "Keep one input or output and one set."),
        )
    elif data and not same_type(diagram, item_of(data[0]), local_reference(message.get("itemRef"))):
        yield type_differs(diagram, data[0])


def events_carry_their_payload(diagram: Diagram) -> Iterator[Finding]:
    """Typed payloads of events have a data input or output each, of the same type."""
    for tag, port in (
        ("startEvent", "dataOutput"),
        ("intermediateCatchEvent", "dataOutput"),
        ("boundaryEvent", "dataOutput"),
        ("intermediateThrowEvent", "dataInput"),
        ("endEvent", "dataInput"),
    ):
        for event in diagram.all(tag):
            yield from _event_payload(diagram, event, port)


def _event_payload(diagram: Diagram, event: Element, port: str) -> Iterator[Finding]:
    definitions = [part for part in event if tag_of(part).endswith("EventDefinition")]
    items = [item for part in definitions if (item := _payload_type(diagram, part))]
    data = children(event, port)
    if data and len(items) > 1 and len(data) != len(items):
        yield diagram.element_fault(
            event,
            Message(
                "event_payloads",
                "{items} payloads meet {data} data elements.",
                {"items": len(items), "data": len(data)},
            ),
            Message("event_payloads_remedy", "Give each payload one data element, in the same order."),
        )
    elif len(data) == 1 and len(definitions) == 1 and items and not same_type(diagram, item_of(data[0]), items[0]):
        yield type_differs(diagram, data[0])
    elif items and not data:
        for part in definitions:
            if tag_of(part) == "messageEventDefinition" and _payload_type(diagram, part) and not _operation(part):
                yield diagram.element_fault(
                    part,
                    Message("event_payload_lost", "The message has a typed payload that nothing here holds."),
                    Message(
                        "event_payload_lost_remedy",
                        "Add a data element or the operation, or remove the message's item.",
                    ),
                )


def _operation(definition: Element) -> str:
    return text_of(child(definition, "operationRef"))


def _payload_type(diagram: Diagram, definition: Element) -> str:
    for attribute, item in (
        ("messageRef", "itemRef"),
        ("signalRef", "structureRef"),
        ("errorRef", "structureRef"),
        ("escalationRef", "structureRef"),
    ):
        target = diagram.element(local_reference(definition.get(attribute)))
        if target is not None:
            return local_reference(target.get(item))
    return ""


def paths_are_written(diagram: Diagram) -> Iterator[Finding]:
    """Correlation says where its values are found."""
    for element in diagram.all("messagePath", "dataPath"):
        if not text_of(element):
            yield diagram.element_fault(
                element,
                Message("path_empty", "The correlation's {tag} is empty.", {"tag": tag_of(element)}),
                Message("path_empty_remedy", "Write the expression that gives the key."),
            )


def type_differs(diagram: Diagram, element: Element) -> Finding:
    """A finding at data whose type is not that of what it carries."""
    return diagram.element_fault(
        element,
        Message("data_type", "“{id}” has another type than what it carries.", {"id": element.get("id") or ""}),
        Message("data_type_remedy", "Use the same item definition on both."),
    )


def same_type(diagram: Diagram, one: str, other: str) -> bool:
    """True where two item definitions are one, or have one structure."""
    if one == other:
        return True
    first, second = diagram.element(one), diagram.element(other)
    if first is None or second is None:
        return False
    structure = first.get("structureRef")
    return structure is not None and structure == second.get("structureRef")


def item_of(element: Element) -> str:
    """The item definition that data names."""
    return local_reference(element.get("itemSubjectRef"))


def references(element: Element, tag: str) -> list[str]:
    """The ids that the children of one name point at."""
    return [local_reference(text_of(part)) for part in children(element, tag)]


DATA_RULES = (
    collections_agree,
    sets_are_consistent,
    tasks_carry_their_message,
    events_carry_their_payload,
    paths_are_written,
)
