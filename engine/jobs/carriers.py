"""On PostgreSQL a Procrastinate job carries each due job of ours to a worker; ours is the truth, the carrier only names it.

A carrier is deferred on the transaction's own connection, so that it is there exactly when the job is. What has none
(what came due later, was restored from a backup, or lost its worker) is given one by `carry_due`. A carrier too many
finds nothing to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as Carrier
from procrastinate.manager import JobManager
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector

from engine.store import rows
from engine.store.postgres_errors import postgres_errors
from engine.store.transaction import Tx

INNER, OUTER = "inner", "outer"
AT_ONCE = 500
_WITHOUT = """
SELECT job.id, job.name FROM job
WHERE job.state = 'pending' AND job.due_at <= :now AND NOT EXISTS (
  SELECT 1 FROM procrastinate_jobs AS carrier WHERE carrier.queueing_lock = job.id AND carrier.status = 'todo')
ORDER BY job.due_at, job.id LIMIT :limit"""
_GONE = "last_heartbeat < clock_timestamp() - interval '60 seconds'"
_STALLED = f"""
DELETE FROM procrastinate_jobs WHERE status = 'doing' AND (
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
        """Send a carrier for each job (id and name) with this transaction."""
        carriers = [
            Carrier(
                queue=self.queue_of(name),
                task_name=self.queue_of(name),
                lock=None,
                queueing_lock=job_id,
                task_kwargs={"job_id": job_id},
            )
            for job_id, name in jobs
        ]
        with postgres_errors():
            try:
                self.manager.batch_defer_jobs(carriers, connection=tx.connection.driver)
            except ConnectorException as error:  # Procrastinate's word for whatever the driver refused
                raise (error.__cause__ or error) from error

    def carry_due(self, tx: Tx) -> int:
        """Send carriers for due jobs that have none, oldest first, and drop those whose worker is gone; give how many were sent."""
        tx.connection.hold("carriers")
        tx.connection.execute(_STALLED)
        found = rows.fetch(tx, _WITHOUT, {"now": tx.now, "limit": AT_ONCE})
        if found:
            self.send(tx, [(job_id, name) for job_id, name in found])
        return len(found)
