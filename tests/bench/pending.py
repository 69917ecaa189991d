"""Cases with a timer each, and a million timers due in a year: one timer's row, copied by one statement that both databases know."""

from __future__ import annotations

from datetime import timedelta

from engine.actions.register_case import Registration, register_case
from engine.model.people import SYSTEM
from engine.model.running import Timer, TimerState
from engine.store import rows
from engine.store.shapes import shape_of
from engine.wiring import Engine

FAR = timedelta(days=365)
BATCH = 200
_COPIES = """
INSERT INTO timer ({names}) WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count})
SELECT {values} FROM number CROSS JOIN (SELECT * FROM timer WHERE id = :one) AS one"""


def register_many(engine: Engine, count: int) -> None:
    """Register cases, many to a transaction."""
    for first in range(0, count, BATCH):
        with engine.begin(SYSTEM) as tx:
            for number in range(first, min(first + BATCH, count)):
                register_case(tx, Registration(subject=f"Kettle {number} leaks", description="It leaks."))
    engine.settle()


def put_pending(engine: Engine, count: int) -> None:
    """Copy a pending timer so often; what the copies belong to is its case."""
    changed = {"id": "'far-' || n", "wait_id": "'far-' || n", "element_id": "'far'", "due_at": ":due + n"}
    names = shape_of(Timer).names
    values = ", ".join(changed.get(name, f"one.{name}") for name in names)
    with engine.begin(SYSTEM) as tx:
        one = rows.find(tx, Timer, state=TimerState.PENDING, limit=1)[0]
        statement = _COPIES.format(names=", ".join(names), values=values, count=count)
        tx.connection.execute(statement, rows.bound({"one": one.id, "due": tx.now + FAR}))
