"""Claiming is one atomic step: the loser reads who has the task."""

from __future__ import annotations

from engine.actions.case_record import lock_by_task
from engine.actions.permission import require_signed_in, require_task
from engine.actions.task_changes import refuse_closed, refuse_others, refuse_resting
from engine.model.task import Task, TaskState
from engine.store import rows
from engine.store.transaction import Tx


def claim_task(tx: Tx, task_id: str) -> Task:
    """Make the actor the owner of an offered task; a task that is the actor's already stays as it is.

    Raises Conflict when somebody else has it or it is over.
    """
    person = require_signed_in(tx)
    record, task = lock_by_task(tx, task_id)
    require_task(tx, task)
    refuse_closed(task)
    refuse_resting(task)
    refuse_others(tx, task)
    if task.owner_id == person:
        return task
    changes = {"owner_id": person, "delegator_id": task.owner_id, "state": TaskState.RESERVED, "claimed_at": tx.now}
    rows.update(tx, Task, task.id, version=task.version + 1, **changes)
    record.note("task_claimed", task=task.id, element=task.element_id, owner=person, behalf=task.owner_id)
    record.flush()
    return rows.get(tx, Task, task.id)
