"""Tasks of owners, queues or one case, by due and id, each task once; those without a due come last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.lists import Place, Walk
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.store import rows, task_words
from engine.store.shapes import shape_of
from engine.store.task_legs import FREE, HELD, OPEN, merged, ordered, placed
from engine.store.transaction import Tx

_STATES = "task.state IN (SELECT value FROM json_each(:states))"
_OTHERS = "task.owner_id NOT IN (SELECT value FROM json_each(:owners))"
_OWN = "task.owner_id IN (SELECT value FROM json_each(:owners))"
_ROLE = "(task.role = '' OR task.role IN (SELECT value FROM json_each(:roles)))"


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
    walk = Walk(place=after, size=size)
    params = {**_params(scope), **placed(walk), "size": size}
    legs = list(_legs(tx, scope, walk, params))
    if not legs:
        return []
    shape = shape_of(Task)
    statement = (
        f"SELECT {shape.columns}, picked.k FROM ({merged(legs, walk)}) picked "
        "JOIN task ON task.id = picked.id ORDER BY picked.k, picked.id"
    )
    return [(shape.decode(values[:-1]), int(values[-1])) for values in rows.fetch(tx, statement, params)]


def _params(scope: TaskScope) -> dict[str, object]:
    params: dict[str, object] = {
        "owners": json.dumps(scope.owners),
        "roles": json.dumps(scope.roles),
        "states": json.dumps([str(state) for state in scope.states]),
    }
    if scope.queue:
        params["queue"] = scope.queue
    return params


def _legs(tx: Tx, scope: TaskScope, walk: Walk, params: dict[str, object]) -> Iterator[str]:
    """The legs of the scope; a partial index serves each while only open tasks are asked for."""
    found = None
    if text := scope.text.strip():
        found = task_words.hits(tx, text, owners=scope.owners, in_queues=bool(scope.queues), case_id=scope.case_id)
        params |= found.params
    for where, halves in _wheres(scope, params):
        if found is not None:
            yield from found.legs(where, halves, walk)
        for half in halves if found is None else ():
            yield from ordered(f"{where} AND {half}", walk)


def _wheres(scope: TaskScope, params: dict[str, object]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each condition with the halves in which its tasks lie."""
    narrowed = [_STATES] if scope.states else []
    narrowed += [OPEN] if set(scope.states) <= OPEN_STATES else []
    narrowed += ["task.queue = :queue"] if scope.queue else []
    narrowed += [_OWN] if scope.own else []
    if scope.case_id is not None:
        params["case"] = scope.case_id
        yield " AND ".join(("task.case_id = :case", *narrowed)), ("TRUE",)
        return
    for number, owner in enumerate(scope.owners):
        params[f"owner{number}"] = owner
        yield " AND ".join((f"task.owner_id = :owner{number}", *narrowed)), (HELD,)
    for number, queue in enumerate(scope.queues):
        params[f"queue{number}"] = queue
        offered = [] if queue else [_ROLE]
        others = f"{HELD} AND {_OTHERS}" if scope.owners else HELD
        yield " AND ".join((f"task.queue = :queue{number}", *offered, *narrowed)), (FREE, others)
