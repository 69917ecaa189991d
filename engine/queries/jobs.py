"""Jobs that wait, run or have failed, with the case that they belong to; for administrators and managers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.model.case import Case
from engine.model.lists import Listed, Place
from engine.model.running import Incident, Job
from engine.queries.addresses import as_seen_by
from engine.queries.incidents import require_watcher
from engine.store import ops_lists, rows
from engine.store.ops_lists import DatabaseFigures, WorkFigures
from engine.store.transaction import Tx, nobody_waits
from engine.store.workers import ConnectedWorker, connected_workers

__all__ = [
    "ConnectedWorker",
    "DatabaseFigures",
    "JobLine",
    "WorkFigures",
    "database_figures",
    "jobs",
    "work_figures",
    "workers",
    "works_here",
]


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job, its case's number, and the open incident of a failed one."""

    job: Job
    case_number: str
    incident_id: str


def jobs(tx: Tx, state: str, place: Place | None = None, *, size: int = 40) -> Listed[JobLine]:
    """One page of the jobs in a state, the earliest due first."""
    require_watcher(tx)
    page = ops_lists.jobs(tx, state, place, size)
    return Listed(_lines(tx, page.rows), page.next, page.previous)


def work_figures(tx: Tx) -> WorkFigures:
    """How much waits and how late it is."""
    require_watcher(tx)
    return ops_lists.work_figures(tx)


def database_figures(tx: Tx) -> DatabaseFigures:
    """How large the database is."""
    require_watcher(tx)
    return ops_lists.database_figures(tx)


def works_here(tx: Tx) -> bool:
    """Whether this process runs timers and jobs itself."""
    require_watcher(tx)
    return tx.wake is not nobody_waits


def workers(tx: Tx) -> list[ConnectedWorker] | None:
    """The processes that run timers and jobs; None on SQLite, where it is the one that serves."""
    require_watcher(tx)
    return connected_workers(tx)


def _lines(tx: Tx, found: Sequence[Job]) -> list[JobLine]:
    cases = {
        case.id: case.number for case in rows.find(tx, Case, id=tuple({job.case_id for job in found if job.case_id}))
    }
    incidents = rows.find(tx, Incident, job_id=tuple(job.id for job in found), state="open")
    by_job = {incident.job_id: incident.id for incident in incidents}
    return [
        JobLine(
            replace(job, last_error=as_seen_by(tx.actor, job.last_error)),
            cases.get(job.case_id or "", ""),
            by_job.get(job.id, ""),
        )
        for job in found
    ]
