"""Sequence flows: where they may begin and end, defaults, conditions, and what gateways say of their direction."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.bpmn.names import children, flag, local_reference, text_of
from engine.definitions.standard.diagram import Level
from engine.model.bpmn import Flow, Node, NodeKind
from engine.model.errors import Finding, Message

_WITH_DEFAULT = frozenset({NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE, NodeKind.COMPLEX})
_GATEWAYS = _WITH_DEFAULT | {NodeKind.PARALLEL, NodeKind.EVENT_BASED}
_EVENTS = frozenset(
    {
        NodeKind.START_EVENT,
        NodeKind.CATCH_EVENT,
        NodeKind.THROW_EVENT,
        NodeKind.BOUNDARY_EVENT,
        NodeKind.END_EVENT,
    }
)


def flows_stay_on_their_level(level: Level) -> Iterator[Finding]:
    """A sequence flow joins two nodes of one process or subprocess and never crosses its border."""
    for flow in level.body.flows:
        for end in (flow.source, flow.target):
            if end and end not in level.by_id and end in _everywhere(level):
                yield level.error(
                    flow,
                    Message("flow_crosses", "The flow crosses a border: “{end}” lies on another level.", {"end": end}),
                    Message(
                        "flow_crosses_remedy", "End it at the subprocess itself, or use a message flow between pools."
                    ),
                )


def _everywhere(level: Level) -> set[str]:
    return {node.id for process in level.diagram.definitions.processes for node in process.body.walk()}


def listed_flows_are_the_real_ones(level: Level) -> Iterator[Finding]:
    """A node that lists a flow as its own must be at that end of it."""
    flows = {flow.id: flow for flow in level.body.flows if flow.id}
    for node in level.body.nodes:
        element = level.diagram.element(node.id)
        if element is None:
            continue
        ends = [(part, "incoming") for part in children(element, "incoming")]
        ends += [(part, "outgoing") for part in children(element, "outgoing")]
        for part, tag in ends:
            flow = flows.get(local_reference(text_of(part)))
            if flow is not None and (flow.target if tag == "incoming" else flow.source) != node.id:
                params: dict[str, object] = {"flow": flow.id, "tag": tag}
                yield level.error(
                    node,
                    Message("flow_elsewhere", "It lists the flow “{flow}” as {tag}, but another node has it.", params),
                    Message("flow_elsewhere_remedy", "Remove the line, or tie the flow to this node."),
                )


def defaults_leave_their_node(level: Level) -> Iterator[Finding]:
    """A default flow is one of the node's own outgoing flows and has no condition."""
    for node in level.body.nodes:
        if not node.default_flow:
            continue
        own = next((flow for flow in level.outgoing(node) if flow.id == node.default_flow), None)
        if own is None:
            yield level.error(
                node,
                Message(
                    "default_elsewhere",
                    "The default flow “{flow}” does not leave this node.",
                    {"flow": node.default_flow},
                ),
                Message("default_elsewhere_remedy", "Choose one of the node's outgoing flows."),
            )
        elif own.condition is not None:
            yield level.warning(
                own,
                Message("default_condition", "The default flow has a condition, which is never read."),
                Message("default_condition_remedy", "Remove the condition, or choose another default."),
            )


def conditions_follow_a_choice(level: Level) -> Iterator[Finding]:
    """Conditions stand on flows of activities and of exclusive, inclusive or complex gateways only."""
    for flow in level.body.flows:
        node = level.by_id.get(flow.source)
        if flow.condition is None or node is None:
            continue
        if node.kind in _EVENTS or node.kind in {NodeKind.PARALLEL, NodeKind.EVENT_BASED}:
            yield level.error(
                flow,
                Message(
                    "condition_misplaced", "A flow that leaves a {kind} cannot have a condition.", {"kind": node.kind}
                ),
                Message("condition_misplaced_remedy", "Put an exclusive gateway between, or remove the condition."),
            )
        elif node.kind not in _GATEWAYS and len(node.outgoing) == 1:
            yield level.warning(
                flow,
                Message(
                    "condition_alone",
                    "The only flow of this activity has a condition; where it is false nothing goes on.",
                ),
                Message("condition_alone_remedy", "Add a default flow."),
            )


def gateways_keep_their_direction(level: Level) -> Iterator[Finding]:
    """A gateway that says converging, diverging or mixed has that many flows."""
    for node in level.body.nodes:
        ins, outs = len(node.incoming), len(node.outgoing)
        fits = {
            "Converging": ins > 1 and outs <= 1,
            "Diverging": outs > 1 and ins <= 1,
            "Mixed": ins > 1 and outs > 1,
        }.get(node.gateway_direction, True)
        if node.kind in _GATEWAYS and not fits:
            params: dict[str, object] = {"direction": node.gateway_direction, "ins": ins, "outs": outs}
            yield level.error(
                node,
                Message(
                    "gateway_direction",
                    "The gateway says {direction}, but {ins} flows come in and {outs} go out.",
                    params,
                ),
                Message("gateway_direction_remedy", "Draw the flows accordingly, or remove gatewayDirection."),
            )


def gateways_are_connected(level: Level) -> Iterator[Finding]:
    """A gateway joins or splits; one that joins may end its paths (BPMN 2.0.2, 10.5.3)."""
    for node in level.body.nodes:
        if node.kind in _GATEWAYS and not node.outgoing and len(node.incoming) < 2:
            yield level.error(
                node,
                Message("gateway_end", "Nothing leaves the gateway."),
                Message("gateway_end_remedy", "Draw its outgoing flow, or use an end event."),
            )


def flows_start_at_once(level: Level) -> Iterator[Finding]:
    """`isImmediate` says false only in drawings."""
    for flow in level.body.flows if level.runs else ():
        element = level.diagram.element(flow.id)
        if element is not None and not flag(element, "isImmediate", True):
            yield level.error(
                flow,
                Message("flow_not_immediate", "A flow that is not immediate cannot run."),
                Message("flow_not_immediate_remedy", "Remove isImmediate, or mark the process as a drawing."),
            )


def splits_say_when(level: Level) -> Iterator[Finding]:
    """Every flow of a choosing gateway but the default has a condition, and one of them is always open."""
    for node in level.body.nodes:
        if node.kind not in {NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE} or len(node.outgoing) < 2:
            continue
        bare = [flow for flow in level.outgoing(node) if flow.condition is None and not _is_default(node, flow)]
        for flow in bare:
            params: dict[str, object] = {"target": flow.target}
            yield level.warning(
                flow,
                Message("split_condition", "The flow to “{target}” has no condition and is no default.", params),
                Message("split_condition_remedy", "Write when it is taken, or make it the default flow."),
            )
        if not bare and not node.default_flow:
            yield level.warning(
                node,
                Message("split_default", "Where no condition is true, the gateway has no way on."),
                Message("split_default_remedy", "Choose a default flow."),
            )


def _is_default(node: Node, flow: Flow) -> bool:
    return bool(flow.id) and flow.id == node.default_flow


FLOW_RULES = (
    flows_stay_on_their_level,
    listed_flows_are_the_real_ones,
    defaults_leave_their_node,
    conditions_follow_a_choice,
    gateways_keep_their_direction,
    gateways_are_connected,
    flows_start_at_once,
    splits_say_when,
)
