"""On PostgreSQL Procrastinate jobs carry our due jobs to workers; ours are the truth, a carrier only names them.

A carrier is deferred on the transaction's own connection, so that it is there exactly when its jobs are. What has none
(what came due later, was restored from a backup, or lost its worker) is given one by `carry_due`. A carrier too many
finds nothing to do. A job that leaves the machine has a carrier of its own; others that are sent together share one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as Carrier
from procrastinate.manager import JobManager
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector

from engine.store import rows
from engine.store.postgres_errors import postgres_errors
from engine.store.transaction import Tx

INNER, OUTER = "inner", "outer"
AT_ONCE = 5000
TOGETHER = 100
"""So many inner jobs share a carrier at most; whoever brings them runs them in one transaction, or in a few."""
_DUE = "SELECT id, name FROM job WHERE state = 'pending' AND due_at <= :now ORDER BY due_at, id LIMIT :limit"
_NAMED = "SELECT jsonb_array_elements_text(args -> 'job_ids') FROM procrastinate_jobs WHERE status = 'todo'"
_GONE = "last_heartbeat < clock_timestamp() - interval '60 seconds'"
_IS_STALLED = f"""
FROM procrastinate_jobs WHERE status = 'doing' AND (
  worker_id IS NULL OR worker_id IN (SELECT id FROM procrastinate_workers WHERE {_GONE}))"""


@dataclass(frozen=True, slots=True)
class Carriers:
    """Sends carriers; `outer` are the names of jobs that leave the machine, which have a queue of their own."""

    outer: frozenset[str]
    manager: JobManager = field(default_factory=lambda: JobManager(SyncPsycopgConnector()))  # never opened

    def queue_of(self, name: str) -> str:
        """The queue of jobs with this name."""
        return OUTER if name in self.outer else INNER

    def send(self, tx: Tx, jobs: list[tuple[str, str]]) -> None:
        """Send carriers for the jobs (id and name) with this transaction."""
        carriers = [
            Carrier(
                queue=queue, task_name=queue, lock=None, queueing_lock=job_ids[0], task_kwargs={"job_ids": [*job_ids]}
            )
            for queue, at_once in ((INNER, TOGETHER), (OUTER, 1))
            for job_ids in batched([job_id for job_id, name in jobs if self.queue_of(name) == queue], at_once)
        ]
        with postgres_errors():
            try:
                self.manager.batch_defer_jobs(carriers, connection=tx.connection.driver)
            except ConnectorException as error:  # Procrastinate's word for whatever the driver refused
                raise (error.__cause__ or error) from error

    def is_asked(self, tx: Tx) -> bool:
        """Whether `carry_due` would do anything; looking takes no lock."""
        return bool(without_carrier(tx)) or bool(tx.connection.row(f"SELECT EXISTS (SELECT 1 {_IS_STALLED})")[0])

    def carry_due(self, tx: Tx) -> int:
        """Send carriers for due jobs that have none, oldest first, and drop those whose worker is gone; give for how many jobs."""
        tx.connection.hold("carriers")
        tx.connection.execute(f"DELETE {_IS_STALLED}")
        found = without_carrier(tx)
        if found:
            self.send(tx, found)
        return len(found)


def without_carrier(tx: Tx) -> list[tuple[str, str]]:
    """Give id and name of the jobs among those that are due first which no carrier names.

    They are compared here: as one query it takes half a minute as soon as the server guesses wrong how many there are.
    """
    due = rows.fetch(tx, _DUE, {"now": tx.now, "limit": AT_ONCE})
    named = {job_id for (job_id,) in tx.connection.rows(_NAMED)} if due else set()
    return [(job_id, name) for job_id, name in due if job_id not in named]


def batched(names: list[str], size: int) -> Iterator[list[str]]:
    """Give the names in their order, so many at once at most."""
    for start in range(0, len(names), size):
        yield names[start : start + size]
