"""A process that is killed at any moment loses nothing that it acknowledged, and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.jobs import drain
from engine.jobs.lease import recover
from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.running import Incident, Job
from engine.store import audit, counters, rows
from engine.store.sqlite import SqliteDatabase
from engine.store.transaction import Store
from tests.engine.jobs.register_and_die import HANDLERS

POINTS = [f"{point}:{times}" for point in ("before_commit", "after_commit") for times in (1, 3, 4, 5, 8, 13)]
POINTS += [f"{point}:{times}" for point in ("mid_job", "after_perform") for times in (1, 3)]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_process_loses_and_doubles_nothing(database: Path, repository: Path, point: str) -> None:
    script = Path(__file__).with_name("register_and_die.py")
    ended = subprocess.run(
        [sys.executable, str(script), str(database)],
        env={**os.environ, "MAKEGOOD_CRASH_AT": point, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    acknowledged = ended.stdout.split()
    store = Store(SqliteDatabase(str(database)))
    with store.begin(SYSTEM) as tx:
        recover(tx, all_leases=True)
    drain(store, HANDLERS)
    with store.read(SYSTEM) as tx:
        cases = rows.find(tx, Case, order_by="id")
        numbers = [case.number for case in cases]
        assert numbers == [f"C-{place}" for place in range(1, len(cases) + 1)]
        assert numbers[: len(acknowledged)] == acknowledged
        assert len(numbers) <= len(acknowledged) + 1
        assert {case.priority for case in cases} <= {2}
        for case in cases:
            kinds = sorted(event.kind for event in audit.events_of(tx, case.id))
            assert kinds == ["classified", "registered", "sent"]
        assert (audit.verify(tx), rows.find(tx, Job), rows.find(tx, Incident)) == ([], [], [])
        assert counters.value(tx, "cases", "all") == len(cases)
    store.close()
