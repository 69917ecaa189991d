"""Releasing offers a task again to everybody who may do it; the draft stays."""

from __future__ import annotations

from engine.actions.case_record import lock_by_task
from engine.actions.permission import leads_task, require_lead, require_task
from engine.actions.task_changes import refuse_closed, refuse_resting
from engine.model.errors import Conflict
from engine.model.task import Task, TaskState
from engine.store import rows
from engine.store.transaction import Tx


def release_task(tx: Tx, task_id: str) -> Task:
    """Give a task back. The owner may, and the lead for somebody else. Raises Conflict when nobody has it."""
    record, task = lock_by_task(tx, task_id)
    if task.owner_id == tx.actor.person_id or not leads_task(tx.actor, task):
        require_task(tx, task)
    refuse_closed(task)
    refuse_resting(task)
    if task.owner_id is None:
        raise Conflict("task_not_taken", "“{task}” is with nobody, so there is nothing to give back.", task=task.name)
    if task.owner_id != tx.actor.person_id and task.owner_id not in tx.actor.stands_for:
        require_lead(tx, task)
    changes = {"owner_id": None, "delegator_id": None, "state": TaskState.READY, "claimed_at": None}
    rows.update(tx, Task, task.id, version=task.version + 1, **changes)
    record.note("task_released", task=task.id, element=task.element_id, before=task.owner_id)
    record.flush()
    return rows.get(tx, Task, task.id)
