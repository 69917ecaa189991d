"""Open tasks are listed by owner and by queue: the top rows of each over its partial index, then merged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.model.lists import Colour, Holding, Listed, Walk, WorkFilter, listed
from engine.model.people import Actor, Role
from engine.model.task import Task
from engine.model.zones import from_microseconds
from engine.store import counters, rows, task_words
from engine.store.shapes import shape_of
from engine.store.task_legs import FREE, HELD, OPEN, merged, ordered, placed
from engine.store.transaction import Tx

_READY = f"{FREE} AND task.state = 'ready'"
_MAY_TAKE = """(task.role = '' OR task.role IN (SELECT value FROM json_each(:roles)))
AND (task.excluded = '[]' OR NOT EXISTS (
  SELECT 1 FROM json_each(task.excluded) e WHERE e.value IN (SELECT value FROM json_each(:selves))))
AND (task.candidates = '[]' OR EXISTS (
  SELECT 1 FROM json_each(task.candidates) c WHERE c.value IN (SELECT value FROM json_each(:names))))"""
# the last fifth of the clock's time is "soon"; without a clock the last two of ten days are
_LAST_FIFTH = """5 * (task.due_at - :now) {compare} task.due_at - coalesce(
  (SELECT clock.started_at FROM clock WHERE clock.case_id = task.case_id AND clock.key = task.clock),
  task.due_at - 864000000000)"""
_COLOURS = {
    Colour.LATE: "task.due_at <= :now",
    Colour.SOON: "task.due_at > :now AND " + _LAST_FIFTH.format(compare="<="),
    Colour.OK: "task.due_at > :now AND " + _LAST_FIFTH.format(compare=">"),
    Colour.NONE: "task.due_at IS NULL",
}
_HOLDING = {
    Holding.FREE: (_READY,),
    Holding.TAKEN: (HELD,),
    Holding.STARTED: (f"{HELD} AND task.state = 'in_progress'",),
    Holding.ALL: (FREE, HELD),
}
_SHOWN = """
SELECT {task}, picked.k, case_file.number, case_file.subject, case_file.category, case_file.stage, case_file.segment,
  customer.name, owner.name, absent.name, clock.started_at
FROM ({picked}) picked JOIN task ON task.id = picked.id JOIN case_file ON case_file.id = task.case_id
LEFT JOIN customer ON customer.id = case_file.customer_id LEFT JOIN person owner ON owner.id = task.owner_id
LEFT JOIN person absent ON absent.id = task.delegator_id
LEFT JOIN clock ON clock.case_id = task.case_id AND clock.key = task.clock
ORDER BY picked.k {direction}, picked.id {direction}"""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of a task list; `absent_name` is who had the task before or is absent."""

    task: Task
    case_number: str
    subject: str
    category: str
    stage: str
    segment: str
    customer: str
    owner_name: str
    absent_name: str
    clock_started_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose tasks: those of owners, those of queues, or those of queues that the actor may take."""

    owners: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    takeable: bool = False


def own_scope(actor: Actor) -> Scope:
    """The actor's own tasks and those of the absent people in whose place the actor stands."""
    return Scope(owners=tuple(sorted({actor.person_id or "", *actor.stands_for} - {""})))


def page(tx: Tx, scope: Scope, wanted: WorkFilter, walk: Walk) -> Listed[WorkItem]:
    """One page of open tasks."""
    params = {**_params(tx, wanted), **placed(walk)}
    legs = list(_legs(tx, scope, wanted, walk, params))
    if not legs:
        return Listed()
    shape = shape_of(Task)
    direction = "DESC" if walk.descending else "ASC"
    statement = _SHOWN.format(task=shape.columns, picked=merged(legs, walk), direction=direction)
    found = [_item(values, len(shape.names)) for values in rows.fetch(tx, statement, params)]
    return listed([(item, key, item.task.id) for item, key in found], walk.place, walk.size)


