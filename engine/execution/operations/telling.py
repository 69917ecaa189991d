"""What an operation does is told in sentences, one for each thing that people know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from engine.execution.compiler import ProgramCode
from engine.execution.operations.records import Change, ChangeKind
from engine.execution.runtime import (
    Happening,
    IncidentCleared,
    IncidentRaised,
    InstanceEnded,
    JobWait,
    MessageWait,
    SignalWait,
    TaskWait,
    TimerWait,
    VariableWritten,
    Wait,
    WaitClosed,
    WaitOpened,
)
from engine.model.errors import Message

Naming = Callable[[str], str]

_OPENED: Mapping[type, tuple[ChangeKind, Message]] = {
    TaskWait: (ChangeKind.TASK_OPENED, Message("operation_task_opened", "The task “{element}” is opened.")),
    TimerWait: (ChangeKind.TIMER_ADDED, Message("operation_timer_added", "The timer “{element}” is set.")),
    MessageWait: (
        ChangeKind.MESSAGE_ADDED,
        Message("operation_message_added", "“{element}” waits for its message from now on."),
    ),
    SignalWait: (
        ChangeKind.SIGNAL_ADDED,
        Message("operation_signal_added", "“{element}” waits for its signal from now on."),
    ),
    JobWait: (ChangeKind.JOB_ADDED, Message("operation_job_added", "“{element}” is set going.")),
}
_CLOSED: Mapping[str, tuple[ChangeKind, Message]] = {
    "task": (ChangeKind.TASK_CANCELLED, Message("operation_task_cancelled", "The task “{element}” is cancelled.")),
    "timer": (ChangeKind.TIMER_REMOVED, Message("operation_timer_removed", "The timer “{element}” is taken away.")),
    "message": (
        ChangeKind.MESSAGE_REMOVED,
        Message("operation_message_removed", "“{element}” no longer waits for its message."),
    ),
    "signal": (
        ChangeKind.SIGNAL_REMOVED,
        Message("operation_signal_removed", "“{element}” no longer waits for its signal."),
    ),
    "job": (
        ChangeKind.JOB_REMOVED,
        Message("operation_job_removed", "The work of “{element}” is dropped; a late result is not used."),
    ),
}
_SKIPPED = Message("operation_task_skipped", "The task “{element}” is left out; the case goes on behind it.")
_ENDS: Mapping[str, Message] = {
    "completed": Message("operation_ended", "The process ends."),
    "cancelled": Message("operation_ended_cancelled", "The process ends here, unfinished."),
    "failed": Message("operation_ended_failed", "The process ends as failed."),
    "terminated": Message("operation_ended_terminated", "The process ends, with all that is still open in it."),
}


def naming(*programs: ProgramCode) -> Naming:
    """Give a function from an element's id to the words by which people know it; earlier programs come first."""
    found: dict[str, str] = {}
    for program in reversed(programs):
        for process in program.processes.values():
            found.update({node.id: node.source.name or node.id for node in process.nodes})
    return lambda element: found.get(element, element)


def changes_of(happenings: Iterable[Happening], name: Naming) -> list[Change]:
    """Tell what happened, without what began and ended within the step."""
    happened = list(happenings)
    opened = {each.wait.id for each in happened if isinstance(each, WaitOpened)}
    closed = {each.wait_id for each in happened if isinstance(each, WaitClosed)}
    raised = {each.incident_id for each in happened if isinstance(each, IncidentRaised)}
    cleared = {each.incident_id for each in happened if isinstance(each, IncidentCleared)}
    passing = (opened & closed) | (raised & cleared)
    told = (_told(each, name, passing) for each in happened)
    return [change for change in told if change is not None]


def _told(happening: Happening, name: Naming, passing: set[str]) -> Change | None:
    match happening:
        case WaitOpened(wait) if wait.id not in passing:
            return opening(wait, name)
        case WaitClosed(wait_id, element_id, how, kind) if wait_id not in passing:
            return _closing(wait_id, element_id, name, "skipped" if how == "skipped" else kind)
        case VariableWritten(variable):
            return Change(
                ChangeKind.VARIABLE_SET,
                "",
                Message("operation_set", "“{name}” gets another value.", {"name": variable}),
            )
        case IncidentRaised(incident_id, element_id, message) if incident_id not in passing:
            return Change(ChangeKind.INCIDENT_OPENED, element_id, message)
        case IncidentCleared(incident_id) if incident_id not in passing:
            told = Message("operation_incident_cleared", "What had stopped there is settled.")
            return Change(ChangeKind.INCIDENT_CLEARED, "", told)
        case InstanceEnded(how):
            return Change(ChangeKind.ENDED, "", _ENDS[how])
        case _:
            return None


def opening(wait: Wait, name: Naming) -> Change:
    """Tell that something is open now."""
    kind, message = _OPENED[type(wait)]
    return Change(kind, wait.element_id, replace(message, params={"element": name(wait.element_id)}), wait.id)


def _closing(wait_id: str, element_id: str, name: Naming, what: str) -> Change:
    kind, message = (ChangeKind.TASK_SKIPPED, _SKIPPED) if what == "skipped" else _CLOSED[what]
    return Change(kind, element_id, replace(message, params={"element": name(element_id)}), wait_id)
