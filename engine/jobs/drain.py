"""Waiting jobs are run: inner ones many to a transaction, none undone by another; outer ones between two transactions."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.jobs.incidents import fail
from engine.jobs.kinds import AheadHandler, Handlers, InnerHandler, OuterHandler, outer_names
from engine.jobs.lease import Lane, give_back, lease, lease_in, lease_named, lease_one, put_off, waiting_of
from engine.model.case import Case
from engine.model.errors import ChannelError, ConnectorError, MakegoodError, Message, StorageBusy, StorageTrouble
from engine.model.people import SYSTEM
from engine.model.running import Job, JobState
from engine.store import rows
from engine.store.crash_points import reach
from engine.store.together import NotTogether
from engine.store.transaction import Store, Tx, as_one_step, savepoint

BATCH = 100
BATCH_SECONDS = 0.1
ROUND = 2.0
ASIDE = 0.12
"""After how many seconds of batches a drain stands aside where one writes at a time, and how long: for longer than SQLite
sleeps between two looks, so that another program that waits to write finds its turn."""
LOCK_PATIENCE = timedelta(milliseconds=250)
"""How long a worker waits for a case that somebody else is changing."""
LOCKED_PAUSE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """Leased jobs, and the writer's turn in which they were leased, where it is known: in the next one nobody can have touched them."""

    jobs: Sequence[Job]
    turn: int | None = None


Handling = InnerHandler | OuterHandler | None
_log = logging.getLogger(__name__)


def drain(store: Store, handlers: Handlers, *, limit: int = 1_000_000) -> int:
    """Run due jobs of both kinds until none is left or `limit` have run; give how many have."""
    done = 0
    while done < limit:
        ran = drain_inner(store, handlers, limit=limit - done)
        ran += drain_outer(store, handlers, limit=limit - done - ran)
        if not ran:
            return done
        done += ran
    return done


def drain_inner(store: Store, handlers: Handlers, *, limit: int = 1_000_000) -> int:
    """Run due jobs that change only the database; the commit of a batch also takes the jobs of the next."""
    names = outer_names(handlers)
    done = 0
    batch = Batch(())
    begun = time.monotonic()
    while done < limit:
        if store.database.has_one_writer and time.monotonic() - begun > ROUND:
            time.sleep(ASIDE)
            begun = time.monotonic()
        if not batch.jobs:
            batch = Batch(lease(store, Lane(names, takes_named=False, at_once=min(BATCH, limit - done))))
        if not batch.jobs:
            return done
        reach("mid_job")
        then = Lane(names, takes_named=False, at_once=min(BATCH, limit - done - len(batch.jobs)))
        ran, batch = _run_batch(store, handlers, batch, then=then)
        done += ran
    return done


def drain_outer(store: Store, handlers: Handlers, *, limit: int = 1_000_000) -> int:
    """Run due jobs that leave the machine, one after the other."""
    names = outer_names(handlers)
    done = 0
    while names and done < limit:
        jobs = lease(store, Lane(names, takes_named=True, at_once=1))
        if not jobs:
            return done
        reach("mid_job")
        handler = handlers[jobs[0].name]
        if isinstance(handler, OuterHandler):
            _run_outer(store, handler, jobs[0])
        done += 1
    return done


def run_one(store: Store, handlers: Handlers, job_id: str) -> bool:
    """Run one job, if it is still waiting and due; a case that somebody else is changing puts it off for a moment."""
    job = lease_one(store, job_id)
    if job is None:
        return False
    reach("mid_job")
    handler = handlers.get(job.name)
    try:
        if isinstance(handler, OuterHandler):
            _run_outer(store, handler, job)
        else:
            with store.begin(SYSTEM) as tx:
                tx.connection.wait_for_locks(LOCK_PATIENCE)
                if _is_mine(tx, job):
                    _run_inner(tx, handler, job)
    except StorageBusy:
        with store.begin(SYSTEM) as tx:
            put_off(tx, job, LOCKED_PAUSE)
    except StorageTrouble:
        with store.begin(SYSTEM) as tx:
            give_back(tx, [job])
        raise
    return True


