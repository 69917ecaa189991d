"""Whether the desk works: the database answers, somebody runs jobs, and they do not pile up; nothing here is anybody's secret."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.errors import Message
from engine.store import rows
from engine.store.connection import Dialect
from engine.store.transaction import Tx

_PENDING = "SELECT count(*), min(due_at) FROM job WHERE state = 'pending'"
_WORKERS = """
SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > clock_timestamp() - interval '30 seconds'"""  # three beats

NO_WORKER = Message(
    "no_worker", "No worker runs: timers, letters and other jobs stand still. Start one with “makegood work”."
)


@dataclass(frozen=True, slots=True)
class Health:
    """How many jobs wait, for how many seconds the oldest of them has been due, and whether a worker is alive.

    On SQLite the process that serves is the worker, so that `has_worker` is None: there is nothing to ask.
    """

    pending_jobs: int
    oldest_due_s: int
    has_worker: bool | None

    @property
    def warning(self) -> Message | None:
        """What an operator must hear, if anything."""
        return NO_WORKER if self.has_worker is False else None


def health(tx: Tx) -> Health:
    """Ask the database."""
    count, due = rows.fetch(tx, _PENDING)[0]
    late = int(tx.now.timestamp() - due / 1_000_000) if due is not None else 0
    return Health(int(count), max(0, late), has_worker(tx))


def has_worker(tx: Tx) -> bool | None:
    """Whether a worker on PostgreSQL gave a sign of life within half a minute."""
    if tx.connection.dialect is not Dialect.POSTGRES:
        return None
    return int(rows.fetch(tx, _WORKERS)[0][0]) > 0
