"""What reads well and does not run is named here, one row each, with what to draw instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.execution.compiler.flattening import Place
from engine.execution.compiler.refusals import Refusals
from engine.model.bpmn import EventKind, NodeKind
from engine.model.errors import Message


@dataclass(frozen=True, slots=True)
class Limit:
    """How to recognise it, what it is, and what to do."""

    found: Callable[[Place], bool]
    message: Message
    remedy: Message


def _behavior(place: Place) -> bool:
    multi = place.node.multi
    return multi is not None and not multi.tells


_AWAITED = frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL})


def _several_together(place: Place) -> bool:
    node = place.node
    return node.parallel_multiple and len(node.events) > 1 and any(event.kind not in _AWAITED for event in node.events)


def _of(kind: NodeKind, *, waits_for_nothing: bool) -> Callable[[Place], bool]:
    return lambda place: place.node.kind is kind and bool(place.node.events) is not waits_for_nothing


_LIMITS = (
    Limit(
        lambda place: place.node.kind is NodeKind.COMPLEX and len(place.incoming) > 1 and place.node.activation is None,
        Message("complex_without_condition", "The complex gateway joins flows and does not say when it goes on."),
        Message("complex_without_condition_remedy", "Write its activation condition, such as activationCount >= 2."),
    ),
    Limit(
        lambda place: min(place.node.start_quantity, place.node.completion_quantity) < 1,
        Message("quantity_below_one", "The start or completion quantity is below 1."),
        Message("quantity_below_one_remedy", "Write a whole number from 1, or leave it out."),
    ),
    Limit(
        _behavior,
        Message(
            "multi_behavior_not_run",
            "A multi-instance of this behavior does not run without an event, nor a complex one without a condition.",
        ),
        Message("multi_behavior_not_run_remedy", "Remove the attribute behavior."),
    ),
    Limit(
        _several_together,
        Message(
            "several_together_not_run",
            "Only messages, timers, signals and conditions can be waited for together; this event asks for another kind.",
        ),
        Message("several_together_not_run_remedy", "Let it wait for one thing, or remove parallelMultiple."),
    ),
    Limit(
        lambda place: place.node.triggered_by_event and bool(place.node.multi or place.node.loop),
        Message("event_subprocess_repeated", "An event subprocess cannot be repeated."),
        Message("event_subprocess_repeated_remedy", "Repeat an activity inside it."),
    ),
    Limit(
        lambda place: place.node.kind is NodeKind.EVENT_BASED and not place.outgoing,
        Message("event_gateway_empty", "The event-based gateway leads to no event."),
        Message("event_gateway_empty_remedy", "Lead it to catch events or receive tasks."),
    ),
    Limit(
        _of(NodeKind.CATCH_EVENT, waits_for_nothing=True),
        Message("catch_event_empty", "The catch event waits for nothing."),
        Message("catch_event_empty_remedy", "Choose a message, a timer or a signal."),
    ),
    Limit(
        _of(NodeKind.BOUNDARY_EVENT, waits_for_nothing=True),
        Message("boundary_event_empty", "The boundary event waits for nothing."),
        Message("boundary_event_empty_remedy", "Choose a message, a timer or an error."),
    ),
)


def check_limits(refusals: Refusals, place: Place) -> None:
    """Add a finding for everything of the place that does not run."""
    for limit in _LIMITS:
        if limit.found(place):
            refusals.refuse(limit.message, limit.remedy)
