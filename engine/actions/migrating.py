"""One instance against one plan: what the machine needs to know of its tasks, and what of its rows follows the diagram (R19)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.choose_owner import choose_owner
from engine.actions.form_of_task import forms_in
from engine.actions.operation import Operation
from engine.actions.permission import require_role
from engine.actions.task_changes import in_state
from engine.execution import operations
from engine.execution.operations import Kept, Migrated, OpenTasks, Plan
from engine.execution.programs import program_of
from engine.execution.runtime import MessageWait, SignalWait, TaskWait, TimerWait
from engine.model.operations import MoveOrder
from engine.model.people import Role
from engine.model.running import Deployed, Incident, Instance, Subscription, Timer
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.store import counters, path_events, rows, settings
from engine.store.transaction import Tx


def plan_of(tx: Tx, order: MoveOrder) -> Plan:
    """The version to go to, compiled, with its forms' fields."""
    require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)
    to = tx.catalog.by_id(order.to_deployment_id)
    program = program_of(to, zone=settings.zone(tx).key, deployments=tx.catalog)
    return Plan(program, order.mapping, fields_of(to))


def fields_of(deployed: Deployed) -> dict[str, frozenset[str]]:
    """The names of the fields of each form of a version."""
    return {key: form.names for key, form in forms_in(deployed.contents).items()}


def migrated(operation: Operation, plan: Plan) -> Migrated:
    """What moving this instance would do, or why it cannot; changes nothing."""
    tx, instance = operation.tx, operation.instance
    require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)
    found = rows.find(tx, Task, state=tuple(sorted(OPEN_STATES)), **instance.place)
    tasks = OpenTasks(
        frozenset(task.wait_id for task in found if task.owner_id is not None),
        {task.wait_id: frozenset(task.draft) for task in found if task.draft},
    )
    return operations.migrate(operation.program, instance.state, plan, tasks=tasks, at=operation.at)


def follow(operation: Operation, instance: Instance, kept: tuple[Kept, ...], mapping: Mapping[str, str]) -> None:
    """Let the rows of waits that stay open, and what was done before, carry the names of the version that it is now on."""
    require_role(operation.tx, Role.ADMINISTRATOR, Role.MANAGER)
    for one in kept:
        _follow_wait(operation, instance, one)
    renamed = {old: new for old, new in mapping.items() if old != new}
    if not renamed:
        return
    old = tuple(renamed)
    of_case: tuple[type[Task | Incident], ...] = (Task, Incident)
    for kind in of_case:
        for row in rows.find(operation.tx, kind, element_id=old, **instance.place):
            rows.update(operation.tx, kind, row.id, element_id=renamed[row.element_id])
    path_events.rename(operation.tx, instance.id, renamed)


def _follow_wait(operation: Operation, instance: Instance, kept: Kept) -> None:
    tx, after = operation.tx, kept.after
    place = {**instance.place, "wait_id": after.id}
    match after:
        case TaskWait():
            for task in rows.find(tx, Task, **place):
                _follow_task(operation, instance, task, kept)
        case TimerWait():
            rows.update_where(tx, Timer, {"element_id": after.element_id}, **place)
        case MessageWait():
            shown = {"element_id": after.element_id, "action": after.action, "task_wait": after.task_wait}
            rows.update_where(tx, Subscription, shown, **place)
        case SignalWait():
            rows.update_where(tx, Subscription, {"element_id": after.element_id}, **place)
        case _:
            pass


def _follow_task(operation: Operation, instance: Instance, task: Task, kept: Kept) -> None:
    """Owner, state, draft and clock stay; performers are those of the new version where nobody had taken the task."""
    tx, wait = operation.tx, kept.after
    if not isinstance(wait, TaskWait):
        return
    changes: dict[str, object] = {
        "element_id": wait.element_id,
        "process_id": wait.process_id,
        "name": wait.name or wait.element_id,
        "form": wait.form,
        "outcomes": list(wait.outcomes),
        "lane": wait.lane,
    }
    if kept.performers_again and task.owner_id is None:
        changes |= {"role": wait.role, "candidates": [*wait.candidate_users, *wait.candidate_groups]}
        if wait.queue != task.queue:
            counters.add(tx, "tasks_by_queue", task.queue, -1)
            counters.add(tx, "tasks_by_queue", wait.queue, 1)
            changes["queue"] = wait.queue
        named = choose_owner(tx, instance, wait, task.changed(**changes)) if wait.assignee or wait.same_as else None
        if named is not None:
            changes |= {"owner_id": named.person_id, "delegator_id": named.for_absent, "claimed_at": tx.now}
            changes |= in_state(task, TaskState.RESERVED)
    rows.update(tx, Task, task.id, version=task.version + 1, **changes)
