"""What operations look at: jobs by state and due, how large the database is, and how late its oldest work is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.lists import Listed, Place, listed
from engine.model.running import Incident, Job
from engine.model.zones import from_microseconds, to_microseconds
from engine.store import rows
from engine.store.connection import Dialect
from engine.store.transaction import Tx

_JOBS = "SELECT state, count(*), min(due_at) FROM job GROUP BY state"
_TIMERS = """
SELECT count(*), min(due_at) FROM timer WHERE state = 'pending' AND due_at IS NOT NULL AND (clock_key <> ''
  OR NOT EXISTS (SELECT 1 FROM instance WHERE instance.id = timer.instance_id AND instance.status = 'suspended'))"""
_NEXT = "SELECT min(due_at) FROM job WHERE state = 'pending' AND due_at > :now"
_LETTERS = "SELECT state, count(*) FROM message WHERE direction = 'out' AND state <> 'sent' GROUP BY state"
_POSTGRES = "SELECT current_setting('server_version'), pg_database_size(current_database())"


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """How much waits, and the due of the oldest of each; times are None where nothing waits."""

    waiting: int
    running: int
    failed: int
    oldest_job: datetime | None
    next_job: datetime | None
    timers: int
    oldest_timer: datetime | None
    letters_waiting: int


@dataclass(frozen=True, slots=True)
class DatabaseFigures:
    """What the database says of itself; sizes in bytes; `free` is what a SQLite file holds for later."""

    product: str
    server: str
    size: int
    free: int
    journal: str
    revision: str


def work_figures(tx: Tx) -> WorkFigures:
    """Count jobs, timers and letters that wait; timers that a suspended instance holds are not late."""
    jobs = {state: (count, due) for state, count, due in rows.fetch(tx, _JOBS)}
    timers, timer_due = rows.fetch(tx, _TIMERS)[0]
    upcoming = rows.fetch(tx, _NEXT, {"now": tx.now})[0][0]
    letters = dict(rows.fetch(tx, _LETTERS))
    waiting, oldest = jobs.get("pending", (0, None))
    return WorkFigures(
        waiting=waiting,
        running=jobs.get("running", (0, None))[0],
        failed=jobs.get("failed", (0, None))[0],
        oldest_job=_moment(oldest),
        next_job=_moment(upcoming),
        timers=timers,
        oldest_timer=_moment(timer_due),
        letters_waiting=letters.get("queued", 0),
    )


def database_figures(tx: Tx) -> DatabaseFigures:
    """Ask the database about itself."""
    revision = str(rows.fetch(tx, "SELECT version_num FROM alembic_version")[0][0])
    if tx.connection.dialect is Dialect.POSTGRES:
        server, size = rows.fetch(tx, _POSTGRES)[0]
        return DatabaseFigures("PostgreSQL", str(server), int(size), 0, "wal", revision)
    page = int(rows.fetch(tx, "PRAGMA page_size")[0][0])
    return DatabaseFigures(
        product="SQLite",
        server=str(rows.fetch(tx, "SELECT sqlite_version()")[0][0]),
        size=page * int(rows.fetch(tx, "PRAGMA page_count")[0][0]),
        free=page * int(rows.fetch(tx, "PRAGMA freelist_count")[0][0]),
        journal=str(rows.fetch(tx, "PRAGMA journal_mode")[0][0]),
        revision=revision,
    )


def jobs(tx: Tx, state: str, place: Place | None, size: int) -> Listed[Job]:
    """One page of the jobs in a state, the earliest due first."""
    back = place is not None and place.back
    direction = "DESC" if back else "ASC"
    params: dict[str, object] = {"state": state, "size": size + 1}
    after = ""
    if place is not None:
        after = f"AND (due_at, id) {'<' if back else '>'} (:key, :id) "
        params |= {"key": place.key, "id": place.id}
    condition = f"state = :state {after}ORDER BY due_at {direction}, id {direction} LIMIT :size"
    found = rows.select(tx, Job, condition, params)
    return listed([(job, to_microseconds(job.due_at), job.id) for job in found], place, size)


def incidents(tx: Tx, state: str, place: Place | None, size: int) -> Listed[Incident]:
    """One page of the incidents in a state, the newest first."""
    back = place is not None and place.back
    direction = "ASC" if back else "DESC"
    params: dict[str, object] = {"state": state, "size": size + 1}
    after = ""
    if place is not None:
        after = f"AND (created_at, id) {'>' if back else '<'} (:key, :id) "
        params |= {"key": place.key, "id": place.id}
    condition = f"state = :state {after}ORDER BY created_at {direction}, id {direction} LIMIT :size"
    found = rows.select(tx, Incident, condition, params)
    return listed([(each, to_microseconds(each.created_at), each.id) for each in found], place, size)


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_microseconds(value)