def count(tx: Tx, scope: Scope, *, most: int = 100, colour: Colour | None = None) -> int:
    """How many open tasks there are, counted up to `most`."""
    wanted, walk = WorkFilter(colour=colour), Walk(size=most)
    params = {**_params(tx, wanted), "size": most}
    legs = list(_legs(tx, scope, wanted, walk, params))
    if not legs:
        return 0
    counted = f"SELECT count(*) FROM (SELECT * FROM ({' UNION ALL '.join(legs)}) AS legs LIMIT :size) AS counted"
    return int(rows.fetch(tx, counted, params)[0][0])


def categories(tx: Tx) -> list[str]:
    """The categories that cases have, by their counter: the cases themselves are too many to be asked."""
    return sorted(key for key in counters.values(tx, "cases_by_category") if key)


def _conditions(scope: Scope, wanted: WorkFilter) -> list[str]:
    found = [OPEN, _MAY_TAKE] if scope.takeable else [OPEN]
    if wanted.colour is not None:
        found.append(_COLOURS[wanted.colour])
    if wanted.priority is not None:
        found.append("task.priority = :priority")
    if wanted.owner:
        found.append("task.owner_id = :owner")
    if wanted.category:
        found.append(
            "EXISTS (SELECT 1 FROM case_file f WHERE f.id = task.case_id AND f.category = :category)",
        )
    return found


def _params(tx: Tx, wanted: WorkFilter) -> dict[str, object]:
    actor = tx.actor
    top = max((level.rank for level in actor.levels), default=-1)
    held = {*actor.roles, *(level.key for level in actor.known_levels if level.rank <= top)}
    selves = {actor.person_id, *actor.stands_for} - {None}
    params: dict[str, object] = {
        "now": tx.now,
        "roles": _json(held),
        "selves": _json(selves),
        "names": _json({*selves, actor.login, *actor.roles, *actor.queues, *actor.leads}),
    }
    if wanted.priority is not None:
        params["priority"] = wanted.priority
    if wanted.owner:
        params["owner"] = wanted.owner
    if wanted.category:
        params["category"] = wanted.category
    return params


def _legs(tx: Tx, scope: Scope, wanted: WorkFilter, walk: Walk, params: dict[str, object]) -> Iterator[str]:
    """One ordered, limited query for each owner, and for the free and the held tasks of each queue."""
    conditions = " AND ".join(_conditions(scope, wanted))
    halves = _HOLDING[Holding.FREE if scope.takeable else wanted.holding]
    keyed = [("owner_id", owner) for owner in scope.owners] + [("queue", queue) for queue in scope.queues]
    found = None
    if text := wanted.text.strip():
        found = task_words.hits(tx, text, owners=scope.owners, in_queues=bool(scope.queues))
        params |= found.params
    for number, (column, value) in enumerate(keyed):
        params[f"key{number}"] = value
        where = f"task.{column} = :key{number} AND {conditions}"
        mine = [half for half in halves if HELD in half] if column == "owner_id" or wanted.owner else halves
        if found is not None and mine:
            yield from found.legs(where, mine, walk)
        for half in mine if found is None else ():
            yield from ordered(f"{where} AND {half}", walk)


def _item(values: tuple[Any, ...], width: int) -> tuple[WorkItem, int]:
    key, number, subject, category, stage, segment, customer, owner, absent, started = values[width:]
    started_at = from_microseconds(started) if started is not None else None
    item = WorkItem(
        shape_of(Task).decode(values[:width]),
        number,
        subject,
        category,
        stage,
        segment,
        customer or "",
        owner or "",
        absent or "",
        started_at,
    )
    return item, int(key)


def _json(values: Iterable[object]) -> str:
    return json.dumps(sorted(str(value) for value in values))


def queues_of(tx: Tx) -> list[tuple[str, str]]:
    """Key and name of the queues that the actor works: all for managers, else those of a member or lead."""
    own = tx.actor.queues | tx.actor.leads
    found = rows.fetch(tx, "SELECT queue.key, queue.name FROM queue ORDER BY queue.name, queue.key")
    return [(key, name or key) for key, name in found if tx.actor.has(Role.MANAGER) or key in own]
