"""Running instances move to changed files, each as a whole or not at all; the others go on as they were (R19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.execution.operations import At, Migrated, OpenTasks, Plan, migrate
from engine.execution.runtime import TaskWait
from engine.execution.simulation.instances import SimInstance
from engine.execution.simulation.library import Version
from engine.execution.simulation.records import MigrationReport
from engine.execution.simulation.timeline import arm_starts
from engine.execution.simulation.world import World

Map = Mapping[str, str]


def migrate_all(world: World, version: Version, mapping: Map, *, dry_run: bool) -> MigrationReport:
    """Move each running instance that can be moved; a dry run only tells what would become of each."""
    bound = world.shelf.bound(version) if dry_run else world.shelf.add(version)
    plan = Plan(bound.program, mapping, {key: form.names for key, form in bound.forms.items()})
    report = MigrationReport()
    moved: dict[str, Migrated] = {}
    for instance in world.instances.values():
        if instance.is_running:
            found = migrate(
                instance.program, instance.state, plan, tasks=_claimed(instance), at=At(world.now, world.stores)
            )
            if found.blocked:
                report.blocked[instance.id] = [str(problem) for problem in found.problems]
            else:
                report.moved.append(instance.id)
                moved[instance.id] = found
            report.changes[instance.id] = [str(change.message) for change in found.changes]
    if not dry_run:
        world.version = bound
        for instance_id, found in moved.items():
            _take_over(world, world.instances[instance_id], plan, found)
        arm_starts(world, mapping)
    return report


def _claimed(instance: SimInstance) -> OpenTasks:
    """Nobody claims a task here, but one that names its assignee belongs to them from the beginning."""
    tasks = (wait for wait in instance.waits.values() if isinstance(wait, TaskWait))
    return OpenTasks(frozenset(wait.id for wait in tasks if wait.assignee))


def _take_over(world: World, instance: SimInstance, plan: Plan, found: Migrated) -> None:
    if found.step is None:
        return
    mapping = plan.mapping
    instance.program = plan.to
    instance.process_id = mapping.get(instance.process_id, instance.process_id)
    instance.performers = {mapping.get(element, element): who for element, who in instance.performers.items()}
    for key, incident in instance.incidents.items():
        renamed = mapping.get(incident.element_id, incident.element_id)
        instance.incidents[key] = replace(incident, element_id=renamed)
    world.take(instance, found.step)
