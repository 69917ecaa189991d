"""On PostgreSQL jobs that were sent together are run together, and nothing is looked for with a lock where nothing is due."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from engine.jobs import enqueue, run_named
from engine.jobs.carried import CarriedWorker
from engine.jobs.carriers import Carriers
from engine.jobs.lease import LEASE, give_up, lease_named, recover
from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.ports import Ports
from engine.model.running import Job, JobState
from engine.settings import Settings
from engine.store import rows
from engine.store.connection import Database
from engine.store.postgres import PostgresConnection, PostgresDatabase
from engine.store.transaction import Store, Tx
from engine.wiring import Engine
from tests.engine.conftest import HandClock, add_case

pytestmark = pytest.mark.only_on("postgresql")  # it is about its carriers


@pytest.fixture
def carriers(store: Store) -> Carriers:
    """What sends carriers for the jobs of the store; letters leave the machine."""
    found = Carriers(frozenset({"letter"}))
    store.carry = found.send
    return found


def ask(store: Store, name: str, *cases: str | None, due: timedelta = timedelta()) -> list[str]:
    """Ask for a job for each case in one transaction."""
    with store.begin(SYSTEM) as tx:
        return [enqueue(tx, name, {}, case_id=case, due=tx.now + due).id for case in cases]


def carried(store: Store) -> list[tuple[str, list[str]]]:
    """Each carrier's queue, and the jobs that it names."""
    with store.read(SYSTEM) as tx:
        found = rows.fetch(tx, "SELECT queue_name, args FROM procrastinate_jobs ORDER BY id")
    return [(queue, args["job_ids"]) for queue, args in found]


