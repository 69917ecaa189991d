"""Jobs that the transaction before has taken need no second look; whatever happened between makes it look again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from typing import Any

import pytest

from engine.jobs import drain_inner, enqueue, run_named
from engine.model.people import SYSTEM
from engine.model.running import Job
from engine.store import rows
from engine.store.sqlite import SqliteConnection
from engine.store.transaction import Store, Tx

DRAIN = import_module("engine.jobs.drain")  # its room gives a function of this name
SIX = range(6)


@pytest.fixture
def six(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Six jobs, of which two are run at once."""
    monkeypatch.setattr(DRAIN, "BATCH", 2)
    with store.begin(SYSTEM) as tx:
        for number in SIX:
            enqueue(tx, "note", {"n": number})
    return store


def run(store: Store) -> list[object]:
    seen: list[object] = []

    def note(_tx: Tx, job: Job) -> None:
        seen.append(job.args["n"])

    drain_inner(store, {"note": note})
    return seen


def before_the_second(act: Callable[[], None]) -> Callable[[str], None]:
    """What happens once the jobs of the second batch are taken, and before they run."""
    reached: list[str] = []

    def reach(point: str) -> None:
        reached.append(point)
        if len(reached) == 2:
            act()

    return reach


@pytest.mark.parametrize("by_this_program", [True, False])
def test_a_job_that_is_dropped_after_it_was_taken_is_not_run(
    six: Store, monkeypatch: pytest.MonkeyPatch, by_this_program: bool
) -> None:
    with closing(Store(six.database)) as other:

        def drop() -> None:
            with (six if by_this_program else other).begin(SYSTEM) as tx:
                third = next(job for job in rows.find(tx, Job) if job.args["n"] == 2)
                rows.delete(tx, Job, id=third.id)

        monkeypatch.setattr(DRAIN, "reach", before_the_second(drop))
        assert run(six) == [0, 1, 3, 4, 5]


@pytest.mark.parametrize("looked", [1, 2])
@pytest.mark.only_on("sqlite")
def test_only_where_others_wrote_between_jobs_are_looked_up_again(
    six: Store, monkeypatch: pytest.MonkeyPatch, looked: int
) -> None:
    asked: list[str] = []
    plain = SqliteConnection.rows

    def ask(self: SqliteConnection, statement: str, *given: Any) -> object:
        asked.append(statement)
        return plain(self, statement, *given)

    def write() -> None:
        if looked == 2:
            with closing(Store(six.database)) as other, other.begin(SYSTEM) as tx:
                enqueue(tx, "later", {})

    monkeypatch.setattr(DRAIN, "reach", before_the_second(write))
    monkeypatch.setattr(SqliteConnection, "rows", ask)
    assert run(six) == [*SIX]
    assert sum("state = 'running' AND id IN" in statement for statement in asked) == looked


@pytest.mark.parametrize("by_name", [True, False])
def test_a_job_of_the_first_batch_that_is_dropped_after_it_was_taken_is_not_run(
    six: Store, monkeypatch: pytest.MonkeyPatch, by_name: bool
) -> None:
    seen: list[object] = []
    with six.read(SYSTEM) as tx:
        jobs = rows.find(tx, Job, order_by="id")

    def note(_tx: Tx, job: Job) -> None:
        seen.append(job.args["n"])

    def drop(_point: str) -> None:
        with six.begin(SYSTEM) as tx:
            rows.delete(tx, Job, id=jobs[1].id)

    monkeypatch.setattr(DRAIN, "reach", drop)
    if by_name:
        run_named(six, {"note": note}, [job.id for job in jobs])
    else:
        drain_inner(six, {"note": note})
    assert seen == [0, 2, 3, 4, 5]
