"""Event definitions become triggers and results with compiled texts."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from engine.execution.compiler.code import EventCode
from engine.execution.compiler.refusals import Refusals
from engine.execution.compiler.timers import compile_timer
from engine.execution.expressions import Expression
from engine.model.bpmn import EventDefinition, EventKind, ExpressionText, Node, NodeKind
from engine.model.errors import Message

_THROWING = frozenset({NodeKind.END_EVENT, NodeKind.THROW_EVENT, NodeKind.SEND_TASK})
_CAUGHT = frozenset(
    {
        EventKind.MESSAGE,
        EventKind.TIMER,
        EventKind.SIGNAL,
        EventKind.ERROR,
        EventKind.ESCALATION,
        EventKind.CONDITIONAL,
        EventKind.COMPENSATION,
        EventKind.CANCEL,
        EventKind.LINK,
    }
)
_THROWN = frozenset(
    {
        EventKind.MESSAGE,
        EventKind.SIGNAL,
        EventKind.ERROR,
        EventKind.ESCALATION,
        EventKind.TERMINATE,
        EventKind.COMPENSATION,
        EventKind.CANCEL,
        EventKind.LINK,
    }
)
_NAMED = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})


def compile_events(refusals: Refusals, node: Node, zone: ZoneInfo) -> tuple[EventCode, ...]:
    """Compile all definitions of an event node; kinds that the machine does not run are findings."""
    throwing = node.kind in _THROWING
    runnable = _THROWN if throwing else _CAUGHT
    found: list[EventCode] = []
    for event in node.events:
        names = {"kind": event.kind.value, "node": node.kind.value}
        if event.kind not in runnable:
            refusals.refuse(
                Message("event_not_run", "A {kind} on this {node} does not run.", names),
                Message("event_not_run_remedy", "Draw it with a message, a timer, a signal or an error."),
                event.line,
            )
        elif event.kind in _NAMED and not event.name and not (throwing and (node.notify or node.connector)):
            refusals.refuse(
                Message("event_without_name", "The {kind} on this {node} names nothing.", names),
                Message("event_without_name_remedy", "Choose the message or the signal."),
                event.line,
            )
        else:
            found.append(compile_event(refusals, event, zone))
    return tuple(found)


def compile_event(refusals: Refusals, event: EventDefinition, zone: ZoneInfo) -> EventCode:
    """Compile one definition."""
    if event.kind is EventKind.CONDITIONAL and event.condition is None:
        refusals.refuse(
            Message("condition_missing", "The conditional event has no condition."),
            Message("condition_missing_remedy", "Write the condition."),
            event.line,
        )
    return EventCode(
        event.kind,
        name=event.name,
        code=event.code,
        timer=compile_timer(refusals, event, zone) if event.kind is EventKind.TIMER else None,
        condition=refusals.text(event.condition),
        correlation=_texts(refusals, event.correlation),
        payload=_texts(refusals, event.payload),
        payload_variable=event.payload_variable,
        link=event.link,
        activity=event.activity_ref,
        waits=event.wait_for_completion,
        late_all=event.late_all,
    )


def _texts(refusals: Refusals, written: Mapping[str, ExpressionText]) -> tuple[tuple[str, Expression], ...]:
    compiled = ((key, refusals.text(text)) for key, text in written.items())
    return tuple((key, text) for key, text in compiled if text is not None)