def waiting(store: Store) -> list[Job]:
    with store.read(SYSTEM) as tx:
        return rows.find(tx, Job, order_by="id")


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many statements each round trip took."""
    trips: list[int] = []
    plain = PostgresConnection._sent

    def sent(self: PostgresConnection, wanted: Sequence[Any]) -> Any:
        trips.append(len(self._waiting) + len(wanted))
        return plain(self, wanted)

    with patch.object(PostgresConnection, "_sent", sent):
        yield trips


def test_inner_jobs_share_a_carrier_and_letters_have_their_own(store: Store, carriers: Carriers) -> None:
    with store.begin(SYSTEM) as tx:
        notes = [enqueue(tx, "note", {}).id for _ in range(130)]
        letters = [enqueue(tx, "letter", {}).id for _ in range(2)]
    assert carried(store) == [
        ("inner", notes[:100]),
        ("inner", notes[100:]),
        *(("outer", [letter]) for letter in letters),
    ]
    with store.begin(SYSTEM) as tx:
        assert carriers.carry_due(tx) == 0


def test_what_came_due_since_is_named_once(store: Store, carriers: Carriers, hand_clock: HandClock) -> None:
    named = ask(store, "note", None, None, due=timedelta(hours=1))
    assert not carried(store)
    with store.read(SYSTEM) as tx:
        assert not carriers.is_asked(tx)
    hand_clock.pass_time(timedelta(hours=2))
    with store.read(SYSTEM) as tx:
        assert carriers.is_asked(tx)
    with store.begin(SYSTEM) as tx:
        assert (carriers.carry_due(tx), carriers.carry_due(tx)) == (2, 0)
    assert carried(store) == [("inner", named)]


def test_a_batch_of_jobs_takes_few_round_trips(store: Store, carriers: Carriers) -> None:
    named = ask(store, "note", *[None] * 60)
    ran: list[str] = []
    with counted() as trips:
        assert run_named(store, {"note": lambda _tx, job: ran.append(job.id)}, named) == 60
    assert (ran, waiting(store)) == (named, [])
    assert len(trips) <= 8


def test_two_batches_run_at_once_and_jobs_of_their_own_beside_them() -> None:
    at_work: list[int] = []
    goes_on = threading.Event()

    def run(job_ids: Sequence[str]) -> None:
        at_work.append(len(job_ids))
        goes_on.wait(10)

    worker = CarriedWorker("", run)
    threads = [threading.Thread(target=worker._carried, args=(["job"] * count,)) for count in (3, 3, 3, 3, 1, 1)]
    for thread in threads:
        thread.start()
    threads[-1].join(0.3)
    assert sorted(at_work) == [1, 1, 3, 3]
    goes_on.set()
    for thread in threads:
        thread.join(10)
    assert sorted(at_work) == [1, 1, 3, 3, 3, 3]


def test_a_case_that_somebody_changes_puts_its_own_job_off_and_no_other(
    store: Store, opened_database: Database, carriers: Carriers
) -> None:
    with store.begin(SYSTEM) as tx:
        cases = [add_case(tx, f"C-{number}").id for number in range(3)]
    named = ask(store, "note", *cases)
    ran: list[str | None] = []

    def note(tx: Tx, job: Job) -> None:
        rows.maybe(tx, Case, job.case_id, lock=True)
        ran.append(job.case_id)

    other = Store(opened_database, clock=store.clock)
    changing = other.begin(SYSTEM)
    rows.get(changing.__enter__(), Case, cases[1], lock=True)
    try:
        run_named(store, {"note": note}, named)
    finally:
        changing.__exit__(None, None, None)
    left = waiting(store)
    assert [(job.case_id, job.attempts, job.state) for job in left] == [(cases[1], 0, JobState.PENDING)]
    assert {cases[0], cases[2]} <= set(ran)
    other.close()


def test_a_sweep_passes_over_a_lost_job_that_is_just_being_run(
    store: Store, opened_database: Database, hand_clock: HandClock
) -> None:
    named = ask(store, "note", None, None)
    assert len(lease_named(store, named)) == 2
    hand_clock.pass_time(LEASE + timedelta(seconds=1))
    other = Store(opened_database, clock=store.clock)
    running = other.begin(SYSTEM)
    there = running.__enter__()
    rows.maybe(there, Job, named[0], lock=True)
    with store.begin(SYSTEM) as tx:
        assert recover(tx) == 1
    rows.delete(there, Job, id=named[0])
    running.__exit__(None, None, None)
    assert [(job.id, job.state) for job in waiting(store)] == [(named[1], JobState.PENDING)]
    other.close()


def test_lost_jobs_are_handed_on_as_soon_as_they_are_found(
    store: Store, carriers: Carriers, hand_clock: HandClock, tmp_path: Path
) -> None:
    named = ask(store, "note", None, None)
    with store.begin(SYSTEM) as tx:
        tx.connection.execute("DELETE FROM procrastinate_jobs")  # their worker had it
    lease_named(store, named)
    hand_clock.pass_time(LEASE + timedelta(seconds=1))
    engine = Engine(Settings(data_dir=tmp_path), store, {}, Ports(), carriers)
    assert (engine.recover(), engine.recover()) == (2, 0)
    assert carried(store) == [("inner", named)]


def test_what_does_not_end_in_time_is_given_back_to_others(
    store: Store, opened_database: PostgresDatabase, carriers: Carriers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.jobs.carried.ENDING", 0.2)
    begun, goes_on = threading.Event(), threading.Event()
    (letter,) = ask(store, "letter", None)

    def run(job_ids: Sequence[str]) -> None:
        lease_named(store, job_ids)
        begun.set()
        goes_on.wait(10)

    worker = CarriedWorker(opened_database.url, run, 1, partial(give_up, store))
    worker.start()
    assert begun.wait(10)
    assert worker.stop() is False
    assert [(job.id, job.state, job.attempts) for job in waiting(store)] == [(letter, JobState.PENDING, 1)]
    with store.begin(SYSTEM) as tx:
        assert carriers.carry_due(tx) == 1
    goes_on.set()
    assert worker._thread is not None
    worker._thread.join(10)


def test_a_server_that_is_away_is_told_in_one_line_and_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    worker = CarriedWorker("postgresql+psycopg://nowhere/none", len, 1)
    asked: list[str] = []

    async def away(_: CarriedWorker) -> None:
        asked.append("again")
        if len(asked) == 2:
            worker._stopping = True
        raise OSError("\n    Database error.\n    ") from ConnectionError("nobody listens")

    monkeypatch.setattr("engine.jobs.carried.SHORTEST_PAUSE", 0.01)
    monkeypatch.setattr(CarriedWorker, "_work", away)
    threading.Thread(target=worker.start, daemon=True).start()  # it waits for the first answer
    while len(asked) < 2:
        threading.Event().wait(0.01)
    assert caplog.messages[0] == "the queue is not reached (nobody listens); trying again in 0.0 s"
