"""A job is leased before it runs and its attempt counted, so that one which ends the process does not do so for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from engine.jobs.incidents import fail
from engine.model.errors import Message
from engine.model.people import SYSTEM
from engine.model.running import Job, JobState
from engine.store import rows
from engine.store.transaction import Store, Tx

LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Lane:
    """Which jobs a worker takes: the named ones, or all but the named ones; and how many at once."""

    names: tuple[str, ...]
    takes_named: bool
    at_once: int


def lease(store: Store, lane: Lane) -> list[Job]:
    """Take the next due jobs of the lane; one that has ended a process before is taken alone."""
    with store.read(SYSTEM) as tx:
        if not _due(tx, lane, 1):
            return []
    with store.begin(SYSTEM) as tx:
        jobs = _taken_together(_due(tx, lane, lane.at_once))
        until = tx.now + (store.stall_limit or LEASE)
        for job in jobs:
            rows.update(tx, Job, job.id, state=JobState.RUNNING, attempts=job.attempts + 1, leased_until=until)
    return [replace(job, state=JobState.RUNNING, attempts=job.attempts + 1, leased_until=until) for job in jobs]


def lease_one(store: Store, job_id: str) -> Job | None:
    """Take one job, if it is waiting, due and nobody else is just taking it."""
    with store.begin(SYSTEM) as tx:
        condition = (
            f"id = :id AND state = 'pending' AND due_at <= :now{tx.connection.row_lock and ' FOR UPDATE SKIP LOCKED'}"
        )
        found = rows.select(tx, Job, condition, {"id": job_id, "now": tx.now})
        if not found:
            return None
        job, until = found[0], tx.now + (store.stall_limit or LEASE)
        rows.update(tx, Job, job.id, state=JobState.RUNNING, attempts=job.attempts + 1, leased_until=until)
    return replace(job, state=JobState.RUNNING, attempts=job.attempts + 1, leased_until=until)


def put_off(tx: Tx, job: Job, pause: timedelta) -> None:
    """Return a leased job whose case is being changed; its attempt does not count."""
    waiting = {
        "state": JobState.PENDING,
        "attempts": job.attempts - 1,
        "leased_until": None,
        "due_at": tx.now + pause,
    }
    rows.update_where(tx, Job, waiting, id=job.id, state=JobState.RUNNING)


def give_back(tx: Tx, jobs: Sequence[Job]) -> None:
    """Return leased jobs that did not begin; their attempt does not count."""
    for job in jobs:
        rows.update_where(
            tx,
            Job,
            {"state": JobState.PENDING, "attempts": job.attempts - 1, "leased_until": None},
            id=job.id,
            state=JobState.RUNNING,
        )


def recover(tx: Tx, *, all_leases: bool = False) -> int:
    """Return jobs whose worker is gone: those with an expired lease, or at start, when nobody else works, all leased ones."""
    tx.connection.hold("recover")
    found = rows.select(tx, Job, "state = 'running' ORDER BY due_at, id")
    lost = [job for job in found if all_leases or job.leased_until is None or job.leased_until < tx.now]
    for job in lost:
        if job.attempts >= job.max_attempts:
            text = (
                "The job {job} ended the program, or ran longer than allowed, {attempts} times. Look at the log first."
            )
            fail(tx, job, Message("job_lost", text, {"job": job.name, "attempts": job.attempts}), permanent=True)
        else:
            rows.update(tx, Job, job.id, state=JobState.PENDING, leased_until=None, due_at=tx.now)
    return len(lost)


def _due(tx: Tx, lane: Lane, limit: int) -> list[Job]:
    places = {f"name_{index}": name for index, name in enumerate(lane.names)}
    listed = ", ".join(f":{place}" for place in places)
    names = f"AND name {'IN' if lane.takes_named else 'NOT IN'} ({listed}) " if places or lane.takes_named else ""
    alone = tx.connection.row_lock and " FOR UPDATE SKIP LOCKED"  # what somebody else is just taking is theirs
    condition = f"state = 'pending' AND due_at <= :now {names}ORDER BY due_at, id LIMIT :limit{alone}"
    return rows.select(tx, Job, condition, {"now": tx.now, "limit": limit, **places})


def _taken_together(jobs: list[Job]) -> list[Job]:
    """An attempt that left no error ended with the process: such a job runs alone, so that no other suffers with it."""
    suspects = [job for job in jobs if job.attempts and not job.last_error]
    if suspects and suspects[0] is jobs[0]:
        return suspects[:1]
    return [job for job in jobs if job not in suspects]
