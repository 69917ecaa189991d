"""A job joins the transaction of whoever asks for it: both are kept, or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from engine.jobs.incidents import settle_of_job
from engine.model.running import Job
from engine.store import rows
from engine.store.transaction import Tx


class JobOptions(TypedDict, total=False):
    """When a job runs, what it belongs to, and how often it is tried; `backoff` is a duration that doubles, or several."""

    due: datetime | None
    case_id: str | None
    instance_id: str | None
    wait_id: str | None
    dedupe_key: str | None
    max_attempts: int
    backoff: str


def enqueue(tx: Tx, name: str, args: Mapping[str, object] | None = None, **options: Unpack[JobOptions]) -> Job:
    """Ask for a job once this transaction is committed; a dedupe key that is waiting already gives the waiting job."""
    key = options.get("dedupe_key")
    known = None if key is None else rows.first(tx, Job, dedupe_key=key)
    if known is not None:
        return known
    job = new_job(tx, name, args, **options)
    enqueue_all(tx, [job])
    return job


def new_job(tx: Tx, name: str, args: Mapping[str, object] | None = None, **options: Unpack[JobOptions]) -> Job:
    """Make a job that nobody has asked for yet."""
    return Job(
        id=tx.new_id(),
        name=name,
        args=args or {},
        case_id=options.get("case_id"),
        instance_id=options.get("instance_id"),
        wait_id=options.get("wait_id"),
        due_at=options.get("due") or tx.now,
        created_at=tx.now,
        max_attempts=options.get("max_attempts", 3),
        backoff=options.get("backoff", "PT1M"),
        dedupe_key=options.get("dedupe_key"),
    )


def enqueue_all(tx: Tx, jobs: Sequence[Job]) -> None:
    """Ask for jobs whose dedupe keys no waiting job has, as the caller knows."""
    rows.insert_many(tx, jobs)
    asked = [(job.id, job.name) for job in jobs if job.due_at <= tx.now]
    tx.asked.extend(asked)
    if asked and tx.wake not in tx.after_commit:
        tx.after_commit.append(tx.wake)


def drop_of_wait(tx: Tx, instance_id: str, wait_id: str, *, case_id: str | None = None) -> int:
    """Drop the jobs of a wait that is over, and settle what they stumbled over; give how many there were.

    A job that is under way finds itself gone when it reports, and its result is dropped (R4).
    """
    found = rows.find(tx, Job, case_id=case_id, instance_id=instance_id, wait_id=wait_id)
    for job in found:
        settle_of_job(tx, job, "dropped")
        rows.delete(tx, Job, id=job.id)
    return len(found)
