"""A job is leased before it runs and its attempt counted, so that one which ends the process does not do so for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from engine.jobs.incidents import fail
from engine.model.errors import Message
from engine.model.people import SYSTEM
from engine.model.running import Job, JobState
from engine.model.zones import to_microseconds
from engine.store import rows
from engine.store.many_keys import parts_of
from engine.store.shapes import shape_of
from engine.store.transaction import Store, Tx

LEASE = timedelta(minutes=5)
_SUSPECT = "(attempts > 0 AND last_error = '')"
"""An attempt that left no error ended with the process: such a job runs alone, so that no other suffers with it."""
_ORDER = "ORDER BY due_at, id"
_NAMED = "id IN (SELECT value FROM json_each(:ids)) AND state = 'pending' AND due_at <= :now"
_GIVEN_BACK = """UPDATE job SET state = 'pending', attempts = attempts - 1, leased_until = NULL
WHERE id IN (SELECT value FROM json_each(:ids)) AND state = 'running'"""


@dataclass(frozen=True, slots=True)
class Lane:
    """Which jobs a worker takes: the named ones, or all but the named ones; and how many at once."""

    names: tuple[str, ...]
    takes_named: bool
    at_once: int


def lease(store: Store, lane: Lane) -> list[Job]:
    """Take the next due jobs of the lane, the earliest due first; one that has ended a process before is taken alone."""
    with store.read(SYSTEM) as tx:
        if _first(tx, lane) is None:
            return []
    with store.begin(SYSTEM) as tx:
        return lease_in(tx, lane, store.stall_limit)


def lease_in(tx: Tx, lane: Lane, lasting: timedelta | None) -> list[Job]:
    """Do the same in a transaction that does something else too: once it is committed, the jobs may run."""
    first = _first(tx, lane)
    if first is None:
        return []
    until = tx.now + (lasting or LEASE)
    due, named = _due(tx, lane)
    if first[1]:
        return _take(tx, f"{due} AND id = :first", {**named, "first": first[0]}, until)
    return _take(tx, f"{due} AND NOT {_SUSPECT} {_ORDER} LIMIT :limit", {**named, "limit": lane.at_once}, until)


def lease_one(store: Store, job_id: str) -> Job | None:
    """Take one job, if it is waiting, due and nobody else is just taking it."""
    with store.begin(SYSTEM) as tx:
        waits = "id = :id AND state = 'pending' AND due_at <= :now"
        taken = _take(tx, waits, {"id": job_id, "now": tx.now}, tx.now + (store.stall_limit or LEASE))
    return taken[0] if taken else None


def lease_named(store: Store, job_ids: Sequence[str]) -> list[Job]:
    """Take those of the jobs that are waiting and due, but for what somebody else is just taking or has ended a process."""
    with store.begin(SYSTEM) as tx:
        named = {"ids": json.dumps([*job_ids]), "now": tx.now}
        return _take(tx, f"{_NAMED} AND NOT {_SUSPECT} {_ORDER}", named, tx.now + (store.stall_limit or LEASE))


def waiting_of(store: Store, job_ids: Sequence[str]) -> list[str]:
    """Give those of the jobs that are waiting and due, the earliest due first."""
    with store.read(SYSTEM) as tx:
        found = rows.fetch(
            tx, f"SELECT id FROM job WHERE {_NAMED} {_ORDER}", {"ids": json.dumps([*job_ids]), "now": tx.now}
        )
    return [job_id for (job_id,) in found]


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
    if jobs:
        tx.connection.execute(_GIVEN_BACK, {"ids": json.dumps([job.id for job in jobs])})


def recover(tx: Tx, *, all_leases: bool = False) -> int:
    """Return jobs whose worker is gone: those with an expired lease, or at start, when nobody else works, all leased ones.

    A job that somebody holds at this moment is being run, or taken up by another sweep.
    """
    lost = "" if all_leases else " AND (leased_until IS NULL OR leased_until < :now)"
    alone = tx.connection.row_lock and " FOR UPDATE SKIP LOCKED"
    found = rows.select(tx, Job, f"state = 'running'{lost} {_ORDER}{alone}", {"now": tx.now})
    for job in found:
        _try_again(tx, job)
    return len(found)


def give_up(store: Store, job_ids: Sequence[str]) -> None:
    """Return jobs that are at work in a process which ends now: others take them up at once; the attempt that began counts."""
    with store.begin(SYSTEM) as tx:
        named = "state = 'running' AND id IN (SELECT value FROM json_each(:ids))"
        for job in rows.select(tx, Job, f"{named} {_ORDER}", {"ids": json.dumps([*job_ids])}):
            _try_again(tx, job)


def _try_again(tx: Tx, job: Job) -> None:
    """Let a job wait that was begun and not ended, unless that has happened too often."""
    if job.attempts >= job.max_attempts:
        text = "The job {job} ended the program, or ran longer than allowed, {attempts} times. Look at the log first."
        fail(tx, job, Message("job_lost", text, {"job": job.name, "attempts": job.attempts}), permanent=True)
    else:
        waiting = {"state": JobState.PENDING, "leased_until": None, "due_at": tx.now}
        rows.change_where(tx, Job, waiting, id=job.id)


def _first(tx: Tx, lane: Lane) -> tuple[str, bool] | None:
    """The job that is due first, and whether it is suspected to have ended a process."""
    due, named = _due(tx, lane)
    found = rows.fetch(tx, f"SELECT id, {_SUSPECT} FROM job WHERE {due} {_ORDER} LIMIT 1", named)
    return (found[0][0], bool(found[0][1])) if found else None


def _due(tx: Tx, lane: Lane) -> tuple[str, dict[str, object]]:
    """The condition for the lane's due jobs, and the values that it names."""
    places = {f"name_{index}": name for index, name in enumerate(lane.names)}
    listed = ", ".join(f":{place}" for place in places)
    names = f" AND name {'IN' if lane.takes_named else 'NOT IN'} ({listed})" if places or lane.takes_named else ""
    return f"state = 'pending' AND due_at <= :now{names}", {"now": tx.now, **places}


def _take(tx: Tx, condition: str, named: Mapping[str, object], until: datetime) -> list[Job]:
    """Lease the jobs that meet the condition, but for what somebody else is just taking, and give them as they are then.

    They are read as what they become: an update that gave them back would cost SQLite half as much again.
    """
    shape, others = shape_of(Job), tx.connection.row_lock and " FOR UPDATE SKIP LOCKED"
    become = {"state": "'running'", "attempts": "attempts + 1", "leased_until": "CAST(:until AS BIGINT)"}
    columns = ", ".join(become.get(name, name) for name in shape.names)
    found = rows.fetch(tx, f"SELECT {columns} FROM job WHERE {condition}{others}", {**named, "until": until})
    taken = [shape.decode(values) for values in found]
    for some in parts_of([job.id for job in taken]):
        tx.connection.send(_taking(len(some)), [to_microseconds(until), *some])
    return taken


@lru_cache(maxsize=16)
def _taking(count: int) -> str:
    places = ", ".join(["?"] * count)
    return f"UPDATE job SET state = 'running', attempts = attempts + 1, leased_until = ? WHERE id IN ({places})"
