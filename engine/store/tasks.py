"""Of two people who reach for a task one gets it: claiming is one conditional update."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.task import OPEN_STATES, Task, TaskState
from engine.store import rows
from engine.store.transaction import Tx

_CLAIM = """
UPDATE task SET owner_id = :owner, state = 'reserved', claimed_at = :now, version = version + 1
WHERE id = :task AND owner_id IS NULL AND state = 'ready'"""


def claim(tx: Tx, task_id: str, person_id: str) -> bool:
    """Make the person the owner if the task is ready and nobody's; tell whether it was."""
    found = tx.connection.execute(_CLAIM, rows.bound({"owner": person_id, "now": tx.now, "task": task_id}))
    return found.rowcount == 1


def save_draft(tx: Tx, task_id: str, draft: Mapping[str, object] | None) -> None:
    """Keep what somebody has typed so far; it changes no version, since nothing was done yet (R28)."""
    rows.update(tx, Task, task_id, draft=draft)


def open_of_case(tx: Tx, case_id: str) -> list[Task]:
    """Give the open tasks of a case, oldest first."""
    return rows.find(tx, Task, case_id=case_id, state=tuple(OPEN_STATES), order_by="id")


def open_of_owner(tx: Tx, person_id: str) -> list[Task]:
    """Give the open tasks that a person owns, the earliest due first."""
    return rows.find(tx, Task, owner_id=person_id, state=tuple(OPEN_STATES), order_by="due_at, id")


def next_ready(tx: Tx, queues: frozenset[str], *, limit: int) -> list[Task]:
    """Give the tasks that nobody owns in these queues, the earliest due first and those without a due last."""
    found = [
        task
        for queue in queues
        for task in rows.select(
            tx,
            Task,
            "queue = :queue AND owner_id IS NULL AND state = :ready AND state IN "
            "('ready','reserved','in_progress','suspended','created') ORDER BY due_at IS NULL, due_at, id LIMIT :limit",
            {"queue": queue, "ready": TaskState.READY, "limit": limit},
        )
    ]
    return sorted(found, key=lambda task: (task.due_at is None, task.due_at or task.created_at, task.id))[:limit]
