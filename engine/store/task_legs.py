"""Open tasks are read leg by leg: the top rows of one owner, or of the free or the held tasks of one queue, over its partial index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.model.lists import LAST, Walk
from engine.store.tables.running import OPEN_TASK

OPEN = f"task.{OPEN_TASK}"
FREE, HELD = "task.owner_id IS NULL", "task.owner_id IS NOT NULL"
"""The halves of a queue: each has an index in the order of the due, so a condition on a queue says which half it means."""
KEYS = {"due": "task.due_at", "priority": "task.priority", "age": "task.created_at"}
_LEG = """SELECT * FROM (SELECT task.id AS id, {key} AS k FROM {source}
  WHERE {where} ORDER BY {order} LIMIT :size) AS leg"""
_OF_CASES = "(SELECT value FROM json_each(:cases)) AS found CROSS JOIN task"


def ordered(where: str, walk: Walk) -> Iterator[str]:
    """Give the leg of tasks that meet a condition; tasks without a due are one of their own, which the order by due needs."""
    by_due = walk.order.by == "due"
    key, direction = KEYS[walk.order.by], _direction(walk)
    at_last = walk.place is not None and walk.place.key == LAST
    if not by_due or not at_last or walk.descending:
        known = [f"{key} IS NOT NULL"] if by_due else []
        yield _leg([where, *known, *_after(walk, key)], key, f"{key} {direction}, task.id {direction}")
    if by_due and (walk.place is None or at_last or not walk.descending):
        after = [f"task.id {_compare(walk)} :after_id"] if at_last else []
        yield _leg([where, "task.due_at IS NULL", *after], str(LAST), f"task.id {direction}")


def of_cases(where: str, walk: Walk) -> str:
    """Give the leg of tasks that meet a condition and belong to the listed `:cases`; those are few and looked up."""
    key, direction = f"coalesce({KEYS[walk.order.by]}, {LAST})", _direction(walk)
    # an index by queue or owner would be read whole for each case: SQLite, which keeps no statistics, must not choose it
    for column in ("task.queue", "task.owner_id"):
        where = where.replace(f"{column} = ", f"coalesce({column}, '') = ")
    conditions = ["task.case_id = found.value", where, *_after(walk, key)]
    return _leg(conditions, key, f"{key} {direction}, task.id {direction}", source=_OF_CASES)


def merged(legs: Iterable[str], walk: Walk) -> str:
    """Give the query for id and key of the first `:size` tasks of all legs."""
    direction = _direction(walk)
    return f"SELECT * FROM ({' UNION ALL '.join(legs)}) AS legs ORDER BY k {direction}, id {direction} LIMIT :size"


def placed(walk: Walk) -> dict[str, object]:
    """Give the values that say where a walk goes on, and how far."""
    place = {} if walk.place is None else {"after_key": walk.place.key, "after_id": walk.place.id}
    return {**place, "size": walk.size + 1}


def _leg(conditions: Sequence[str], key: str, order: str, *, source: str = "task") -> str:
    return _LEG.format(source=source, where=" AND ".join(conditions), key=key, order=order)


def _after(walk: Walk, key: str) -> list[str]:
    if walk.place is None:
        return []
    return [f"({key}, task.id) {_compare(walk)} (:after_key, :after_id)"]


def _compare(walk: Walk) -> str:
    return "<" if walk.descending else ">"


def _direction(walk: Walk) -> str:
    return "DESC" if walk.descending else "ASC"
