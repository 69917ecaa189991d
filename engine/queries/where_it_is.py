"""Where the processes of a case are: which steps are done, which wait, since when and with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from engine.execution.programs import program_of
from engine.model.bpmn import EventKind, NodeKind
from engine.model.case import Case, CaseStatus
from engine.model.errors import NotFound
from engine.model.running import (
    Incident,
    IncidentState,
    Instance,
    Job,
    PathEvent,
    Subscription,
    SubscriptionState,
    Timer,
    TimerState,
)
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.queries.drawings import Drawing, Element, drawing_of
from engine.store import rows
from engine.store.transaction import Tx

_QUIET = (
    NodeKind.EXCLUSIVE,
    NodeKind.PARALLEL,
    NodeKind.INCLUSIVE,
    NodeKind.EVENT_BASED,
)
_MINOR = (
    NodeKind.START_EVENT,
    NodeKind.END_EVENT,
    NodeKind.SUBPROCESS,
    NodeKind.TRANSACTION,
)


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    ACTIVE = "active"
    WAITING = "waiting"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a diagram as its text twin shows it; `count` is how often it was done.

    A minor step (a part as a whole, a start, an end) is marked in the diagram and left out of the twin.
    """

    element_id: str
    name: str
    state: StepState
    since: datetime | None
    owner_id: str | None = None
    task_id: str = ""
    due_at: datetime | None = None
    count: int = 1
    minor: bool = False


@dataclass(frozen=True, slots=True)
class InstanceView:
    """An instance with its diagram and steps: those that are done in order, then those that wait."""

    instance: Instance
    version: int
    drawing: Drawing
    steps: Sequence[Step]

    @property
    def marks(self) -> list[dict[str, object]]:
        """What the diagram viewer marks."""
        marker = {StepState.DONE: "done", StepState.ACTIVE: "active", StepState.STUCK: "incident"}
        return [
            {"element": step.element_id, "marker": marker[step.state]} for step in self.steps if step.state in marker
        ]


def instances_of(tx: Tx, case_id: str) -> list[InstanceView]:
    """The process instances of a case, the newest first."""
    found: list[InstanceView] = []
    for instance in rows.find(tx, Instance, case_id=case_id, order_by="id DESC"):
        try:
            drawing = drawing_of(tx, instance.deployment_id, instance.process_id)
        except NotFound:
            continue
        version = tx.catalog.by_id(instance.deployment_id).version
        found.append(InstanceView(instance, version, drawing, steps_of(tx, instance, drawing)))
    return found


def steps_of(tx: Tx, instance: Instance, drawing: Drawing) -> list[Step]:
    """What was done and what waits, without what only routes."""
    stuck = rows.find(tx, Incident, state=IncidentState.OPEN, order_by="id", **instance.place)
    waiting = [
        Step(each.element_id, drawing.name_of(each.element_id), StepState.STUCK, each.created_at) for each in stuck
    ]
    waiting += _tasks(tx, instance, drawing)
    if instance.status.is_live:
        waiting += _waits(tx, instance, drawing)
    return [*_done(tx, instance, drawing), *waiting]


def _done(tx: Tx, instance: Instance, drawing: Drawing) -> list[Step]:
    """One step for each element, at the place and time where it was done last."""
    done: dict[str, Step] = {}
    events = rows.find(tx, PathEvent, instance_id=instance.id, order_by="id")
    for element_id, at in [(element_id, event.at) for event in events for element_id in event.elements]:
        element = drawing.elements.get(element_id)
        if element is None or not _is_told(element):
            continue
        before = done.pop(element_id, None)
        count = before.count + 1 if before is not None else 1
        minor = element.kind in _MINOR
        done[element_id] = Step(element.id, element.name, StepState.DONE, at, count=count, minor=minor)
    performers = {
        task.element_id: task.closed_by
        for task in rows.find(tx, Task, state=TaskState.COMPLETED, order_by="id", **instance.place)
    }
    return [replace(step, owner_id=performers.get(step.element_id)) for step in done.values()]


def _is_told(element: Element) -> bool:
    return bool(element.name) and element.kind not in _QUIET


def _tasks(tx: Tx, instance: Instance, drawing: Drawing) -> list[Step]:
    return [
        Step(task.element_id, task.name, StepState.ACTIVE, task.created_at, task.owner_id, task.id, task.due_at)
        for task in rows.find(tx, Task, state=tuple(sorted(OPEN_STATES)), order_by="id", **instance.place)
    ]


def _waits(tx: Tx, instance: Instance, drawing: Drawing) -> list[Step]:
    """Messages and jobs that the process itself waits for; watching timers only where they have a due."""
    name = drawing.name_of
    found = [
        Step(row.element_id, name(row.element_id), StepState.ACTIVE, None)
        for row in rows.find(tx, Subscription, state=SubscriptionState.OPEN, order_by="id", **instance.place)
        if not row.action and drawing.elements.get(row.element_id, Element("", "", "")).kind in _OWN_WAITS
    ]
    jobs = rows.find(tx, Job, order_by="id", **instance.place)
    found += [Step("", job.name, StepState.WAITING, job.created_at, due_at=job.due_at) for job in jobs]
    timers = rows.find(tx, Timer, state=TimerState.PENDING, order_by="due_at, id", **instance.place)
    found += [
        Step(timer.element_id, name(timer.element_id), StepState.WAITING, timer.armed_at, due_at=timer.due_at)
        for timer in timers
        if timer.due_at is not None
    ]
    return found


_OWN_WAITS = (NodeKind.RECEIVE_TASK, NodeKind.CATCH_EVENT)


def receives(tx: Tx, case: Case) -> frozenset[str]:
    """The names of the messages that the case can take now: what it waits for, or what can start it again."""
    open_ones = rows.find(tx, Subscription, case_id=case.id, state=SubscriptionState.OPEN)
    names = {row.name for row in open_ones if not row.action}
    newest = tx.catalog.newest_or_none(case.kind)
    if case.status is CaseStatus.CLOSED and newest is not None:
        starts = program_of(newest).starts
        names |= {start.event.name for start in starts if start.event.kind is EventKind.MESSAGE}
    return frozenset(names)
