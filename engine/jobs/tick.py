"""A due timer, of an instance or of a process's start, becomes a job once; the handler looks whether it is still wanted."""

from __future__ import annotations

from engine.jobs.enqueue import enqueue, enqueue_all, new_job
from engine.jobs.incidents import FIRE_START, FIRE_TIMER
from engine.model.people import SYSTEM
from engine.model.running import Job, Timer
from engine.store import start_timers, timers
from engine.store.crash_points import reach
from engine.store.transaction import Store, Tx

AT_ONCE = 500


def tick(store: Store) -> int:
    """Turn due timers into jobs that fire them, in due order; give how many there were."""
    with store.read(SYSTEM) as tx:
        if not timers.may_be_due(tx, tx.now):
            return 0
        instances, starts = bool(timers.due(tx, tx.now, 1)), bool(start_timers.due(tx, tx.now, 1))
    return (_tick_instances(store) if instances else 0) + (_tick_starts(store) if starts else 0)


def _tick_starts(store: Store) -> int:
    with store.begin(SYSTEM) as tx:
        tx.connection.hold("tick")
        found = start_timers.due(tx, tx.now, AT_ONCE)
        for timer in found:
            args = {"start": timer.id, "element": timer.element_id}
            enqueue(tx, FIRE_START, args, due=timer.due_at, dedupe_key=f"start_timer:{timer.id}", backoff="PT5S")
    return len(found)


def _tick_instances(store: Store) -> int:
    moved = 0
    last: Timer | None = None
    while True:
        with store.begin(SYSTEM) as tx:
            tx.connection.hold("tick")
            found = timers.due(tx, tx.now, AT_ONCE, after=last)  # none of them has a job
            enqueue_all(tx, [_job_of(tx, timer) for timer in found])
            if found:
                reach("mid_tick")
        moved += len(found)
        if len(found) < AT_ONCE:
            return moved
        last = found[-1]


def _job_of(tx: Tx, timer: Timer) -> Job:
    return new_job(
        tx,
        FIRE_TIMER,
        {"timer": timer.id, "element": timer.element_id},
        due=timer.due_at,
        case_id=timer.case_id,
        instance_id=timer.instance_id,
        dedupe_key=f"timer:{timer.id}",
        backoff="PT5S",
    )
