"""One instance on one runtime; its state is read from its text before each step, as after a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.execution.compiler import ProgramCode
from engine.execution.programs import MachineRuntime
from engine.execution.runtime import (
    Completed,
    Event,
    Happening,
    IncidentRaised,
    InstanceEnded,
    JobDone,
    MessageReceived,
    TaskCompleted,
    TimerFired,
    Wait,
)
from tests.engine.execution.drawing import MONDAY


@dataclass
class Bench:
    """What was taken, what is open and what happened so far."""

    runtime: MachineRuntime
    program: ProgramCode
    state: str | None = None
    waits: tuple[Wait, ...] = ()
    running: bool = True
    happened: list[Happening] = field(default_factory=list[Happening])
    facts: Mapping[str, object] = field(default_factory=dict[str, object])

    def take(self, event: Event, now: datetime = MONDAY) -> list[Happening]:
        event = replace(event, facts=self.facts)
        step = self.runtime.advance(self.program, self.state, event, now)
        assert step == self.runtime.advance(self.program, self.state, event, now), "the same inputs, the same bytes"
        self.state, self.waits, self.running = step.state, step.waits, step.running
        self.happened += step.happenings
        return list(step.happenings)

    def at(self, element_id: str) -> Wait:
        return next(wait for wait in self.waits if wait.element_id == element_id)

    def complete(self, element_id: str, outcome: str | None = None, **data: object) -> None:
        self.take(TaskCompleted(self.at(element_id).id, data, outcome=outcome))

    def fire(self, element_id: str, now: datetime = MONDAY) -> None:
        self.take(TimerFired(self.at(element_id).id), now)

    def receive(self, element_id: str, **payload: object) -> None:
        self.take(MessageReceived(self.at(element_id).id, payload))

    def done(self, element_id: str, result: object = None) -> None:
        self.take(JobDone(self.at(element_id).id, result))

    @property
    def open(self) -> list[str]:
        return sorted(wait.element_id for wait in self.waits)

    @property
    def trace(self) -> list[str]:
        return [each.element_id for each in self.happened if isinstance(each, Completed)]

    @property
    def variables(self) -> dict[str, object]:
        assert self.state is not None
        return self.runtime.variables(self.program, self.state)

    @property
    def ended(self) -> str:
        return next((each.how for each in self.happened if isinstance(each, InstanceEnded)), "")

    @property
    def incidents(self) -> list[str]:
        return [each.message.code for each in self.happened if isinstance(each, IncidentRaised)]


Starts = Callable[..., Bench]
