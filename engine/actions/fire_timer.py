"""A due timer fires once, never early; thresholds of one clock that are past together fire only the highest (R10, R11)."""

from __future__ import annotations

from datetime import datetime

from engine.actions.advance_instance import fire_instance
from engine.actions.case_clocks import as_clock, change_clock, clock_of
from engine.actions.case_record import CaseRecord, lock
from engine.actions.late_occurrence import latest_missed
from engine.actions.permission import require_system
from engine.execution.runtime import TimerFired
from engine.model.records import maker
from engine.model.running import Instance, InstanceStatus, Timer, TimerState
from engine.model.thresholds import with_settled
from engine.store import rows
from engine.store.ahead import find_of_case
from engine.store.transaction import Tx

WAITING = (TimerState.PENDING,)
_fired = maker(TimerFired)


def fire_timer(tx: Tx, timer_id: str) -> bool:
    """Fire a timer that is due, or record it as skipped; False where it was settled or is not due any more."""
    require_system(tx)
    timer = rows.maybe(tx, Timer, timer_id)
    if timer is None:
        return False
    record = lock(tx, timer.case_id)
    timer = rows.get(tx, Timer, timer_id)
    if timer.state not in WAITING or timer.due_at is None:
        return False
    instance = rows.get(tx, Instance, timer.instance_id)
    if timer.due_at > tx.now or (instance.status is InstanceStatus.SUSPENDED and not timer.clock_key):
        return False
    if timer.clock_key and not settle_threshold(record, timer):
        return True
    occurrence, due = latest_missed(timer, tx.now)
    rows.update(tx, Timer, timer.id, state=TimerState.FIRED, settled_at=tx.now)
    record.settled.add((instance.id, timer.wait_id))
    record.note("timer_fired", timer=timer.id, element=timer.element_id, due=due, clock=timer.clock_key, at=timer.at)
    fire_instance(record, instance, _fired(timer.wait_id, occurrence, record.facts), due)
    return True


def settle_threshold(record: CaseRecord, timer: Timer) -> bool:
    """Whether this threshold fires; a lower one that is past together with a higher one is recorded as skipped."""
    row = clock_of(record, timer.clock_key)
    if row is None:
        return False
    if outdone(record, timer):
        rows.update(record.tx, Timer, timer.id, state=TimerState.SKIPPED, settled_at=record.tx.now)
        change_clock(record, row, with_settled(as_clock(row), skipped=[timer.at]))
        record.note("threshold_skipped", clock=timer.clock_key, at=timer.at, element=timer.element_id)
        record.flush()
        return False
    change_clock(record, row, with_settled(as_clock(row), fired=[timer.at]))
    return True


def outdone(record: CaseRecord, timer: Timer) -> bool:
    """Whether a later threshold of the same clock is past as well and waits to fire."""
    due: datetime | None = timer.due_at
    others = find_of_case(record.tx, Timer, timer.case_id, clock_key=timer.clock_key, state=WAITING)
    return any(other.due_at is not None and due is not None and due < other.due_at <= record.tx.now for other in others)
