"""One flow node with everything the file says about it."""

from __future__ import annotations

from dataclasses import replace

from engine.definitions.bpmn.activities import (
    read_call,
    read_decision,
    read_loop,
    read_multi_instance,
    read_script,
    read_user_task,
)
from engine.definitions.bpmn.connected_tasks import read_notify, read_service
from engine.definitions.bpmn.events import message_of_task, read_events
from engine.definitions.bpmn.expressions import element_expression
from engine.definitions.bpmn.lanes import LaneMap
from engine.definitions.bpmn.mappings import read_mappings
from engine.definitions.bpmn.names import Element, child, flag, local_reference, tag_of
from engine.definitions.bpmn.performers import read_performers, with_lanes
from engine.definitions.bpmn.reading import Reading, documentation, line_of
from engine.definitions.bpmn.retry_cycles import with_retry_cycle
from engine.model.bpmn import Node, NodeKind

_EVENTS = frozenset(
    {
        NodeKind.START_EVENT,
        NodeKind.END_EVENT,
        NodeKind.CATCH_EVENT,
        NodeKind.THROW_EVENT,
        NodeKind.BOUNDARY_EVENT,
    }
)
_GATEWAYS = frozenset(
    {NodeKind.EXCLUSIVE, NodeKind.PARALLEL, NodeKind.INCLUSIVE, NodeKind.EVENT_BASED, NodeKind.COMPLEX}
)
_CONTAINERS = frozenset({NodeKind.SUBPROCESS, NodeKind.TRANSACTION, NodeKind.AD_HOC})


_GLOBAL = {
    "globalTask": NodeKind.TASK,
    "globalUserTask": NodeKind.USER_TASK,
    "globalManualTask": NodeKind.MANUAL_TASK,
    "globalScriptTask": NodeKind.SCRIPT_TASK,
    "globalBusinessRuleTask": NodeKind.RULE_TASK,
}


def read_node(reading: Reading, element: Element, lanes: LaneMap) -> Node:
    """Everything but the flows around the node and the body inside it; a global task is read as the task that it is."""
    tag = tag_of(element)
    kind = _GLOBAL.get(tag) or NodeKind(tag)
    extensions = reading.extensions(element)
    around = lanes.around(reading, element)
    node = Node(
        kind,
        id=reading.node_ids.get(element) or element.get("id") or "",
        name=(element.get("name") or "").strip(),
        line=line_of(element),
        has_id=bool(element.get("id")),
        documentation=documentation(element),
        lane=(around[0].name or around[0].id) if around else "",
        stage=extensions.take("mg", "stage"),
        default_flow=local_reference(element.get("default")),
        async_before=_true(extensions.take("camunda", "asyncBefore") or extensions.take("camunda", "async")),
        async_after=_true(extensions.take("camunda", "asyncAfter")),
    )
    if kind in _EVENTS:
        return with_retry_cycle(reading, extensions, _event(reading, element, node))
    if kind in _GATEWAYS:
        return _gateway(reading, element, node)
    node = with_retry_cycle(reading, extensions, _task(reading, element, _activity(reading, element, node)))
    return replace(node, performers=with_lanes(node.performers, around)) if kind is NodeKind.USER_TASK else node


def _true(text: str) -> bool:
    return text.strip().lower() == "true"


def _event(reading: Reading, element: Element, node: Node) -> Node:
    extensions = reading.extensions(element)
    inputs, outputs = read_mappings(reading, element)
    interrupting = flag(element, "cancelActivity" if node.kind is NodeKind.BOUNDARY_EVENT else "isInterrupting", True)
    node = replace(
        node,
        events=read_events(reading, element),
        parallel_multiple=flag(element, "parallelMultiple"),
        attached_to=local_reference(element.get("attachedToRef")),
        interrupting=interrupting,
        inputs=inputs,
        outputs=outputs,
    )
    if node.kind is NodeKind.BOUNDARY_EVENT:
        node = replace(node, action=extensions.take("mg", "action"))
    if node.kind in {NodeKind.THROW_EVENT, NodeKind.END_EVENT}:
        node = replace(node, notify=read_notify(extensions))
        if extensions.elements or extensions.attributes:
            service = read_service(reading, element)
            node = replace(node, connector=service.connector)
    return node


def _gateway(reading: Reading, element: Element, node: Node) -> Node:
    return replace(
        node,
        gateway_direction=element.get("gatewayDirection") or "",
        instantiate=flag(element, "instantiate"),
        event_gateway_type=element.get("eventGatewayType") or "Exclusive",
        activation=element_expression(reading, child(element, "activationCondition")),
    )


def _activity(reading: Reading, element: Element, node: Node) -> Node:
    inputs, outputs = read_mappings(reading, element)
    node = replace(
        node,
        inputs=inputs,
        outputs=outputs,
        multi=read_multi_instance(reading, element),
        loop=read_loop(reading, element),
        is_for_compensation=flag(element, "isForCompensation"),
        start_quantity=_quantity(element, "startQuantity"),
        completion_quantity=_quantity(element, "completionQuantity"),
    )
    if node.kind not in _CONTAINERS:
        return node
    ordering = element.get("ordering") or "Parallel"
    if flag(element, "triggeredByEvent"):
        reading.extensions(element).take("mg", "clock")  # the thresholds inside ask for it
    node = replace(node, triggered_by_event=flag(element, "triggeredByEvent"), ordering=ordering)
    if node.kind is NodeKind.AD_HOC:
        activation = element_expression(reading, child(element, "completionCondition"))
        node = replace(node, activation=activation, cancel_remaining=flag(element, "cancelRemainingInstances", True))
    return node


def _quantity(element: Element, name: str) -> int:
    text = (element.get(name) or "1").strip()
    return int(text) if text.removeprefix("-").isdecimal() else 1


def _task(reading: Reading, element: Element, node: Node) -> Node:
    match node.kind:
        case NodeKind.USER_TASK:
            return replace(node, performers=read_performers(reading, element), user=read_user_task(reading, element))
        case NodeKind.SERVICE_TASK:
            return _service(reading, element, node)
        case NodeKind.SEND_TASK:
            node = replace(node, notify=read_notify(reading.extensions(element)))
            return _service(reading, element, replace(node, events=message_of_task(reading, element)))
        case NodeKind.RECEIVE_TASK:
            return replace(node, events=message_of_task(reading, element), instantiate=flag(element, "instantiate"))
        case NodeKind.SCRIPT_TASK:
            script, variable = read_script(reading, element)
            node = replace(node, script=script, result_variable=variable)
            return node if script is not None else _service(reading, element, node)
        case NodeKind.RULE_TASK:
            decision = read_decision(reading, element)
            node = replace(node, decision=decision, result_variable=decision.result_variable if decision else "")
            return node if decision is not None else _service(reading, element, node)
        case NodeKind.CALL_ACTIVITY:
            return replace(node, call=read_call(reading, element))
        case _:
            return node


def _service(reading: Reading, element: Element, node: Node) -> Node:
    service = read_service(reading, element)
    return replace(
        node,
        connector=service.connector,
        script=node.script or service.script,
        result_variable=node.result_variable or service.result_variable,
    )
