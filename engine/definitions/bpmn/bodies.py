"""Processes and subprocesses with what is inside them, built from the inside out without recursion."""

from __future__ import annotations

from dataclasses import replace

from engine.definitions.bpmn.expressions import element_expression, names
from engine.definitions.bpmn.lanes import LaneMap
from engine.definitions.bpmn.names import Element, bpmn, child, children, flag, local_reference, tag_of
from engine.definitions.bpmn.nodes import read_node
from engine.definitions.bpmn.reading import FLOW_NODES, Reading, line_of
from engine.model.bpmn import Association, Body, DataObject, Flow, Node, Process

_CONTAINERS = ("subProcess", "transaction", "adHocSubProcess")


def read_process(reading: Reading, element: Element) -> Process:
    """One process with all levels of its content."""
    extensions = reading.extensions(element)
    lanes = LaneMap(reading, element)
    containers = [element, *element.iter(*map(bpmn, _CONTAINERS))]
    bodies: dict[Element, Body] = {}
    for container in reversed(containers):  # the inner ones come later in the file, so they are ready first
        bodies[container] = _body(reading, container, lanes, bodies)
    starters = extensions.take("camunda", "candidateStarterUsers"), extensions.take("camunda", "candidateStarterGroups")
    executable = element.get("isExecutable")
    return Process(
        id=element.get("id") or "",
        name=(element.get("name") or "").strip(),
        line=line_of(element),
        executable=None if executable is None else flag(element, "isExecutable"),
        body=bodies[element],
        case_kind=extensions.take("mg", "caseKind"),
        clock=extensions.take("mg", "clock"),
        zone=extensions.take("mg", "zone"),
        runtime=extensions.take("mg", "runtime"),
        candidate_starters=tuple(name for text in starters for name in names(text)),
    )


def read_global_task(reading: Reading, element: Element) -> Process:
    """A task beside the processes, as the process of this one task that a call activity calls (BPMN 2.0.2, 10.3.6)."""
    node = read_node(reading, element, LaneMap(reading, element))
    return Process(node.id, node.name, node.line, executable=True, body=Body(nodes=(node,)))


def _body(reading: Reading, container: Element, lanes: LaneMap, inner: dict[Element, Body]) -> Body:
    flows = tuple(_flow(reading, flow) for flow in children(container, "sequenceFlow"))
    incoming: dict[str, list[int]] = {}
    outgoing: dict[str, list[int]] = {}
    for place, flow in enumerate(flows):
        outgoing.setdefault(flow.source, []).append(place)
        incoming.setdefault(flow.target, []).append(place)
    nodes: list[Node] = []
    for element in container:
        if tag_of(element) in FLOW_NODES:
            node = read_node(reading, element, lanes)
            ins, outs = tuple(incoming.get(node.id, ())), tuple(outgoing.get(node.id, ()))
            nodes.append(replace(node, incoming=ins, outgoing=outs, body=inner.get(element)))
    return Body(
        nodes=tuple(nodes),
        flows=flows,
        lanes=lanes.by_body.get(container, ()),
        data=tuple(_data_object(part) for part in children(container, "dataObject")),
        properties=tuple(part.get("name") or part.get("id") or "" for part in children(container, "property")),
        associations=tuple(_association(part) for part in children(container, "association")),
    )


def _flow(reading: Reading, element: Element) -> Flow:
    return Flow(
        id=(element.get("id") or "").strip(),
        source=local_reference(element.get("sourceRef")),
        target=local_reference(element.get("targetRef")),
        condition=element_expression(reading, child(element, "conditionExpression")),
        name=(element.get("name") or "").strip(),
        line=line_of(element),
    )


def _data_object(element: Element) -> DataObject:
    name = (element.get("name") or element.get("id") or "").strip()
    return DataObject(element.get("id") or "", name, line_of(element), flag(element, "isCollection"))


def _association(element: Element) -> Association:
    source, target = local_reference(element.get("sourceRef")), local_reference(element.get("targetRef"))
    return Association(source, target, line_of(element))