def run_named(store: Store, handlers: Handlers, job_ids: Sequence[str]) -> int:
    """Run those of the jobs that are still waiting and due, many to a transaction; give how many have run.

    Where somebody is changing a case of theirs, they run one by one, and the job of that case is put off.
    """
    done, left = 0, list(job_ids)
    while len(left) > 1 and (jobs := _by_case(lease_named(store, left))):
        reach("mid_job")
        ran = len(jobs)
        try:
            ran = _run_batch(store, handlers, Batch(jobs), patience=LOCK_PATIENCE)[0]
            done += ran
        except StorageBusy as busy:
            _tell_one_by_one(jobs, busy)
            done += sum(run_one(store, handlers, job.id) for job in jobs)
        gone = {job.id for job in jobs[:ran]}
        left = [job_id for job_id in left if job_id not in gone]
    alone = waiting_of(store, left) if len(left) > 1 else left
    return done + sum(run_one(store, handlers, job_id) for job_id in alone)


def _by_case(jobs: Sequence[Job]) -> list[Job]:
    """The order in which cases are held, whoever runs the jobs."""
    return sorted(jobs, key=lambda job: job.case_id or "")


def _run_batch(
    store: Store,
    handlers: Handlers,
    batch: Batch,
    *,
    patience: timedelta | None = None,
    then: Lane | None = None,
) -> tuple[int, Batch]:
    """Run leased jobs in one transaction, in the order of their cases; give how many have run, and what it leased `then`.

    Those for which there was no time are given back before.
    """
    ends = time.monotonic() + BATCH_SECONDS
    ordered = _by_case(batch.jobs)
    try:
        with store.begin(SYSTEM) as tx:
            if patience is not None:
                tx.connection.wait_for_locks(patience)
            ran = _run_together(tx, handlers, Batch(ordered, batch.turn), ends) if len(ordered) > 1 else 0
            if not ran:
                ran = _run_all(tx, handlers, ordered, ends, run=_run_inner)
            give_back(tx, ordered[ran:])
            following = lease_in(tx, then, store.stall_limit) if then is not None and then.at_once > 0 else []
            turn = tx.known.turn
    except StorageTrouble:
        with store.begin(SYSTEM) as tx:
            give_back(tx, ordered)
        raise
    return ran, Batch(following, turn)


def _run_together(tx: Tx, handlers: Handlers, batch: Batch, ends: float) -> int:
    """Run jobs as one step, with what they write gathered; where one of them fails nothing is done and none has run."""
    try:
        with as_one_step(tx):
            _read_ahead(tx, handlers, _still_leased(tx, batch))
            return _run_all(tx, handlers, batch.jobs, ends, run=_run_bare)
    except StorageTrouble:
        raise
    except Exception as error:  # noqa: BLE001  # outer loop: which job it was, and what it raises, comes out one by one
        _tell_one_by_one(batch.jobs, error)
        return 0


def _tell_one_by_one(jobs: Sequence[Job], reason: Exception) -> None:
    """Say why a batch costs several times what it should; what stands in the reason's sentence is nobody's but the case's."""
    cause = reason.__cause__ if isinstance(reason, NotTogether) else reason
    code = cause.message.code if isinstance(cause, MakegoodError) else type(cause).__name__
    names = ", ".join(sorted({job.name for job in jobs}))
    _log.warning("%d jobs (%s) are run one by one instead of together: %s", len(jobs), names, code)


