"""What every change of a task asks first: is it open, whose is it, and is it still as the person saw it (R28)."""

from __future__ import annotations

from engine.actions.permission import may_perform_by_right
from engine.model.errors import Conflict
from engine.model.people import Person
from engine.model.task import Task, TaskState
from engine.store import rows
from engine.store.transaction import Tx


def refuse_closed(task: Task) -> None:
    """Raise Conflict for a task that is over, saying how."""
    if not task.is_open:
        raise Conflict(
            "task_over",
            "“{task}” is over already ({state}). Open the case to see what happened.",
            task=task.name,
            state=task.state,
        )


def refuse_resting(task: Task) -> None:
    """Raise Conflict for a task whose process is suspended (R13)."""
    if task.state is TaskState.SUSPENDED:
        raise Conflict(
            "task_suspended",
            "“{task}” rests, because operations have suspended its process. It comes back as it was once that is resumed.",
            task=task.name,
        )


def in_state(task: Task, state: TaskState) -> dict[str, object]:
    """The columns that put a task into a state; a suspended one takes it up when it is resumed (R20)."""
    return {"state_before": state} if task.state is TaskState.SUSPENDED else {"state": state}


def refuse_others(tx: Tx, task: Task) -> None:
    """Raise Conflict for a task that somebody else has, unless the actor stands in for them."""
    if tx.actor.is_system or task.owner_id in (None, tx.actor.person_id) or task.owner_id in tx.actor.stands_for:
        return
    owner = rows.maybe(tx, Person, task.owner_id)
    raise Conflict(
        "task_taken",
        "“{task}” is already with {owner}.",
        task=task.name,
        owner=owner.name if owner is not None else task.owner_id,
        owner_id=task.owner_id,
    )


def refuse_stale(task: Task, version: int | None) -> None:
    """Raise Conflict where the task itself changed since the person saw it; other things never refuse (R28)."""
    if version is not None and version != task.version:
        raise Conflict(
            "task_stale",
            "“{task}” was changed while you worked on it. Look at what changed; what you typed is kept.",
            task=task.name,
            seen=version,
            version=task.version,
            changed=["owner", "state"],
        )


def on_behalf(tx: Tx, task: Task) -> str | None:
    """The absent owner for whom the actor acts: the record then says “B for A”."""
    if task.owner_id is not None and task.owner_id in tx.actor.stands_for:
        return task.owner_id
    if task.delegator_id is not None and task.delegator_id in tx.actor.stands_for:
        return task.delegator_id
    if may_perform_by_right(tx.actor, task):
        return None
    absent = next((one for one in tx.actor.stands_in if may_perform_by_right(one, task)), None)
    return absent.person_id if absent is not None else None
