"""A timer is a row with a due; it is settled once: fired, skipped or cancelled."""

from __future__ import annotations

from datetime import datetime

from engine.model.running import Instance, Timer, TimerState
from engine.model.zones import to_microseconds
from engine.store import rows
from engine.store.transaction import Tx

_DUE = """
state = 'pending' AND due_at IS NOT NULL AND due_at <= :now AND (due_at, id) > (:after_due, :after_id)
AND NOT EXISTS (SELECT 1 FROM job WHERE job.dedupe_key = 'timer:' || timer.id)
AND (clock_key <> '' OR NOT EXISTS (
  SELECT 1 FROM instance WHERE instance.id = timer.instance_id AND instance.status = 'suspended'))
ORDER BY due_at, id LIMIT :limit"""
_SETTLE = """
UPDATE timer SET state = ?, settled_at = ? WHERE state = 'pending' AND case_id = ? AND instance_id = ? AND wait_id = ?"""
_BEFORE_ALL = {"after_due": -(2**63), "after_id": ""}
_OF_CLOCK = "case_id = :case AND clock_key = :clock AND state = 'pending' AND clock_key <> '' ORDER BY id"
# the least due is the first entry of the index; whether one exists that is past, PostgreSQL might look up by reading all
_EARLIEST = "SELECT min(due_at) FROM {table} WHERE state = 'pending' AND due_at IS NOT NULL"
_MAY_BE_DUE = " UNION ALL ".join(_EARLIEST.format(table=table) for table in ("timer", "start_timer"))


def may_be_due(tx: Tx, now: datetime) -> bool:
    """Whether the due of any timer, of an instance or of a start, is past; something may still hold it back."""
    return any(due is not None and due <= to_microseconds(now) for (due,) in tx.connection.rows(_MAY_BE_DUE))


def due(tx: Tx, now: datetime, limit: int, *, after: Timer | None = None) -> list[Timer]:
    """Give pending timers that are due at `now` and have no job yet, the earliest due first, ties by arming (R10).

    Who has had some goes on `after` the last one, so that nobody looks through those again that have a job by now. A suspended instance holds its plain timers, but never a threshold of a clock (R13).
    """
    place = _BEFORE_ALL if after is None else {"after_due": after.due_at, "after_id": after.id}
    return rows.select(tx, Timer, _DUE, {"now": now, "limit": limit, **place})


def settle(tx: Tx, instance: Instance, wait_id: str, state: TimerState) -> None:
    """Settle the timer of a wait, if it is pending."""
    tx.connection.send(_SETTLE, (str(state), tx.at, instance.case_id, instance.id, wait_id))
    rows.forget(tx, Timer, instance.case_id)


def of_clock(tx: Tx, case_id: str, clock_key: str) -> list[Timer]:
    """Give the pending thresholds of one of the case's clocks, in the order of arming."""
    return rows.select(tx, Timer, _OF_CLOCK, {"case": case_id, "clock": clock_key})


def oldest_due(tx: Tx) -> datetime | None:
    """Give the earliest due of all pending timers, past or future."""
    found = rows.select(tx, Timer, "state = 'pending' AND due_at IS NOT NULL ORDER BY due_at, id LIMIT 1")
    return found[0].due_at if found else None


def count_pending(tx: Tx) -> int:
    """Count the timers that will fire if nothing happens; a threshold of a clock that has no due is none of them."""
    return int(rows.fetch(tx, "SELECT count(*) FROM timer WHERE state = 'pending' AND due_at IS NOT NULL")[0][0])
