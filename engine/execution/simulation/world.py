"""The simulated host: it runs steps, then their jobs first in, first out, until nothing is left to do at this moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from engine.execution.compiler import ProgramCode
from engine.execution.programs import MachineRuntime
from engine.execution.runtime import (
    DataStored,
    Event,
    JobDone,
    JobFailed,
    JobWait,
    MessageThrown,
    MessageWait,
    SignalThrown,
    Start,
    Step,
    TimerFired,
    TimerWait,
    Wait,
    WaitClosed,
    WaitOpened,
)
from engine.execution.simulation.instances import SimInstance
from engine.execution.simulation.library import Shelf, Version
from engine.execution.simulation.records import Notice
from engine.model.errors import BpmnError, Conflict, ConnectorError, NotFound
from engine.model.values import normalise

_GO_ON = (TimerFired, JobDone, JobFailed)
"""What happens to a suspended instance all the same: its plain timers are held, so these come from its clocks (R13)."""

Given = TypeVar("Given", bound=Event)
Connectors = Mapping[str, Callable[[dict[str, object]], dict[str, object] | None]]


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message that nobody waited for when it came (R15)."""

    name: str
    payload: Mapping[str, object]
    correlation: Mapping[str, object]
    at: datetime


@dataclass(slots=True)
class World:
    """All instances at one moment; `version` is the newest, `at_work` the instance whose connector is being called."""

    version: Version
    connectors: Connectors
    now: datetime
    runtime: MachineRuntime = field(default_factory=MachineRuntime)
    shelf: Shelf = field(default_factory=Shelf)
    instances: dict[str, SimInstance] = field(default_factory=dict[str, SimInstance])
    armed: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    kept: list[KeptMessage] = field(default_factory=list[KeptMessage])
    notices: list[Notice] = field(default_factory=list[Notice])
    jobs: deque[tuple[str, str]] = field(default_factory=deque[tuple[str, str]])
    thrown: deque[tuple[str, MessageThrown | SignalThrown]] = field(
        default_factory=deque[tuple[str, MessageThrown | SignalThrown]]
    )
    subscribed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    start_timers: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    environment: Mapping[str, object] = field(default_factory=dict[str, object])
    true_starts: frozenset[str] = frozenset()
    stores: dict[str, object] = field(default_factory=dict[str, object])
    counter: int = 0
    arming: int = 0
    at_work: str = ""

    def __post_init__(self) -> None:
        self.version = self.shelf.add(self.version)

    @property
    def program(self) -> ProgramCode:
        """The newest files, compiled; new instances start on it."""
        return self.version.program

    def instance(self, instance_id: str) -> SimInstance:
        """Give an instance; raise NotFound where there is none."""
        found = self.instances.get(instance_id)
        if found is None:
            raise NotFound("instance_unknown", "There is no instance “{instance}”.", instance=instance_id)
        return found

    def start(self, event: Start) -> SimInstance:
        """Begin an instance with its first step; its jobs still have to run."""
        instance = SimInstance(str(self.counter + 1), event.process_id, self.program)
        step = self.runtime.advance(self.program, None, self._with_stores(event), self.now)
        self.counter += 1
        self.instances[instance.id] = instance
        self.take(instance, step)
        return instance

    def step(self, instance: SimInstance, event: Event) -> None:
        """Give an instance an event; its jobs still have to run."""
        if instance.suspended and not isinstance(event, _GO_ON):
            raise Conflict("instance_suspended", "The instance is suspended; resume it first.")
        self.take(instance, self.runtime.advance(instance.program, instance.state, self._with_stores(event), self.now))

    def _with_stores(self, event: Given) -> Given:
        """What data stores hold is a fact of every step."""
        return replace(event, facts={**self.stores, **event.facts}) if self.stores else event

    def take(self, instance: SimInstance, step: Step) -> None:
        """Keep what a step gave, and what follows from it: deliveries, jobs, timers."""
        instance.take(step)
        for happening in step.happenings:
            if isinstance(happening, DataStored):
                self.stores[happening.name] = happening.value
            elif isinstance(happening, MessageThrown | SignalThrown):
                self.thrown.append((instance.id, happening))
            elif isinstance(happening, WaitClosed):
                self.armed.pop((instance.id, happening.wait_id), None)
            elif isinstance(happening, WaitOpened) and happening.wait.id in instance.waits:
                self._note(instance, happening.wait)

    def _note(self, instance: SimInstance, wait: Wait) -> None:
        if isinstance(wait, JobWait):
            self.jobs.append((instance.id, wait.id))
        elif isinstance(wait, TimerWait):
            self.arming += 1
            self.armed[instance.id, wait.id] = self.arming
        elif isinstance(wait, MessageWait):
            self.subscribed.append((instance.id, wait.id))

    def run_job(self, instance_id: str, wait_id: str) -> None:
        """Do one job and give the instance its result; a job whose wait has closed meanwhile is dropped (R4)."""
        instance = self.instance(instance_id)
        wait = instance.waits.get(wait_id)
        if not isinstance(wait, JobWait):
            return
        if wait.kind == "connector":
            self.at_work = instance_id
            self.step(instance, self._call(wait))
            return
        if wait.kind == "notify":
            self.notices.append(Notice(wait.letter, wait.key, wait.element_id, instance_id, self.now))
        self.step(instance, JobDone(wait_id))

    def _call(self, wait: JobWait) -> Event:
        connector = self.connectors.get(wait.key)
        if connector is None:
            return JobFailed(wait.id, f"there is no connector “{wait.key}”.")
        reason = ""
        for _ in range(max(wait.attempts, 1)):
            try:
                return JobDone(wait.id, normalise(connector(dict(wait.inputs)), "result"))
            except BpmnError as error:
                return JobFailed(wait.id, str(error), error_code=error.code, payload=error.payload)
            except Exception as error:  # noqa: BLE001  # outer loop: a connector is foreign code, its failure an incident
                reason = f"{str(error) or type(error).__name__}."
                if isinstance(error, ConnectorError) and error.permanent:
                    break
        return JobFailed(wait.id, reason)
