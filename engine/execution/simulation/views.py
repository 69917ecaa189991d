"""Open waits as records, in the words of the desk."""

from __future__ import annotations

from datetime import datetime

from engine.execution.runtime import JobWait, MessageWait, SignalWait, TaskWait, TimerWait
from engine.execution.runtime import Wait as OpenWait
from engine.execution.simulation.instances import SimInstance
from engine.execution.simulation.records import SimClock, SimTask, Wait
from engine.model.clock import Clock
from engine.model.thresholds import threshold_due

_KINDS: dict[type, str] = {
    TaskWait: "task",
    TimerWait: "timer",
    MessageWait: "message",
    SignalWait: "signal",
    JobWait: "job",
}


def task_view(instance: SimInstance, wait: TaskWait) -> SimTask:
    """An open task with the buttons of its message boundaries."""
    actions = (w.action for w in instance.waits.values() if isinstance(w, MessageWait) and w.task_wait == wait.id)
    return SimTask(
        f"{instance.id}-{wait.id}",
        wait.element_id,
        wait.name,
        wait.lane,
        wait.assignee,
        wait.candidate_groups,
        wait.priority,
        wait.due,
        wait.form,
        wait.outcomes,
        instance.id,
        queue=wait.queue,
        role=wait.role,
        excludes=wait.excludes,
        same_as=wait.same_as,
        candidate_users=wait.candidate_users,
        actions=tuple(action for action in actions if action),
    )


def wait_view(instance: SimInstance, wait: OpenWait) -> Wait:
    """Any open wait."""
    name = wait.name if isinstance(wait, TaskWait | MessageWait | SignalWait) else ""
    return Wait(_KINDS[type(wait)], wait.element_id, name, _due(instance, wait), instance.id)


def _due(instance: SimInstance, wait: OpenWait) -> datetime | None:
    if isinstance(wait, TaskWait):
        return wait.due
    if not isinstance(wait, TimerWait):
        return None
    if wait.threshold is None:
        return wait.due
    clock = instance.clocks.get(wait.threshold.clock)
    return None if clock is None else threshold_due(clock, wait.threshold.at)


def clock_view(instance: SimInstance, clock: Clock) -> SimClock:
    """A clock with its due as an instant in UTC."""
    return SimClock(clock.key, clock.kind.value, clock.due.instant, clock.state.value, clock.fired, instance.id)
