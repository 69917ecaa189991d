"""A suspended instance rests: its tasks and plain timers wait until it is resumed; clocks go on, the law's above all (R13)."""

from __future__ import annotations

from engine.actions.operation import Operation, begin
from engine.actions.permission import require_role
from engine.actions.subscribe_message import serve_kept
from engine.model.errors import Conflict
from engine.model.operations import Asked
from engine.model.people import Role
from engine.model.running import Instance, InstanceStatus, Subscription, SubscriptionState
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.store import rows
from engine.store.transaction import Tx


def suspend_instance(tx: Tx, instance_id: str, asked: Asked) -> None:
    """Let the instance rest: nobody works on its tasks, no plain timer fires. Raises Conflict for one that rests already."""
    require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)
    operation = begin(tx, instance_id, asked)
    if operation.instance.status is InstanceStatus.SUSPENDED:
        raise Conflict("suspended_already", "This process is suspended already. Reload the page.")
    working = tuple(sorted(OPEN_STATES - {TaskState.SUSPENDED}))
    for task in rows.find(tx, Task, state=working, **operation.instance.place):
        rest = {"state": TaskState.SUSPENDED, "state_before": task.state}
        rows.update(tx, Task, task.id, version=task.version + 1, **rest)
    _turn(operation, InstanceStatus.SUSPENDED)
    operation.note("process_suspended", asked.reason)


def resume_instance(tx: Tx, instance_id: str, asked: Asked) -> None:
    """Let it go on: tasks are as they were, timers that fell due meanwhile fire, messages that came meanwhile are delivered."""
    require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)
    operation = begin(tx, instance_id, asked)
    if operation.instance.status is not InstanceStatus.SUSPENDED:
        raise Conflict("not_suspended", "This process is not suspended. Reload the page.")
    for task in rows.find(tx, Task, state=TaskState.SUSPENDED, **operation.instance.place):
        before = TaskState(task.state_before or TaskState.READY)
        rows.update(tx, Task, task.id, version=task.version + 1, state=before, state_before="")
    _turn(operation, InstanceStatus.RUNNING)
    operation.note("process_resumed", asked.reason)
    still_open = {"state": SubscriptionState.OPEN, **operation.instance.place}
    for subscription in rows.find(tx, Subscription, order_by="id", **still_open):
        serve_kept(operation.record, subscription)
    tx.after_commit.append(tx.wake)


def _turn(operation: Operation, status: InstanceStatus) -> None:
    instance = operation.instance
    rows.update(operation.tx, Instance, instance.id, status=status, version=instance.version + 1)
