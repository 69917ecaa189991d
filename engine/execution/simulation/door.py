"""Processes run here on a virtual clock, with no database and no people: for scenarios, rehearsals and any outside test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from engine.execution.machine import variables, visible
from engine.execution.programs import runtime_for
from engine.execution.runtime import (
    Start,
    TaskCompleted,
    TaskFailed,
    TaskWait,
)
from engine.execution.simulation.clocks import Given, clocks_of
from engine.execution.simulation.delivery import broadcast, send, settle
from engine.execution.simulation.forms import typed
from engine.execution.simulation.given import aware, plain_values
from engine.execution.simulation.instances import SimInstance
from engine.execution.simulation.library import version_of
from engine.execution.simulation.operated import Operations
from engine.execution.simulation.records import (
    DecisionRecord,
    Incident,
    Notice,
    SimClock,
    SimTask,
    Wait,
)
from engine.execution.simulation.saving import moment_of, read_world, saved_world
from engine.execution.simulation.timeline import arm_starts, pass_time
from engine.execution.simulation.views import clock_view, task_view, wait_view
from engine.execution.simulation.world import Connectors, KeptMessage, World
from engine.model.clock import Clock, ClockState
from engine.model.clock_changes import lapse, stop, withdraw_lapse
from engine.model.errors import Conflict, NotFound


class Simulation(Operations):
    """One set of files and all instances that run on it, at one moment of a clock that only `advance` moves."""

    @classmethod
    def load(
        cls,
        files: Mapping[str, bytes],
        *,
        connectors: Connectors | None = None,
        now: datetime,
        runtime: str = "machine",
    ) -> Simulation:
        """Read and compile the files; raise DefinitionInvalid with all findings where they cannot run."""
        world = World(version_of(files), connectors or {}, aware(now), runtime_for(runtime, files))
        arm_starts(world)
        return cls(world)

    @property
    def now(self) -> datetime:
        """The moment of the virtual clock."""
        return self._world.now

    @property
    def at_work(self) -> str:
        """The instance whose connector is being called, for connectors that want to know."""
        return self._world.at_work

    # ---- what people and outside programs do

    def start(
        self,
        process_id: str,
        data: Mapping[str, object] | None = None,
        *,
        actor: str | None = None,
        clocks: Given | None = None,
    ) -> str:
        """Start a process and run it until it waits, ends or fails; give the instance's id."""
        world, given = self._world, dict(data or {})
        process = world.program.processes.get(process_id)
        zone = process.zone.key if process is not None else "UTC"
        started = clocks_of(given, clocks or {}, world.now, zone)
        instance = world.start(Start(process_id, given))
        instance.clocks = started
        instance.performers.update({"": actor} if actor else {})
        settle(world)
        return instance.id

    def tasks(self) -> list[SimTask]:
        """The open user tasks, oldest instance first."""
        return [
            task_view(instance, wait)
            for instance in self._world.instances.values()
            if not instance.suspended
            for wait in instance.waits.values()
            if isinstance(wait, TaskWait)
        ]

    def complete(
        self,
        task_id: str,
        data: Mapping[str, object] | None = None,
        *,
        actor: str | None = None,
        outcome: str | None = None,
    ) -> None:
        """Complete a task; a form refuses what it does not declare, a task without one takes any name."""
        instance, wait = self._open_task(task_id)
        given, declared = dict(data or {}), None
        form = self._world.shelf.forms_of(instance.program).get(wait.form)
        if form is not None:
            given = typed(form, given, visible(instance.program, instance.state, wait.id, {}))
            declared = form.names
        self._world.step(instance, TaskCompleted(wait.id, given, outcome, declared))
        if actor:
            instance.performers[wait.element_id] = actor
        settle(self._world)

    def fail(self, task_id: str, code: str, payload: Mapping[str, object] | None = None) -> None:
        """Fail a task: a BPMN error that the diagram may catch (R20)."""
        instance, wait = self._open_task(task_id)
        self._world.step(instance, TaskFailed(wait.id, code, payload or {}))
        settle(self._world)

    def send_message(
        self,
        name: str,
        payload: Mapping[str, object] | None = None,
        correlation: Mapping[str, object] | None = None,
    ) -> int:
        """Deliver a message; give how many instances took it, 0 where it is kept (R15)."""
        message = KeptMessage(name, plain_values(payload), plain_values(correlation), self._world.now)
        taken = send(self._world, message)
        settle(self._world)
        return taken

    def send_signal(self, name: str, payload: Mapping[str, object] | None = None) -> int:
        """Give a signal to everyone who waits for it now; give how many took it."""
        taken = broadcast(self._world, name, plain_values(payload))
        settle(self._world)
        return taken

    def advance(self, by: timedelta) -> None:
        """Let time pass; what falls due fires in order."""
        if by < timedelta():
            raise Conflict("time_backwards", "Time does not run backwards.")
        settle(self._world)
        pass_time(self._world, self._world.now + by)

    # ---- what can be seen

    def trace(self, instance: str | None = None) -> list[str]:
        """Element ids, one entry per completed node instance."""
        return [element for each in self._chosen(instance) for element in each.trace]

    def variables(self, instance: str | None = None) -> dict[str, object]:
        """The variables of the instance, and what data stores hold; of all together, later ones over older ones."""
        merged: dict[str, object] = dict(self._world.stores)
        for each in self._chosen(instance):
            merged.update(variables(each.program, each.state))
        return merged

    def running(self, instance: str | None = None) -> bool:
        """Whether the instance, or any, has neither ended nor failed."""
        return any(each.is_running for each in self._chosen(instance))

    def ended(self, instance: str) -> str:
        """How the instance ended: completed, failed, terminated or cancelled; empty while it runs."""
        return self._world.instance(instance).ended

    def incidents(self) -> list[Incident]:
        """What cannot go on."""
        return [incident for each in self._world.instances.values() for incident in each.incidents.values()]

    def waits(self) -> list[Wait]:
        """Everything that is open."""
        return [wait_view(each, wait) for each in self._world.instances.values() for wait in each.waits.values()]

    def clocks(self) -> list[SimClock]:
        """The clocks of all instances."""
        return [clock_view(each, clock) for each in self._world.instances.values() for clock in each.clocks.values()]

    def decisions(self) -> list[DecisionRecord]:
        """All decisions that tables made, oldest instance first."""
        return [record for each in self._world.instances.values() for record in each.decisions]

    def notices(self) -> list[Notice]:
        """Letters and notices that would have gone out, in order."""
        return list(self._world.notices)

    # ---- what a host does

    def stop_clock(self, key: str, instance: str | None = None, *, on: date | None = None) -> None:
        """Stop a clock, for a statutory one by evidence of dispatch on a day or at a moment, by default now."""
        for each in self._with_clock(key, instance):
            clock = each.clocks[key]
            if clock.state is ClockState.LAPSED:
                each.clocks[key] = withdraw_lapse(clock, on or self.now, self.now)
            elif clock.state is not ClockState.STOPPED:
                each.clocks[key] = stop(clock, on or self.now, self.now)

    def lapse_clock(self, key: str, instance: str | None = None) -> None:
        """Let a statutory clock whose due has come lapse."""
        for each in self._with_clock(key, instance):
            each.clocks[key] = lapse(each.clocks[key], self.now)

    def set_clock(self, key: str, clock: Clock, instance: str) -> None:
        """Put another clock in place of one; unfired thresholds follow it."""
        self._world.instance(instance).clocks[key] = clock

    def save(self) -> bytes:
        """Give everything but the files and connectors as one text."""
        return saved_world(self._world)

    @classmethod
    def restore(
        cls, data: bytes, files: Mapping[str, bytes], *, connectors: Connectors | None = None, now: datetime
    ) -> Simulation:
        """Read what `save` gave; a `now` later than the saved one is an outage, whose timers fire at once (R10)."""
        world = read_world(data, files, connectors or {})
        until = moment_of(world, aware(now))
        if until > world.now:
            pass_time(world, until, outage=True)
        return cls(world)

    def _with_clock(self, key: str, instance: str | None) -> list[SimInstance]:
        found = [each for each in self._chosen(instance) if key in each.clocks]
        if not found:
            raise NotFound("clock_unknown", "There is no clock “{clock}”.", clock=key)
        return found
