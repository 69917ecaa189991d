"""A task is locked by its case; case, task and instance are read at once, as they are after the lock is granted."""

from __future__ import annotations

from typing import Any

from engine.model.case import Case
from engine.model.running import Instance
from engine.model.task import Task
from engine.store import house, rows
from engine.store.shapes import shape_of
from engine.store.transaction import Tx

_AT_ONCE = """
SELECT {columns}, ({version}) FROM task JOIN case_file ON case_file.id = task.case_id JOIN instance ON instance.id = task.instance_id
WHERE task.id = ?"""
_CASE = "SELECT {columns} FROM case_file WHERE case_file.id = (SELECT case_id FROM task WHERE id = ?)"
_INSTANCE = "SELECT {columns} FROM instance WHERE instance.id = (SELECT instance_id FROM task WHERE id = ?)"


def lock_task(tx: Tx, task_id: str) -> Task:
    """Lock the task's case and give the task as it is then; raise NotFound. Case and instance are known from here on."""
    known = _still_known(tx, task_id)
    if known is not None:
        return known
    found = _after_the_lock(tx, task_id) if tx.connection.row_lock else _at_once(tx, task_id)
    if found is None:
        raise rows.missing(Task, task_id)
    case, task, instance, version = found
    if tx.connection.row_lock and (Case, case.id) not in tx.held:
        tx.loaded.clear()
        tx.held.add((Case, case.id))
    tx.noted.setdefault(house.VERSION, version or "")
    for row in (case, task, instance):
        tx.loaded[type(row), row.id] = row
    return task


def _still_known(tx: Tx, task_id: str) -> Task | None:
    """What earlier transactions left, where nobody else has written since and the transaction itself is the lock."""
    if not tx.known.rows:
        return None
    task = rows.known(tx, Task, task_id)
    if task is None or not rows.is_known(tx, Case, task.case_id) or not rows.is_known(tx, Instance, task.instance_id):
        return None
    return task


Found = tuple[Case, Task, Instance, str | None]


def _at_once(tx: Tx, task_id: str) -> Found | None:
    """Where the transaction itself is the lock, one query does."""
    case, task, instance = shape_of(Case), shape_of(Task), shape_of(Instance)
    columns = ", ".join((case.columns, task.columns, instance.columns))
    values: tuple[Any, ...] | None = tx.connection.row(_AT_ONCE.format(columns=columns, version=house.READ), (task_id,))
    if values is None:
        return None
    first, second = len(case.names), len(case.names) + len(task.names)
    return (
        case.decode(values[:first]),
        task.decode(values[first:second]),
        instance.decode(values[second:-1]),
        values[-1],
    )


def _after_the_lock(tx: Tx, task_id: str) -> Found | None:
    """Each query sees what is committed when it begins, so that the later ones see what the lock was waited for."""
    case, task, instance = shape_of(Case), shape_of(Task), shape_of(Instance)
    here = (task_id,)
    cases, tasks, instances, versions = tx.connection.together(
        [
            (_CASE.format(columns=case.columns) + tx.connection.row_lock, here),
            (task.select(((task.key, 0),)), here),
            (_INSTANCE.format(columns=instance.columns), here),
            (house.READ, ()),
        ]
    )
    if not (cases and tasks and instances):
        return None
    version = versions[0][0] if versions else None
    return case.decode(cases[0]), task.decode(tasks[0]), instance.decode(instances[0]), version
