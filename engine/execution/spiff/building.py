"""A compiled process becomes SpiffWorkflow specs, built once and shared; they are made by calls, never through XML."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition, TerminateEventDefinition

from engine.execution.compiler.code import BodyCode, Does, NodeCode, ProcessCode
from engine.execution.machine.state import Scope, ScopeKind
from engine.execution.spiff.repeats import around_items
from engine.execution.spiff.specs import Both, Choice, FirstEvent, Inside, OnlyTrue, Outside, Ways
from engine.model.bpmn import EventKind, NodeKind
from engine.model.errors import Conflict

_KEPT = 64
_BODIES = (Does.SUBPROCESS, Does.EVENT_SUBPROCESS)
_CHOOSING = (Does.EXCLUSIVE, Does.INCLUSIVE)
_PROCESSES = (ScopeKind.ROOT, ScopeKind.CALL)
_built: OrderedDict[int, tuple[ProcessCode, Built]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Built:
    """The specs of a process: its own body, and those of its subprocesses by name."""

    spec: Any
    bodies: dict[str, Any]


def built_of(process: ProcessCode) -> Built:
    """Give the specs of a process, from the cache where they have been built before."""
    found = _built.get(id(process))
    if found is None or found[0] is not process:
        found = (process, _build(process))
        _built[id(process)] = found
        while len(_built) > _KEPT:
            _built.popitem(last=False)
    return found[1]


def body_name(node: NodeCode) -> str:
    """Under which name a subprocess's body is known."""
    return f"body:{node.id}"


def body_of_scope(scope: Scope) -> Any:
    """The specs that a scope's tokens move over: a process's, or a subprocess's."""
    built = built_of(scope.process)
    return built.spec if scope.kind in _PROCESSES or scope.node is None else built.bodies[body_name(scope.node)]


def _build(process: ProcessCode) -> Built:
    top = [process.nodes[index] for index in sorted(process.top)]
    built = Built(_body("process", top, process.body), {})
    for node in process.nodes:
        if node.does in _BODIES and node.body is not None and node.source.body is not None:
            inside = [process.by_id[inner.id] for inner in node.source.body.nodes]
            built.bodies[body_name(node)] = _body(body_name(node), inside, node.body)
    return built


def _body(name: str, nodes: Iterable[NodeCode], body: BodyCode) -> Any:
    around = BpmnProcessSpec(name=name)
    drawn = list(nodes)
    specs = {node.index: _spec(around, node) for node in drawn}
    entries = dict(specs)
    for node in drawn:
        if node.boundaries:
            entries[node.index] = _guard(around, node, specs)
    for node in drawn:
        _connect(around, node, specs[node.index], entries)
    for index in body.starts:
        around.start.connect(entries[index])
    if not body.starts:
        around.start.connect(around.end)
    for node in drawn:
        if not entries[node.index].inputs:  # an event subprocess, or a start with a trigger; begun by its event
            entries[node.index].inputs = [around.start]
    return around


def _guard(around: Any, node: NodeCode, specs: dict[int, Any]) -> Any:
    """Put SpiffWorkflow's pair of tasks around an activity with boundary events; give the first of the pair."""
    split = BoundaryEventSplit(around, f"split:{node.id}")
    join = BoundaryEventJoin(around, f"join:{node.id}", split_task=split.name, cancel=True)
    split.connect(specs[node.index])
    specs[node.index].connect(join)
    for index in node.boundaries:
        split.connect(specs[index])
        specs[index].connect(join)
    return split


def _connect(around: Any, node: NodeCode, spec: Any, entries: dict[int, Any]) -> None:
    """Draw the ways out; a gateway that SpiffWorkflow knows is put behind a task with conditional ones."""
    if node.does not in _CHOOSING and any(flow.condition is not None for flow in node.outgoing):
        ways = Ways(around, f"ways:{node.id}")
        ways.bpmn_id, ways.bpmn_name = node.id, node.source.name
        spec.connect(ways)
        spec = ways
    for flow in node.outgoing:
        if flow.is_default or not isinstance(spec, Choice | Ways):
            spec.connect(entries[flow.target])
        else:
            spec.connect_if(OnlyTrue(flow.condition), entries[flow.target])
    if node.links >= 0:
        spec.connect(entries[node.links])
    elif not node.outgoing:
        spec.connect(around.end)


def _spec(around: Any, node: NodeCode) -> Any:
    spec = _made(around, f"node:{node.id}", node)
    _place(spec, node)
    if node.repeats:
        spec = around_items(around, node, spec)
        _place(spec, node)
    return spec


def _place(spec: Any, node: NodeCode) -> None:
    spec.bpmn_id, spec.bpmn_name = node.id, node.source.name
    spec.place = node.index


def _made(around: Any, name: str, node: NodeCode) -> Any:
    match node.does:
        case Does.EXCLUSIVE:
            return Choice(around, name)
        case Does.PARALLEL:
            return Both(around, name)
        case Does.INCLUSIVE:
            return Ways(around, name)
        case Does.EVENT_BASED:
            return FirstEvent(around, name, Outside(name))
        case Does.SUBPROCESS | Does.EVENT_SUBPROCESS | Does.CALL:
            return Inside(around, name, body_name(node))
        case Does.CATCH | Does.RECEIVE:
            return defaults.IntermediateCatchEvent(around, name, Outside(name))
        case Does.BOUNDARY:
            return defaults.BoundaryEvent(around, name, Outside(name), node.source.interrupting)
        case Does.END:
            return defaults.EndEvent(around, name, _end_of(node))
        case Does.USER:
            return defaults.UserTask(around, name)
        case Does.PASS if node.source.kind is NodeKind.START_EVENT:
            return defaults.StartEvent(around, name, NoneEventDefinition())
        case Does.PASS | Does.SCRIPT | Does.RULE | Does.JOB | Does.THROW:
            return defaults.NoneTask(around, name)
        case _:
            raise Conflict(
                "spiff_element",
                "“{element}” is a {kind}, which the runtime “spiff” does not run; remove mg:runtime from the process.",
                element=node.source.name or node.id,
                kind=node.source.kind.value,
            )


def _end_of(node: NodeCode) -> Any:
    terminates = any(event.kind is EventKind.TERMINATE for event in node.events)
    return TerminateEventDefinition() if terminates else NoneEventDefinition()
