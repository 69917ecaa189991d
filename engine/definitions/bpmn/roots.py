"""The elements beside the processes: messages, errors, signals, escalations, operations, correlation, pools."""

from __future__ import annotations

from engine.definitions.bpmn.expressions import element_expression, expression
from engine.definitions.bpmn.names import Element, child, children, local_reference, tag_of, text_of
from engine.definitions.bpmn.reading import Reading, line_of
from engine.model.bpmn import ExpressionText, MessageFlow, Participant

GLOBAL_TASKS = frozenset(
    {"globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask"}
)


def read_roots(reading: Reading) -> None:
    """Note what events refer to by id, so that they can carry names and codes instead."""
    root = reading.root
    for element in children(root, "message", "signal"):
        kept = reading.messages if tag_of(element) == "message" else reading.signals
        kept[element.get("id") or ""] = _name(element)
    for element in children(root, "error"):
        reading.errors[element.get("id") or ""] = element.get("errorCode") or _name(element)
    for element in children(root, "escalation"):
        reading.escalations[element.get("id") or ""] = element.get("escalationCode") or _name(element)
    for interface in children(root, "interface"):
        for operation in children(interface, "operation"):
            reference = local_reference(text_of(child(operation, "inMessageRef")))
            reading.operation_names[operation.get("id") or ""] = _name(operation)
            reading.operations[operation.get("id") or ""] = reading.messages.get(reference, reference)
    reading.global_tasks = frozenset(e.get("id") or "" for e in root if tag_of(e) in GLOBAL_TASKS)
    _read_correlation(reading)
    _read_subscriptions(reading)
    _read_item_names(reading)


def _name(element: Element) -> str:
    return (element.get("name") or element.get("id") or "").strip()


def _read_correlation(reading: Reading) -> None:
    """Correlation properties say, message by message, where a key's value is found."""
    for prop in children(reading.root, "correlationProperty"):
        for retrieval in children(prop, "correlationPropertyRetrievalExpression"):
            path = element_expression(reading, child(retrieval, "messagePath"))
            if path is not None:
                message = local_reference(retrieval.get("messageRef"))
                reading.correlations.setdefault(message, {})[_name(prop)] = path


def _read_subscriptions(reading: Reading) -> None:
    """Zeebe writes the correlation key on the message itself."""
    for message in children(reading.root, "message"):
        subscription = reading.extensions(message).take_element("zeebe", "subscription")
        if subscription is not None:
            key: ExpressionText | None = expression(subscription.get("correlationKey") or "", line_of(subscription))
            if key is not None:
                reading.correlations.setdefault(message.get("id") or "", {})["correlationKey"] = key


def _read_item_names(reading: Reading) -> None:
    """Ids of data elements lead to the names of the variables that they stand for."""
    own: dict[str, str] = {}
    behind: dict[str, str] = {}
    stores: list[str] = []
    for element in reading.root.iter():
        tag = tag_of(element)
        if tag in {"dataObject", "dataInput", "dataOutput", "property", "dataStore", "inputDataItem", "outputDataItem"}:
            own[element.get("id") or ""] = _name(element)
            if tag in {"dataInput", "dataOutput"} and element.get("name"):
                reading.named_ports.add(element.get("id") or "")
        elif tag in {"dataObjectReference", "dataStoreReference"}:
            target = element.get("dataObjectRef") or element.get("dataStoreRef")
            if tag == "dataStoreReference":
                stores.append(element.get("id") or "")
            behind[element.get("id") or ""] = local_reference(target)
            own.setdefault(element.get("id") or "", _name(element))
    for reference, target in behind.items():
        own[reference] = own.get(target) or own[reference]
    reading.item_names = own
    reading.data_stores = tuple(dict.fromkeys(own[store] for store in stores if own[store]))


def read_participants(reading: Reading) -> tuple[tuple[Participant, ...], tuple[MessageFlow, ...]]:
    """The pools of the collaboration and the message flows between them."""
    participants: list[Participant] = []
    flows: list[MessageFlow] = []
    for collaboration in children(reading.root, "collaboration"):
        for pool in children(collaboration, "participant"):
            process = local_reference(pool.get("processRef"))
            participants.append(
                Participant(pool.get("id") or "", (pool.get("name") or "").strip(), process, line_of(pool))
            )
        for flow in children(collaboration, "messageFlow"):
            source, target = local_reference(flow.get("sourceRef")), local_reference(flow.get("targetRef"))
            flows.append(MessageFlow(flow.get("id") or "", source, target, line_of(flow)))
    return tuple(participants), tuple(flows)
