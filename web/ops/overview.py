"""Whether the installation is well: what waits and how late, the database, the disk, the audit trail."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from flask import render_template

from engine.model.errors import Message
from engine.queries.incidents import open_incidents
from engine.queries.jobs import DatabaseFigures, WorkFigures, database_figures, work_figures, workers, works_here
from engine.queries.processes import changed_on_disk
from engine.settings import Settings
from web.access import roles
from web.current import engine, now, read
from web.ops.blueprint import WATCHERS, blueprint, room_tabs

LITTLE_ROOM = 1_000_000_000
LATE = timedelta(minutes=1)
SILENT = timedelta(seconds=30)
"""A worker says something every ten seconds; one that has not for so long stands still."""
FAULTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Machine:
    """What the system says; sizes in bytes, `None` where it does not say."""

    makegood: str
    python: str
    data_dir: Path
    outbox: Path | None
    wal: int
    disk_free: int | None
    disk_total: int | None

    @property
    def is_nearly_full(self) -> bool:
        """Whether there is little room left."""
        return self.disk_free is not None and self.disk_free < LITTLE_ROOM


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of recomputing the audit trail."""

    faults: Sequence[Message]
    count: int
    seconds: float


@blueprint.get("/ops")
@roles(*WATCHERS)
def overview() -> str:
    """Show it."""
    return page(None)


@blueprint.post("/ops/audit")
@roles(*WATCHERS)
def verify_audit() -> str:
    """Recompute every chain and anchor, and show what is wrong."""
    began = time.monotonic()
    faults = engine().verify_audit()
    shown = [fault.message for fault in faults[:FAULTS_SHOWN]]
    return page(Verified(shown, len(faults), time.monotonic() - began))


def page(verified: Verified | None) -> str:
    """The page, with the result of a check."""
    settings = engine().settings
    with read() as tx:
        work = work_figures(tx)
        database = database_figures(tx)
        count = open_incidents(tx)
        works, at_work = works_here(tx), workers(tx)
        on_disk = changed_on_disk(tx, settings.data_dir)
    return render_template(
        "ops/overview.html",
        work=work,
        database=database,
        machine=machine_of(settings),
        incidents=count,
        works=works,
        at_work=at_work,
        silent_since=now() - SILENT,
        on_disk=on_disk,
        lag=lag_of(work, now()),
        late=LATE,
        verified=verified,
        tabs=room_tabs(incidents=count),
    )


def lag_of(work: WorkFigures, moment: datetime) -> timedelta:
    """How late the oldest job or timer is; nothing where none is due."""
    dues = [due for due in (work.oldest_job, work.oldest_timer) if due is not None]
    return max([moment - due for due in dues], default=timedelta(0)) if dues and min(dues) < moment else timedelta(0)


def machine_of(settings: Settings) -> Machine:
    """Ask the system."""
    try:
        usage = shutil.disk_usage(settings.data_dir)
    except OSError:
        usage = None
    return Machine(
        makegood=version("makegood"),
        python=platform.python_version(),
        data_dir=settings.data_dir,
        outbox=None if settings.smtp_url else settings.data_dir / "outbox",
        wal=size_of(Path(f"{settings.database_path}-wal")),
        disk_free=usage.free if usage else None,
        disk_total=usage.total if usage else None,
    )


def size_of(path: Path) -> int:
    """The size of a file, 0 where it is not there."""
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


__all__ = ["DatabaseFigures", "overview"]