def _still_leased(tx: Tx, batch: Batch) -> Sequence[Job]:
    """Look once which of the jobs are still leased to this run; those that the transaction before leased surely are."""
    jobs = batch.jobs
    if batch.turn is not None and tx.known.turn == batch.turn + 1:
        return jobs
    still = (
        "SELECT id, attempts FROM job WHERE state = 'running' AND id IN (SELECT value FROM json_each(:ids)) ORDER BY id"
    )
    named = {"ids": json.dumps([job.id for job in jobs])}
    leased = set(tx.connection.rows(still + tx.connection.row_lock, named))
    return [job for job in jobs if (job.id, job.attempts) in leased]


def _read_ahead(tx: Tx, handlers: Handlers, mine: Sequence[Job]) -> None:
    """Read what the handlers of the jobs will read."""
    tx.loaded.update({(Job, job.id): job for job in mine})
    if tx.connection.row_lock:
        tx.held.update((Job, job.id) for job in mine)
    for name in {job.name for job in mine}:
        handler = handlers.get(name)
        if isinstance(handler, AheadHandler):
            handler.read_ahead(tx, [job for job in mine if job.name == name])


def _run_all(
    tx: Tx, handlers: Handlers, jobs: Sequence[Job], ends: float, *, run: Callable[[Tx, Handling, Job], None]
) -> int:
    """Run one job after the other until time is over, at least one; give how many have run."""
    for ran, job in enumerate(jobs):
        if ran and time.monotonic() > ends:
            return ran
        if tx.loaded.get((Job, job.id)) is job or _is_mine(tx, job):  # read ahead, and untouched since
            run(tx, handlers.get(job.name), job)
    return len(jobs)


def _run_bare(tx: Tx, handler: Handling, job: Job) -> None:
    """Run a job without undoing what it did where it fails."""
    if handler is None or isinstance(handler, OuterHandler):
        text = "Nothing here runs jobs called {job}; a newer Makegood may have written it."
        fail(tx, job, Message("job_unknown", text, {"job": job.name}), permanent=True)
        return
    handler(tx, job)
    rows.remove(tx, Job, job.id)


def _run_inner(tx: Tx, handler: Handling, job: Job) -> None:
    """Run a job; where it fails, nothing of it is kept but that."""
    try:
        with savepoint(tx):
            _run_bare(tx, handler, job)
    except StorageTrouble:
        raise
    except Exception as error:  # noqa: BLE001  # outer loop: whatever a job raises is that job's failure
        _failed(tx, job, error)


def _run_outer(store: Store, handler: OuterHandler, job: Job) -> None:
    try:
        with store.begin(SYSTEM) as tx:
            if not _is_mine(tx, job):
                return
            payload = handler.prepare(tx, job)
        result = handler.perform(payload)
        reach("after_perform")
        with store.begin(SYSTEM) as tx:
            rows.maybe(tx, Case, job.case_id, lock=True)  # before the job, in the order of all who change a case
            if not _is_mine(tx, job):
                _log.info("the result of job %s (%s) came late and was dropped", job.id, job.name)
                return
            handler.record(tx, job, result)
            rows.delete(tx, Job, id=job.id)
    except StorageTrouble:
        raise
    except Exception as error:  # noqa: BLE001  # outer loop: whatever a job raises is that job's failure
        with store.begin(SYSTEM) as tx:
            if _is_mine(tx, job):
                _failed(tx, job, error)


def _is_mine(tx: Tx, job: Job) -> bool:
    """Whether the job is still wanted, and leased to this run of it; nobody else can take it up before this ends."""
    found = rows.maybe(tx, Job, job.id, lock=True)
    return found is not None and found.state is JobState.RUNNING and found.attempts == job.attempts


def _failed(tx: Tx, job: Job, error: Exception) -> None:
    permanent = isinstance(error, ConnectorError | ChannelError) and error.permanent
    if isinstance(error, MakegoodError):
        fail(tx, job, error.message, permanent=permanent)
        return
    _log.error("job %s (%s) failed", job.id, job.name, exc_info=error)
    text = "The job {job} stopped with {error}. The log has the details; retry it once the cause is gone."
    fail(tx, job, Message("job_crashed", text, {"job": job.name, "error": type(error).__name__}))
