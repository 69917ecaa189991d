"""An open wait, as the host sees it: what the diagram says, and what was worked out when it was armed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from engine.execution.machine.state import Role, Scope, Waiting, WaitKind
from engine.execution.runtime import JobWait, MessageWait, SignalWait, TaskWait, Threshold, TimerWait, Values, Wait
from engine.model.bpmn import UserTaskFacts
from engine.model.records import maker
from engine.model.zones import from_microseconds

_task_wait, _timer_wait, _message_wait = maker(TaskWait), maker(TimerWait), maker(MessageWait)
_NO_FACTS = UserTaskFacts()
_BOUNDARY = Role.BOUNDARY  # an enumeration's member costs a look-up each time it is named


def moment(saved: object) -> datetime | None:
    """Read a time that was saved in microseconds."""
    return from_microseconds(saved) if isinstance(saved, int) else None


def public_wait(waiting: Waiting) -> Wait:
    """Give the host's view of an open wait; it is made anew only when a message has set keys (R15)."""
    shown = waiting.shown
    if shown is None:
        shown = waiting.shown = _SHOWN[waiting.kind](waiting)
    return shown


def _task(waiting: Waiting) -> TaskWait:
    node = waiting.node
    facts: dict[str, Any] = waiting.facts  # as tasks.task_facts worked them out
    source = node.source
    user, who = source.user or _NO_FACTS, source.performers
    return _task_wait(
        waiting.id,
        node.id,
        source.name,
        _process_id(waiting),
        source.lane,
        user.form,
        user.outcomes,
        (facts.get("queue", who.queue) if facts else who.queue) or "",
        (facts.get("role", who.role) if facts else who.role) or "",
        facts.get("assignee") if facts else None,
        tuple(facts.get("users") or ()) if facts else (),
        who.candidate_groups,
        who.excludes,
        who.same_as,
        facts.get("priority") if facts else None,
        moment(facts.get("due")) if facts else None,
        user.clock,
        source.documentation,
    )


def _scope(waiting: Waiting) -> Scope | None:
    return waiting.token.scope if waiting.token is not None else waiting.scope


def _process_id(waiting: Waiting) -> str:
    scope = _scope(waiting)
    return scope.process.id if scope is not None else ""


def _timer(waiting: Waiting) -> TimerWait:
    facts = waiting.facts
    event, scope = waiting.node.events[waiting.event], _scope(waiting)
    timer = event.timer
    return _timer_wait(
        waiting.id,
        waiting.node.id,
        moment(facts.get("due")),
        Threshold(timer.clock, timer.at) if timer is not None and timer.clock else None,
        cast("int", facts.get("number", 1)),
        moment(facts.get("from")),
        cast("str", facts.get("cycle", "")),
        event.late_all,
        scope.process.zone.key if scope is not None else "UTC",
    )


def _message(waiting: Waiting) -> MessageWait:
    node = waiting.node
    action, task = "", ""
    if waiting.role is _BOUNDARY:
        action = node.source.action
        task = _task_beside(waiting)
    return _message_wait(
        waiting.id,
        node.id,
        node.events[waiting.event].name,
        dict(keys) if isinstance(keys := waiting.facts.get("keys"), dict) else None,
        action,
        task,
    )


def _task_beside(waiting: Waiting) -> str:
    first = waiting.beside
    if first is not None and first.kind is WaitKind.TASK:
        return first.id
    around = waiting.token.waits.values() if waiting.token is not None else ()
    host = waiting.node.source.attached_to  # what is told late may find the token at a task further on
    return next((other.id for other in around if other.kind is WaitKind.TASK and other.node.id == host), "")


def _job(waiting: Waiting) -> JobWait:
    node, facts = waiting.node, waiting.facts
    job = node.job
    if job is None or facts.get("go"):
        return JobWait(waiting.id, node.id, "continue")
    return JobWait(
        waiting.id,
        node.id,
        job.kind,
        key=cast("str", facts.get("to", job.key)),
        inputs=cast("Values", facts.get("inputs") or {}),
        letter=job.letter,
        attempts=job.attempts,
        backoff=job.backoff,
    )


def _signal(waiting: Waiting) -> SignalWait:
    return SignalWait(waiting.id, waiting.node.id, waiting.node.events[waiting.event].name)


_SHOWN: Mapping[WaitKind, Callable[[Waiting], Wait]] = {
    WaitKind.TASK: _task,
    WaitKind.TIMER: _timer,
    WaitKind.MESSAGE: _message,
    WaitKind.SIGNAL: _signal,
    WaitKind.JOB: _job,
}
