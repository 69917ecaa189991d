"""Tasks of owners, queues or one case, by due and id, each task once; those without a due come last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.lists import LAST, Place
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.store import rows, search
from engine.store.shapes import shape_of
from engine.store.transaction import Tx

_OPEN = "task.state IN ('ready','reserved','in_progress','suspended','created')"
_STATES = "task.state IN (SELECT value FROM json_each(:states))"
_OTHERS = "task.owner_id NOT IN (SELECT value FROM json_each(:owners))"
_OWN = "task.owner_id IN (SELECT value FROM json_each(:owners))"
_ROLE = "(task.role = '' OR task.role IN (SELECT value FROM json_each(:roles)))"
_TEXT = "(task.case_id IN (SELECT value FROM json_each(:cases)) OR instr(lower(task.name), lower(:text)) > 0)"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskScope:
    """Which tasks: the legs are `case_id`, or `owners` and `queues` together; the rest narrows them.

    `own` leaves the owners' tasks alone, `queue` those of one queue; `roles` count for tasks that have no queue.
    """

    owners: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    case_id: str | None = None
    own: bool = False
    queue: str = ""
    roles: tuple[str, ...] = ()
    states: tuple[TaskState, ...] = ()
    text: str = ""


def page(tx: Tx, scope: TaskScope, after: Place | None, *, size: int) -> list[tuple[Task, int]]:
    """Up to `size` tasks after a place, each with its sort key."""
    params = _params(tx, scope, after)
    legs = [leg for where in _legs(scope, params) for leg in _ordered(where, after)]
    if not legs:
        return []
    params["size"] = size
    shape = shape_of(Task)
    statement = (
        f"SELECT {shape.columns}, picked.k FROM "
        f"(SELECT * FROM ({' UNION ALL '.join(legs)}) AS legs ORDER BY k, id LIMIT :size) picked "
        "JOIN task ON task.id = picked.id ORDER BY picked.k, picked.id"
    )
    return [(shape.decode(values[:-1]), int(values[-1])) for values in rows.fetch(tx, statement, params)]


def _params(tx: Tx, scope: TaskScope, after: Place | None) -> dict[str, object]:
    params: dict[str, object] = {
        "owners": json.dumps(scope.owners),
        "roles": json.dumps(scope.roles),
        "states": json.dumps([str(state) for state in scope.states]),
    }
    if after is not None:
        params |= {"after_key": after.key, "after_id": after.id}
    if text := scope.text.strip():
        params |= {"text": text, "cases": json.dumps(search.matching(tx, text, limit=500))}
    if scope.queue:
        params["queue"] = scope.queue
    return params


def _legs(scope: TaskScope, params: dict[str, object]) -> Iterator[str]:
    """The condition of each leg; a partial index serves it while only open tasks are asked for."""
    narrowed = [_STATES] if scope.states else []
    narrowed += [_OPEN] if set(scope.states) <= OPEN_STATES else []
    narrowed += [_TEXT] if scope.text.strip() else []
    narrowed += ["task.queue = :queue"] if scope.queue else []
    narrowed += [_OWN] if scope.own else []
    if scope.case_id is not None:
        params["case"] = scope.case_id
        yield " AND ".join(("task.case_id = :case", *narrowed))
        return
    for number, owner in enumerate(scope.owners):
        params[f"owner{number}"] = owner
        yield " AND ".join((f"task.owner_id = :owner{number}", *narrowed))
    for number, queue in enumerate(scope.queues):
        params[f"queue{number}"] = queue
        others = [_OTHERS] if scope.owners else []
        offered = [] if queue else [_ROLE]
        here = (f"task.queue = :queue{number}", *offered, *narrowed)
        yield " AND ".join((*here, "task.owner_id IS NULL"))  # the index has the free ones in the order of their due
        yield " AND ".join((*here, "task.owner_id IS NOT NULL", *others))


def _ordered(where: str, after: Place | None) -> Iterator[str]:
    """The leg's tasks with a due, unless the place lies behind them, and those without."""
    if after is None or after.key != LAST:
        place = " AND (task.due_at, task.id) > (:after_key, :after_id)" if after is not None else ""
        yield (
            "SELECT * FROM (SELECT task.id AS id, task.due_at AS k FROM task "
            f"WHERE {where} AND task.due_at IS NOT NULL{place} ORDER BY task.due_at, task.id LIMIT :size) AS leg"
        )
    place = " AND task.id > :after_id" if after is not None and after.key == LAST else ""
    yield (
        f"SELECT * FROM (SELECT task.id AS id, {LAST} AS k FROM task "
        f"WHERE {where} AND task.due_at IS NULL{place} ORDER BY task.id LIMIT :size) AS leg"
    )
