"""Whether the desk works: the database answers, and jobs do not pile up; nothing here is anybody's secret."""

from __future__ import annotations

from dataclasses import dataclass

from engine.store import rows
from engine.store.transaction import Tx

_PENDING = "SELECT count(*), min(due_at) FROM job WHERE state = 'pending'"


@dataclass(frozen=True, slots=True)
class Health:
    """How many jobs wait, and for how many seconds the oldest of them has been due."""

    pending_jobs: int
    oldest_due_s: int


def health(tx: Tx) -> Health:
    """Ask the database."""
    count, due = rows.fetch(tx, _PENDING)[0]
    late = int(tx.now.timestamp() - due / 1_000_000) if due is not None else 0
    return Health(int(count), max(0, late))
