"""How much open work lies where: one pass over the indexes of free and of held tasks by queue and due."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from engine.model.zones import from_microseconds
from engine.store import rows
from engine.store.task_legs import FREE, HELD, OPEN
from engine.store.transaction import Tx

_COUNTED = """
SELECT queue, {owner}, count(*), count(*) FILTER (WHERE due_at <= :now),
  count(*) FILTER (WHERE due_at > :now AND due_at <= :today), count(*) FILTER (WHERE due_at > :today AND due_at <= :week), min(id)
FROM task WHERE {where} AND queue IN (SELECT value FROM json_each(:queues)) GROUP BY queue{group}"""
_LOAD = " UNION ALL ".join(
    (
        _COUNTED.format(owner="CAST(NULL AS text)", where=f"{OPEN} AND {FREE}", group=""),
        _COUNTED.format(owner="owner_id", where=f"{OPEN} AND {HELD}", group=", owner_id"),
    )
)
_HELD = f"SELECT owner_id, count(*) FROM task WHERE {OPEN} AND owner_id IS NOT NULL GROUP BY owner_id"
_MADE = "SELECT id, created_at FROM task WHERE id IN (SELECT value FROM json_each(:ids))"


@dataclass(frozen=True, slots=True)
class LoadRow:
    """The open tasks of one owner (or of nobody) in one queue; `late`, `today` and `week` do not overlap."""

    queue: str
    owner_id: str | None
    open: int
    late: int
    today: int
    week: int
    oldest: datetime | None


def load_rows(tx: Tx, queues: Sequence[str], *, today: datetime, week: datetime) -> list[LoadRow]:
    """Count the open tasks of these queues; `today` and `week` are the ends of the reader's day and of the next seven."""
    found = rows.fetch(tx, _LOAD, {"now": tx.now, "today": today, "week": week, "queues": json.dumps(list(queues))})
    made = dict(rows.fetch(tx, _MADE, {"ids": json.dumps([values[6] for values in found])}))
    return [
        LoadRow(
            queue,
            owner,
            count,
            int(late),
            int(soon),
            int(later),
            from_microseconds(made[first]) if first in made else None,
        )
        for queue, owner, count, late, soon, later, first in found
    ]


def due_between(tx: Tx, queues: Sequence[str], bounds: Sequence[datetime]) -> list[int]:
    """Count the open tasks of these queues that are due after each bound, up to the next: midnight ends the day before it."""
    columns = ", ".join(
        f"count(*) FILTER (WHERE due_at > :b{place} AND due_at <= :b{place + 1})"
        for place, _ in enumerate(pairwise(bounds))
    )
    within = f"due_at > :b0 AND due_at <= :b{len(bounds) - 1} AND queue IN (SELECT value FROM json_each(:queues))"
    halves = " UNION ALL ".join(
        f"SELECT due_at FROM task WHERE {OPEN} AND {half} AND {within}" for half in (FREE, HELD)
    )
    statement = f"SELECT {columns} FROM ({halves}) AS due"
    params: dict[str, object] = {f"b{place}": bound for place, bound in enumerate(bounds)}
    return [int(count) for count in rows.fetch(tx, statement, {**params, "queues": json.dumps(list(queues))})[0]]


def held(tx: Tx) -> dict[str, int]:
    """How many open tasks each person has, in all queues."""
    return dict(rows.fetch(tx, _HELD))
