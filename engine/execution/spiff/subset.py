"""What SpiffWorkflow does otherwise than BPMN says, element by element and as measured, and which of it is guarded here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.model.bpmn import Body, EventKind, Flow, Node, NodeKind
from engine.model.errors import Message

MOST_ELEMENTS = 400
"""SpiffWorkflow predicts by recursion: 800 tasks in a row still ran, 1,500 did not; boundary events count twice."""

Difference = tuple[Node, Message]

GUARDED = frozenset(
    {
        "spiff_call",
        "spiff_inclusive",
        "spiff_event_based",
        "spiff_event_subprocess",
        "spiff_repeated",
        "spiff_start",
        "spiff_error",
        "spiff_once",
        "spiff_unconditional",
        "spiff_race",
        "spiff_catch",
        "spiff_several_events",
        "spiff_throw",
        "spiff_several_results",
        "spiff_split",
        "spiff_condition",
        "spiff_join_in_loop",
        "spiff_paused",
        "spiff_inner_message",
        "spiff_no_start",
    }
)
"""What designers are told of the library, and what the second runtime makes right with rules of ours."""

_WAITED_FOR = frozenset({EventKind.TIMER, EventKind.MESSAGE})
_ENDINGS = frozenset({EventKind.MESSAGE, EventKind.TERMINATE})
_CATCHES = frozenset({NodeKind.CATCH_EVENT, NodeKind.BOUNDARY_EVENT, NodeKind.RECEIVE_TASK})
_SPLITS = frozenset({NodeKind.EXCLUSIVE, NodeKind.PARALLEL, NodeKind.INCLUSIVE, NodeKind.EVENT_BASED, NodeKind.COMPLEX})
_THROWS = frozenset({NodeKind.THROW_EVENT, NodeKind.END_EVENT, NodeKind.SEND_TASK})


@dataclass(frozen=True, slots=True)
class Place:
    """A node with the body that it stands in."""

    node: Node
    body: Body


_KINDS = {
    NodeKind.CALL_ACTIVITY: Message(
        "spiff_call", "SpiffWorkflow copies all data into a called process and back, whatever is mapped."
    ),
    NodeKind.TRANSACTION: Message("spiff_transaction", "SpiffWorkflow does not undo what was done in a transaction."),
    NodeKind.AD_HOC: Message("spiff_ad_hoc", "SpiffWorkflow cannot save an ad hoc subprocess."),
    NodeKind.INCLUSIVE: Message(
        "spiff_inclusive",
        "SpiffWorkflow does not count several tokens on one way into an inclusive gateway.",
    ),
    NodeKind.EVENT_BASED: Message(
        "spiff_event_based", "SpiffWorkflow keeps one due time for all timers behind an event-based gateway."
    ),
    NodeKind.COMPLEX: Message("spiff_complex", "SpiffWorkflow does not know complex gateways."),
}


def _kind(place: Place) -> Message | None:
    return _KINDS.get(place.node.kind)


def _beyond_kind(place: Place) -> Message | None:
    """What is left of a kind that is otherwise guarded."""
    node = place.node
    if node.kind is NodeKind.EVENT_BASED and (node.event_gateway_type == "Parallel" or node.instantiate):
        return Message(
            "spiff_parallel_events", "SpiffWorkflow knows no event-based gateway that waits for all its events."
        )
    if node.start_quantity != 1 or node.completion_quantity != 1:
        return Message("spiff_quantity", "SpiffWorkflow knows no quantities of tokens.")
    if node.instantiate or (node.kind is NodeKind.START_EVENT and node.events and node.parallel_multiple):
        return Message("spiff_instantiate", "SpiffWorkflow begins only at a start event, and with one trigger.")
    if node.multi is not None and node.multi.behavior.lower() != "all":
        return Message("spiff_behavior", "SpiffWorkflow throws no events when items of a multi-instance activity end.")
    return None


def _event_subprocess(place: Place) -> Message | None:
    if place.node.triggered_by_event:
        return Message(
            "spiff_event_subprocess",
            "SpiffWorkflow ignores whether an event subprocess interrupts, and one that has not fired keeps the process open.",
        )
    return None


def _repeated(place: Place) -> Message | None:
    if place.node.multi is not None or place.node.loop is not None:
        return Message(
            "spiff_repeated", "SpiffWorkflow merges the data of repeated activities, and cannot finish them restored."
        )
    return None


def _compensates(place: Place) -> Message | None:
    if place.node.is_for_compensation or _has(place.node, EventKind.COMPENSATION):
        return Message("spiff_compensation", "SpiffWorkflow ignores compensation without a word.")
    return None


def _start(place: Place) -> Message | None:
    node = place.node
    if node.kind is NodeKind.START_EVENT and node.events:
        return Message(
            "spiff_start",
            "SpiffWorkflow begins an instance before its trigger has come, and then waits for it.",
        )
    return None


def _caught(place: Place) -> Message | None:
    node = place.node
    if node.kind not in (NodeKind.CATCH_EVENT, NodeKind.BOUNDARY_EVENT):
        return None
    if node.kind is NodeKind.BOUNDARY_EVENT and _has(node, EventKind.ERROR):
        return Message(
            "spiff_error", "SpiffWorkflow hands an error to every boundary event with this code, siblings too."
        )
    if any(event.kind not in _WAITED_FOR for event in node.events):
        return Message(
            "spiff_catch", "SpiffWorkflow ignores some of these events, or looks at them only when a task is done."
        )
    if not node.interrupting and not _has(node, EventKind.TIMER):
        return Message("spiff_once", "SpiffWorkflow hears what comes beside the work only once.")
    if len(node.events) != 1:
        return Message("spiff_several_events", "SpiffWorkflow keeps one due time for an event with several triggers.")
    return None


def _thrown(place: Place) -> Message | None:
    node = place.node
    known = _ENDINGS if node.kind is NodeKind.END_EVENT else frozenset({EventKind.MESSAGE})
    if node.kind in _THROWS and any(event.kind not in known for event in node.events):
        return Message(
            "spiff_throw", "SpiffWorkflow ignores this event, or hands it to every activity that catches it."
        )
    if node.kind in _THROWS and len(node.events) > 1:
        return Message("spiff_several_results", "SpiffWorkflow throws one result of an event, not several.")
    return None


def _races(place: Place) -> Message | None:
    if place.node.kind is NodeKind.END_EVENT and _has(place.node, EventKind.TERMINATE):
        forks = (node for node in place.body.nodes if node.kind not in (NodeKind.EXCLUSIVE, NodeKind.EVENT_BASED))
        if any(len(node.outgoing) > 1 for node in forks):
            return Message(
                "spiff_race",
                "SpiffWorkflow runs ways side by side in another order, and this end event cuts them short.",
            )
    return None


def _splits(place: Place) -> Message | None:
    node = place.node
    if node.kind in _SPLITS:
        return None
    flows = [place.body.flows[index] for index in node.outgoing]
    if any(flow.condition is not None for flow in flows):
        return Message("spiff_condition", "SpiffWorkflow reads conditional ways out only where a gateway draws them.")
    if len(flows) > 1:
        return Message("spiff_split", "SpiffWorkflow reads several ways out only where a gateway draws them.")
    return None


def _twice(place: Place) -> Message | None:
    """Of two flows into one join it cannot be told which one a token took."""
    targets = [place.body.flows[index].target for index in place.node.outgoing]
    joins = {node.id for node in place.body.nodes if node.kind in (NodeKind.PARALLEL, NodeKind.INCLUSIVE)}
    if any(targets.count(target) > 1 for target in joins.intersection(targets)):
        return Message("spiff_flow_twice", "SpiffWorkflow takes two flows between the same two elements for one.")
    return None


def _unconditional(place: Place) -> Message | None:
    node = place.node
    if node.kind is not NodeKind.EXCLUSIVE or len(node.outgoing) < 2:
        return None
    flows = [place.body.flows[index] for index in node.outgoing]
    if any(flow.condition is None and not _is_default(node, flow) for flow in flows):
        return Message(
            "spiff_unconditional", "SpiffWorkflow wants a condition on each way out of a choice but the default."
        )
    return None


def _is_default(node: Node, flow: Flow) -> bool:
    return bool(flow.id) and flow.id == node.default_flow


def _join_in_loop(place: Place) -> Message | None:
    node = place.node
    if node.kind is NodeKind.PARALLEL and len(node.incoming) > 1 and _comes_back(place):
        return Message(
            "spiff_join_in_loop", "SpiffWorkflow counts what reached a join in an earlier round of a loop again."
        )
    return None


def _comes_back(place: Place) -> bool:
    """Whether a way leads from the node to itself, over boundary events too."""
    nodes = {node.id: node for node in place.body.nodes}
    around: dict[str, list[Node]] = {}
    for node in place.body.nodes:
        around.setdefault(node.attached_to, []).append(node)
    pending, seen = [place.node], set[str]()
    while pending:
        node = pending.pop()
        following = [nodes[target] for index in node.outgoing if (target := place.body.flows[index].target) in nodes]
        for each in (*following, *around.get(node.id, ())):
            if each is place.node:
                return True
            if each.id not in seen:
                seen.add(each.id)
                pending.append(each)
    return False


def _paused(place: Place) -> Message | None:
    if place.node.async_before or place.node.async_after:
        return Message("spiff_paused", "SpiffWorkflow knows no asyncBefore and no asyncAfter.")
    return None


_RULES: tuple[Callable[[Place], Message | None], ...] = (
    _beyond_kind,
    _twice,
    _kind,
    _event_subprocess,
    _repeated,
    _compensates,
    _start,
    _caught,
    _thrown,
    _splits,
    _unconditional,
    _races,
    _join_in_loop,
    _paused,
)


def differences(body: Body, *, guarded: bool = True) -> Iterator[Difference]:
    """Give every element of a process that SpiffWorkflow would run otherwise, and why; the first reason of each.

    Without `guarded` only what the second runtime cannot make right either.
    """
    caught = frozenset(event.name for node in body.walk() if node.kind in _CATCHES for event in node.events)
    passed = frozenset[str]() if guarded else GUARDED
    bodies = [body]
    while bodies:
        current = bodies.pop(0)
        weight = 0
        for node in current.nodes:
            weight += 2 if node.kind is NodeKind.BOUNDARY_EVENT else 1
            found = (said for said in _reasons(Place(node, current), weight, caught) if said.code not in passed)
            reason = next(found, None)
            if reason is not None:
                yield node, reason
            elif node.body is not None:
                bodies.append(node.body)
        if guarded and current.nodes and not any(node.kind is NodeKind.START_EVENT for node in current.nodes):
            yield current.nodes[0], Message("spiff_no_start", "SpiffWorkflow begins only at a start event.")


def _reasons(place: Place, weight: int, caught: frozenset[str]) -> Iterator[Message]:
    for rule in _RULES:
        said = rule(place)
        if said is not None:
            yield said
    if weight > MOST_ELEMENTS:
        yield Message("spiff_large", "SpiffWorkflow looks ahead by recursion and cannot read this many elements.")
    node = place.node
    if node.kind in _THROWS and any(event.name in caught for event in node.events if event.name):
        yield Message("spiff_inner_message", "SpiffWorkflow hands a message to all that wait for it, not to one.")


def _has(node: Node, kind: EventKind) -> bool:
    return any(event.kind is kind for event in node.events)
