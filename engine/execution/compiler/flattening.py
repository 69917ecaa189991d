"""A process of any depth becomes one list of places: each node with its index, its flows and the subprocess around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.execution.compiler.code import FlowCode
from engine.execution.compiler.refusals import Refusals
from engine.model.bpmn import Body, EventKind, Flow, Node, NodeKind
from engine.model.errors import Message


@dataclass(slots=True)
class Place:
    """A node before it is compiled; `inside` holds the indexes of its own body's nodes."""

    index: int
    node: Node
    siblings: dict[str, int]
    outgoing: list[FlowCode] = field(default_factory=list[FlowCode])
    incoming: list[str] = field(default_factory=list[str])
    boundaries: list[int] = field(default_factory=list[int])
    inside: list[int] = field(default_factory=list[int])


@dataclass(slots=True)
class Layout:
    """All places of a process; `top` are those of its own body, `undo` says by which activity another is compensated."""

    places: list[Place]
    top: list[int]
    undo: dict[int, int] = field(default_factory=dict[int, int])


def lay_out(refusals: Refusals, body: Body) -> Layout:
    """Number all nodes, outer bodies first, and join them by their flows; no recursion, so no limit of depth."""
    layout = Layout([], [])
    pending: list[tuple[Body, Place | None]] = [(body, None)]
    number = 0
    while pending:
        current, owner = pending.pop(0)
        inside = _number_nodes(layout, current)
        _join_flows(refusals, current, layout, inside, number)
        number += len(current.flows)
        _attach_boundaries(refusals, layout, inside)
        _find_undo(refusals, layout, current, inside)
        if owner is None:
            layout.top = inside
        else:
            owner.inside = inside
        pending.extend((place.node.body, place) for place in _owners(layout, inside) if place.node.body is not None)
    return layout


def _owners(layout: Layout, indexes: list[int]) -> Iterator[Place]:
    return (layout.places[index] for index in indexes)


def _number_nodes(layout: Layout, body: Body) -> list[int]:
    siblings: dict[str, int] = {}
    inside: list[int] = []
    for node in body.nodes:
        place = Place(len(layout.places), node, siblings)
        siblings.setdefault(node.id, place.index)
        layout.places.append(place)
        inside.append(place.index)
    return inside


def _join_flows(refusals: Refusals, body: Body, layout: Layout, inside: list[int], number: int) -> None:
    siblings = layout.places[inside[0]].siblings if inside else {}
    ids = [flow.id or f"__sequenceFlow_{number + place}" for place, flow in enumerate(body.flows)]
    for flow, flow_id in zip(body.flows, ids, strict=True):
        source, target = siblings.get(flow.source), siblings.get(flow.target)
        refusals.at(flow.id, flow.name, flow.line)
        if source is None or target is None:
            _refuse_dangling(refusals, flow)
            continue
        node = layout.places[source].node
        code = FlowCode(
            flow_id,
            source,
            target,
            condition=refusals.text(flow.condition),
            is_default=bool(flow.id) and node.default_flow == flow.id,
        )
        layout.places[source].outgoing.append(code)
        layout.places[target].incoming.append(flow_id)


def _refuse_dangling(refusals: Refusals, flow: Flow) -> None:
    refusals.refuse(
        Message(
            "flow_dangling",
            "The flow from “{source}” to “{target}” does not join two nodes of the same level.",
            {"source": flow.source, "target": flow.target},
        ),
        Message("flow_dangling_remedy", "Draw it between two nodes of one process or subprocess."),
    )


def _attach_boundaries(refusals: Refusals, layout: Layout, inside: list[int]) -> None:
    for place in (layout.places[index] for index in inside):
        if place.node.kind is not NodeKind.BOUNDARY_EVENT:
            continue
        host = place.siblings.get(place.node.attached_to)
        if host is None:
            refusals.at(place.node.id, place.node.name, place.node.line)
            refusals.refuse(
                Message("boundary_alone", "The boundary event is attached to nothing."),
                Message("boundary_alone_remedy", "Attach it to an activity of the same level."),
            )
        else:
            layout.places[host].boundaries.append(place.index)


def _find_undo(refusals: Refusals, layout: Layout, body: Body, inside: list[int]) -> None:
    """A compensation boundary leads by an association to the activity that makes its host's work undone."""
    for place in (layout.places[index] for index in inside):
        if not any(event.kind is EventKind.COMPENSATION for event in place.node.events):
            continue
        if place.node.kind is not NodeKind.BOUNDARY_EVENT:
            continue
        targets = [place.siblings.get(line.target) for line in body.associations if line.source == place.node.id]
        found = next((index for index in targets if index is not None), None)
        host = place.siblings.get(place.node.attached_to)
        if found is not None and host is not None:
            layout.undo[host] = found
            continue
        refusals.at(place.node.id, place.node.name, place.node.line)
        refusals.refuse(
            Message("compensation_without_activity", "The compensation event leads to no activity."),
            Message("compensation_without_activity_remedy", "Draw an association to the activity for compensation."),
        )
