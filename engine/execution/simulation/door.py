"""Processes run here on a virtual clock, with no database and no people: for scenarios, rehearsals and any outside test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from engine.execution.compiler import compile_program
from engine.execution.machine import variables, visible
from engine.execution.programs import runtime_for
from engine.execution.runtime import (
    Cancelled,
    IncidentRetried,
    MessageWait,
    Start,
    TaskCompleted,
    TaskFailed,
    TaskWait,
    VariablesSet,
)
from engine.execution.simulation.clocks import Given, clocks_of
from engine.execution.simulation.delivery import broadcast, send, settle
from engine.execution.simulation.forms import forms_of, typed
from engine.execution.simulation.given import aware, plain_values
from engine.execution.simulation.instances import SimInstance
from engine.execution.simulation.loading import load_program
from engine.execution.simulation.moving import migrate
from engine.execution.simulation.records import (
    DecisionRecord,
    Incident,
    MigrationReport,
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


class Simulation:
    """One set of files and all instances that run on it, at one moment of a clock that only `advance` moves."""

    def __init__(self, world: World) -> None:
        self._world = world

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
        program = load_program(files)
        world = World(program, connectors or {}, aware(now), forms_of(files), runtime_for(runtime, files))
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
        form = self._world.forms.get(wait.form)
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

    def _open_task(self, task_id: str) -> tuple[SimInstance, TaskWait]:
        instance_id, _, wait_id = task_id.partition("-")
        instance = self._world.instances.get(instance_id)
        wait = instance.waits.get(wait_id) if instance is not None else None
        if instance is None or not isinstance(wait, TaskWait):
            raise NotFound("task_unknown", "There is no open task “{task}”.", task=task_id)
        return instance, wait

    def set_variables(self, data: Mapping[str, object], instance: str | None = None) -> None:
        """Set variables from outside while instances wait."""
        for each in self._chosen(instance):
            if each.is_running:
                self._world.step(each, VariablesSet(dict(data)))
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
        """The variables of the instance; of all together, later ones over older ones."""
        merged: dict[str, object] = {}
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

    def retry(self, incident: Incident, *, skip: bool = False) -> None:
        """Try the element of an incident again, or go on behind it without output."""
        self._world.step(self._world.instance(incident.instance), IncidentRetried(incident.id, skip))
        settle(self._world)

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

    def suspend(self, instance: str) -> None:
        """Hold an instance: its tasks and plain timers rest until it is resumed (R13)."""
        self._running(instance).suspended = True

    def resume(self, instance: str) -> None:
        """Let a suspended instance go on; what fell due meanwhile fires now."""
        held = self._running(instance)
        held.suspended = False
        self._world.subscribed += [(held.id, wait.id) for wait in held.waits.values() if isinstance(wait, MessageWait)]
        settle(self._world)
        pass_time(self._world, self._world.now, outage=True)

    def cancel(self, instance: str) -> None:
        """End an instance from outside."""
        held = self._running(instance)
        held.suspended = False
        self._world.step(held, Cancelled())

    def migrate(
        self, files: Mapping[str, bytes], mapping: Mapping[str, str] | None = None, *, dry_run: bool = False
    ) -> MigrationReport:
        """Move the running instances to changed files; raises only for bad files (R19)."""
        program = load_program(files)
        program = replace(program, library=self._world.shelf) if dry_run else self._world.shelf.add(program)
        report = migrate(self._world, program, mapping or {}, dry_run=dry_run)
        if not dry_run:
            self._world.forms = forms_of(files)
        return report

    def save(self) -> bytes:
        """Give everything but the files and connectors as one text."""
        return saved_world(self._world)

    @classmethod
    def restore(
        cls, data: bytes, files: Mapping[str, bytes], *, connectors: Connectors | None = None, now: datetime
    ) -> Simulation:
        """Read what `save` gave; a `now` later than the saved one is an outage, whose timers fire at once (R10)."""
        world = World(compile_program(files), connectors or {}, aware(now), forms_of(files))
        read_world(data, world)
        until = moment_of(world, aware(now))
        if until > world.now:
            pass_time(world, until, outage=True)
        return cls(world)

    def _chosen(self, instance: str | None) -> list[SimInstance]:
        return list(self._world.instances.values()) if instance is None else [self._world.instance(instance)]

    def _running(self, instance: str) -> SimInstance:
        found = self._world.instance(instance)
        if not found.is_running:
            raise Conflict("instance_ended", "The instance has ended; nothing more can happen to it.")
        return found

    def _with_clock(self, key: str, instance: str | None) -> list[SimInstance]:
        found = [each for each in self._chosen(instance) if key in each.clocks]
        if not found:
            raise NotFound("clock_unknown", "There is no clock “{clock}”.", clock=key)
        return found
