"""What operations do with running instances: hold them, move them, put them right, lead them to other files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.execution.operations import (
    At,
    Level,
    Operated,
    Place,
    levels,
    move_token,
    places,
    rewind,
    set_variables,
    skip,
)
from engine.execution.programs import runtime_for
from engine.execution.runtime import Cancelled, IncidentRetried, MessageWait, TaskWait, VariablesSet
from engine.execution.simulation.delivery import settle
from engine.execution.simulation.environment import change_environment
from engine.execution.simulation.given import plain_values
from engine.execution.simulation.instances import SimInstance
from engine.execution.simulation.library import version_of
from engine.execution.simulation.moving import migrate_all
from engine.execution.simulation.records import Incident, MigrationReport
from engine.execution.simulation.timeline import pass_time
from engine.execution.simulation.world import World
from engine.model.errors import Conflict, NotFound


class Operations:
    """The part of a simulation that operations work with."""

    def __init__(self, world: World) -> None:
        self._world = world

    def suspend(self, instance: str) -> None:
        """Hold an instance: its tasks and plain timers rest until it is resumed; what follows a clock goes on (R13)."""
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

    def retry(self, incident: Incident, *, skip: bool = False) -> None:
        """Try the element of an incident again, or go on behind it without output."""
        self._world.step(self._world.instance(incident.instance), IncidentRetried(incident.id, skip))
        settle(self._world)

    def skip(self, task_id: str) -> None:
        """Leave an open task out: the flow goes on behind it without output (R20)."""
        instance, wait = self._open_task(task_id)
        self._operate(instance, lambda at: skip(instance.program, instance.state, wait.id, at=at))

    def set_variables(
        self, data: Mapping[str, object], instance: str | None = None, *, scope: int | None = None
    ) -> None:
        """Set variables from outside while instances wait; `scope` is the id of one of the instance's levels.

        What is set for all instances is the environment, too, whose conditions start processes.
        """
        values = plain_values(data)
        for each in self._chosen(instance):
            if each.is_running and scope is None:
                self._world.step(each, VariablesSet(values))
            elif scope is not None:
                self._operate(each, self._setting(each, values, scope))
        if instance is None and scope is None:
            change_environment(self._world, values)
        settle(self._world)

    def _setting(self, each: SimInstance, values: Mapping[str, object], scope: int) -> Callable[[At], Operated]:
        return lambda at: set_variables(each.program, each.state, values, scope=scope, at=at)

    def places(self, instance: str) -> tuple[Place, ...]:
        """Where the instance stands."""
        found = self._world.instance(instance)
        return places(found.program, found.state)

    def levels(self, instance: str) -> tuple[Level, ...]:
        """Its scopes with their variables."""
        found = self._world.instance(instance)
        return levels(found.program, found.state)

    def move_token(self, instance: str, place: str, *, to: str) -> None:
        """Move what stands at an element, or a place's token, to another element; raise Conflict where that is unsafe."""
        found = self._running(instance)
        token = self._token(found, place)
        self._operate(found, lambda at: move_token(found.program, found.state, token, to=to, at=at))

    def rewind(self, instance: str, to: str) -> None:
        """Go back to an element that has been done; raise Conflict where several readings are possible."""
        found = self._running(instance)
        self._operate(found, lambda at: rewind(found.program, found.state, to, history=found.trace, at=at))

    def migrate(
        self, files: Mapping[str, bytes], mapping: Mapping[str, str] | None = None, *, dry_run: bool = False
    ) -> MigrationReport:
        """Move the running instances to changed files; raises only for bad files (R19)."""
        version = version_of(files)
        runtime_for(self._world.runtime.name, files)
        report = migrate_all(self._world, version, mapping or {}, dry_run=dry_run)
        if not dry_run:
            settle(self._world)
        return report

    def _operate(self, instance: SimInstance, operation: Callable[[At], Operated]) -> None:
        self._world.take(instance, operation(At(self._world.now, self._world.stores)).step)
        settle(self._world)

    def _token(self, instance: SimInstance, place: str) -> str:
        standing = places(instance.program, instance.state)
        found = [each for each in standing if each.token == place] or [e for e in standing if e.element_id == place]
        if len(found) > 1:
            raise Conflict(
                "place_ambiguous", "The case stands at “{element}” several times; name the token.", element=place
            )
        return found[0].token if found else place

    def _open_task(self, task_id: str) -> tuple[SimInstance, TaskWait]:
        instance_id, _, wait_id = task_id.partition("-")
        instance = self._world.instances.get(instance_id)
        wait = instance.waits.get(wait_id) if instance is not None else None
        if instance is None or not isinstance(wait, TaskWait):
            raise NotFound("task_unknown", "There is no open task “{task}”.", task=task_id)
        return instance, wait

    def _chosen(self, instance: str | None) -> list[SimInstance]:
        return list(self._world.instances.values()) if instance is None else [self._world.instance(instance)]

    def _running(self, instance: str) -> SimInstance:
        found = self._world.instance(instance)
        if not found.is_running:
            raise Conflict("instance_ended", "The instance has ended; nothing more can happen to it.")
        return found
