"""A start timer is a row with a due, of the newest version of a process alone; it is settled once: fired or cancelled (R17)."""

from __future__ import annotations

from datetime import datetime

from engine.model.operations import StartTimer
from engine.model.running import Deployment, TimerState
from engine.store import rows
from engine.store.transaction import Tx

_DUE = """
state = 'pending' AND due_at IS NOT NULL AND due_at <= :now
AND NOT EXISTS (SELECT 1 FROM job WHERE job.dedupe_key = 'start_timer:' || start_timer.id)
ORDER BY due_at, id LIMIT :limit"""


def due(tx: Tx, now: datetime, limit: int) -> list[StartTimer]:
    """Give pending start timers that are due at `now` and have no job yet, the earliest due first."""
    return rows.select(tx, StartTimer, _DUE, {"now": now, "limit": limit})


def cancel_of_key(tx: Tx, key: str) -> int:
    """Settle what all versions under a key still had armed; give how many there were."""
    versions = tuple(row.id for row in rows.find(tx, Deployment, key=key))
    changes = {"state": TimerState.CANCELLED, "settled_at": tx.now}
    return rows.update_where(tx, StartTimer, changes, deployment_id=versions, state=TimerState.PENDING)
