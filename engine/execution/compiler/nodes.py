"""Each place of a process becomes one immutable node; what it may not have is a finding."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from engine.execution.compiler.activities import Surroundings, loop, mappings, multi, work_of
from engine.execution.compiler.code import AdHocCode, BodyCode, Does, EventCode, NodeCode, Starter
from engine.execution.compiler.events import compile_events
from engine.execution.compiler.flattening import Layout, Place
from engine.execution.compiler.limits import check_limits
from engine.execution.compiler.paths import JOINING
from engine.execution.compiler.refusals import Refusals
from engine.execution.runtime import Completed, Entered
from engine.model.bpmn import Body, DataMapping, EventKind, Node, NodeKind
from engine.model.errors import Message

_STATIC = frozenset({EventKind.ERROR, EventKind.ESCALATION, EventKind.COMPENSATION, EventKind.CANCEL})

_PASSED = frozenset({Does.PASS, Does.BOUNDARY, Does.EXCLUSIVE, Does.INCLUSIVE, Does.PARALLEL})


def compile_nodes(refusals: Refusals, layout: Layout, zone: ZoneInfo, around: Surroundings) -> tuple[NodeCode, ...]:
    """Compile all places; inner bodies come later in the list, so they are compiled first."""
    events: list[tuple[EventCode, ...]] = []
    for place in layout.places:
        refusals.at(place.node.id, place.node.name, place.node.line)
        events.append(compile_events(refusals, place.node, zone))
    links = _links(refusals, layout)
    keeps = _keeps(layout, events)
    nodes: list[NodeCode] = []
    for place in layout.places:
        refusals.at(place.node.id, place.node.name, place.node.line)
        check_limits(refusals, place)
        body = None
        if place.node.body is not None:
            body = compile_body(layout, place.inside, place.node.body, events)
            body = replace(body, ad_hoc=_ad_hoc(refusals, place.node))
        node = _node(refusals, place, around, (events, links, body))
        undo = layout.undo.get(place.index, -1)
        nodes.append(_shortened(replace(node, undo=undo, keeps=True) if place.index in keeps else node))
    return tuple(nodes)


def _shortened(node: NodeCode) -> NodeCode:
    """Say where a token can only go on: most do, so the machine has a short way for them."""
    node = replace(node, gated=node.joins or node.pauses_before or node.repeats)
    stays = node.outputs or node.keeps or node.repeats or node.pauses_after
    if stays or not (node.plain and node.outgoing):
        return node
    passes = node.does in _PASSED and not node.gated
    return replace(node, quick=True, passes=passes, passing=(node.entered, node.completed))


def _ad_hoc(refusals: Refusals, node: Node) -> AdHocCode | None:
    if node.kind is not NodeKind.AD_HOC:
        return None
    return AdHocCode(node.ordering == "Sequential", refusals.text(node.activation), node.cancel_remaining)


def _keeps(layout: Layout, events: list[tuple[EventCode, ...]]) -> set[int]:
    """The activities whose completion is remembered: they, or something inside them, can be compensated."""
    found = set(layout.undo)
    for place in reversed(layout.places):
        inside = [layout.places[index] for index in place.inside]
        undone = any(_is_undo(layout, inner, events) for inner in inside if inner.node.triggered_by_event)
        if undone or any(index in found for index in place.inside):
            found.add(place.index)
    return found


def _is_undo(layout: Layout, place: Place, events: list[tuple[EventCode, ...]]) -> bool:
    return any(event.kind is EventKind.COMPENSATION for s in _starters(layout, place, events) for event in (s.event,))


_Parts = tuple[list[tuple[EventCode, ...]], dict[int, int], BodyCode | None]


def _node(refusals: Refusals, place: Place, around: Surroundings, parts: _Parts) -> NodeCode:
    (events, links, body), node = parts, place.node
    work = work_of(refusals, node, around)
    outgoing = tuple(place.outgoing)
    plain = len(outgoing) <= 1 and not (outgoing and outgoing[0].condition)
    return NodeCode(
        place.index,
        node.id,
        work.does,
        node,
        Entered(node.id, node.stage),
        Completed(node.id),
        outgoing=outgoing,
        incoming=tuple(place.incoming),
        plain=plain and place.index not in links and not (outgoing and node.completion_quantity > 1),
        default=next((flow for flow in outgoing if flow.is_default), None),
        boundaries=tuple(place.boundaries),
        armed=tuple(index for index in place.boundaries if any(e.kind not in _STATIC for e in events[index])),
        attached=place.siblings.get(node.attached_to, -1) if node.kind is NodeKind.BOUNDARY_EVENT else -1,
        stage=node.stage,
        events=events[place.index],
        inputs=mappings(refusals, (*(node.call.inputs if node.call else ()), *_own_inputs(node))),
        outputs=mappings(refusals, (*(node.call.outputs if node.call else ()), *_own_outputs(node))),
        multi=multi(refusals, node.multi),
        loop=loop(refusals, node.loop),
        script=work.script,
        script_value=work.script_value,
        user=work.user,
        job=work.job,
        body=body,
        called=work.called,
        links=links.get(place.index, -1),
        needs=node.start_quantity,
        gives=node.completion_quantity,
        joins=node.start_quantity > 1 or (work.does in JOINING and len(place.incoming) > 1),
        repeats=node.multi is not None or node.loop is not None,
        pauses_before=node.async_before,
        pauses_after=node.async_after,
        activation=refusals.text(node.activation) if node.kind is NodeKind.COMPLEX else None,
    )


def _own_inputs(node: Node) -> tuple[DataMapping, ...]:
    return (*(node.connector.inputs if node.connector else ()), *node.inputs)


def _own_outputs(node: Node) -> tuple[DataMapping, ...]:
    return (*(node.connector.outputs if node.connector else ()), *node.outputs)


def compile_body(layout: Layout, inside: list[int], body: Body, events: list[tuple[EventCode, ...]]) -> BodyCode:
    """Find where tokens begin in a body, and its event subprocesses with their triggers."""
    places = [layout.places[index] for index in inside]
    starters = tuple(starter for place in places for starter in _starters(layout, place, events))
    declared = {item.name or item.id for item in body.data} | set(body.properties)
    return BodyCode(
        starts=_starts(places),
        starters=starters,
        armed=tuple(starter for starter in starters if starter.event.kind not in _STATIC),
        undo=next((starter for starter in starters if starter.event.kind is EventKind.COMPENSATION), None),
        declared=frozenset(declared),
    )


def _starts(places: list[Place]) -> tuple[int, ...]:
    """The none start event; where there is no start event at all, every node that nothing leads to."""
    starts = [place for place in places if place.node.kind is NodeKind.START_EVENT]
    none = [place.index for place in starts if not place.node.events]
    if starts:
        return tuple(none[:1])
    return tuple(
        place.index
        for place in places
        if not place.incoming
        and place.node.kind is not NodeKind.BOUNDARY_EVENT
        and not place.node.triggered_by_event
        and not place.node.is_for_compensation
        and not any(event.kind is EventKind.LINK and _is_catch(place.node) for event in place.node.events)
    )


def _is_catch(node: Node) -> bool:
    return node.kind is NodeKind.CATCH_EVENT


def _starters(layout: Layout, place: Place, events: list[tuple[EventCode, ...]]) -> list[Starter]:
    if not place.node.triggered_by_event:
        return []
    return [
        Starter(place.index, inner, event, number, layout.places[inner].node.interrupting)
        for inner in place.inside
        if layout.places[inner].node.kind is NodeKind.START_EVENT
        for number, event in enumerate(events[inner])
    ]


def _links(refusals: Refusals, layout: Layout) -> dict[int, int]:
    """Link throws by the catch of the same name in the same body."""
    catches: dict[tuple[int, str], int] = {}
    for place in layout.places:
        for event in place.node.events:
            if event.kind is EventKind.LINK and _is_catch(place.node):
                catches[id(place.siblings), event.link] = place.index
    found: dict[int, int] = {}
    for place in layout.places:
        for event in place.node.events:
            if event.kind is not EventKind.LINK or place.node.kind is not NodeKind.THROW_EVENT:
                continue
            target = catches.get((id(place.siblings), event.link))
            if target is not None:
                found[place.index] = target
                continue
            refusals.at(place.node.id, place.node.name, place.node.line)
            refusals.refuse(
                Message("link_without_end", "The link “{link}” is caught nowhere.", {"link": event.link}),
                Message("link_without_end_remedy", "Draw a link catch event of the same name on the same level."),
                event.line,
            )
    return found
