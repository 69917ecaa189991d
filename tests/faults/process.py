"""A process of Makegood under trial: its own clock may jump, its leases are short, and a mutant may live in it.

FAULTS_CLOCK names a file with the seconds by which this process's clock is wrong.
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import engine.jobs.lease
import engine.store.connection
import engine.store.postgres
import engine.store.sqlite
import engine.wiring
from engine.jobs.clock import Beat, Worker
from tests.faults.mutants import MUTANTS, living
from web.cli import main

SHORT_LEASE = timedelta(seconds=3)
_FILE = os.environ.get("FAULTS_CLOCK", "")


def wrong_now() -> datetime:
    """The time as this process believes it is."""
    try:
        text = Path(_FILE).read_text().strip() if _FILE else ""
    except FileNotFoundError:  # it is right again
        text = ""
    return datetime.now(UTC) + timedelta(seconds=float(text or 0))


def impatient(beat: Beat) -> Beat:
    """Lost jobs are looked for every second, so that a trial of a minute sees it."""
    return Beat(beat.name, 1.0 if beat.name == "lost jobs" else beat.seconds, beat.work, woken=beat.woken)


class ImpatientWorker(Worker):
    """The clock of a trial."""

    def __init__(self, beats: list[Beat]) -> None:
        super().__init__([impatient(beat) for beat in beats])


if __name__ == "__main__":
    for module in (engine.store.connection, engine.store.postgres, engine.wiring):
        setattr(module, "utc_now", wrong_now)  # noqa: B010  # each has it under this name by import
    engine.store.sqlite.SqliteDatabase.clock = staticmethod(wrong_now)
    engine.jobs.lease.LEASE = SHORT_LEASE
    setattr(engine.wiring, "Worker", ImpatientWorker)  # noqa: B010  # wiring has it by import
    name = os.environ.get("FAULTS_MUTANT", "")
    with living(MUTANTS[name]) if name else nullcontext():
        sys.exit(main())
