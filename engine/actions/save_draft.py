"""A draft is kept as typed, unvalidated, with the task; it survives reassignment and never changes the version."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.permission import require_task
from engine.actions.task_changes import refuse_closed, refuse_others
from engine.model.task import Task
from engine.model.values import normalise
from engine.store import rows
from engine.store.transaction import Tx


def save_draft(tx: Tx, task_id: str, *, values: Mapping[str, object]) -> None:
    """Keep what was typed so far; raises Conflict for a task that is over or somebody else's."""
    task = rows.get(tx, Task, task_id)
    require_task(tx, task)
    refuse_closed(task)
    refuse_others(tx, task)
    rows.update(tx, Task, task.id, draft=normalise(dict(values), "draft"))
