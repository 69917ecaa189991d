"""Starting says that somebody works on it now, so that started differs from untouched."""

from __future__ import annotations

from engine.actions.case_record import lock_by_task
from engine.actions.permission import require_signed_in, require_task
from engine.actions.task_changes import refuse_closed, refuse_others, refuse_resting
from engine.model.task import Task, TaskState
from engine.store import rows
from engine.store.transaction import Tx


def start_task(tx: Tx, task_id: str) -> Task:
    """Start a task that is the actor's or offered; offered ones are claimed with it. Raises Conflict as claiming does."""
    person = require_signed_in(tx)
    record, task = lock_by_task(tx, task_id)
    require_task(tx, task)
    refuse_closed(task)
    refuse_resting(task)
    refuse_others(tx, task)
    if task.state is TaskState.IN_PROGRESS:
        return task
    changes = {"owner_id": person, "state": TaskState.IN_PROGRESS, "started_at": tx.now}
    rows.update(tx, Task, task.id, claimed_at=task.claimed_at or tx.now, version=task.version + 1, **changes)
    record.note("task_started", task=task.id, element=task.element_id, owner=person)
    record.flush()
    return rows.get(tx, Task, task.id)
