"""A backup made while people work comes back whole in either kind of database, and the jobs that waited in it run there."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from engine.actions.job_kinds import HANDLERS
from engine.actions.register_case import Registration, register_case
from engine.jobs import enqueue, run_named
from engine.jobs.carried import CarriedWorker
from engine.jobs.carriers import Carriers
from engine.jobs.kinds import outer_names
from engine.model.case import Case
from engine.model.errors import StorageBusy
from engine.model.people import SYSTEM
from engine.model.running import Job
from engine.store import anchors, audit, backup, rows
from engine.store.connection import Database
from engine.store.opening import opened, upgraded
from engine.store.postgres import PostgresDatabase
from engine.store.secret_file import secret_of
from engine.store.snapshots import move, put_snapshot, write_snapshot
from tests.databases import Databases
from tests.promises.conftest import MONDAY, OLA, TEXT, House

_CARRIED = "SELECT jsonb_array_elements_text(args -> 'job_ids'), count(*) FROM procrastinate_jobs GROUP BY 1"


def url_of(database: Database) -> str:
    """What the settings call it."""
    return database.url if isinstance(database, PostgresDatabase) else ""


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    """An empty database with all tables."""
    url = databases.copy("template1", lambda made: None)
    upgraded(url, Path(), now=MONDAY)
    yield url
    databases.drop(url)


@contextmanager
def at_work(house: House, *, people: int = 3) -> Iterator[list[str]]:
    """People register and triage cases until the block ends; it is given the numbers that were acknowledged."""
    known: list[str] = []
    is_over = threading.Event()

    def work() -> None:
        while not is_over.is_set():
            try:
                case = house.register()
                known.append(case.number)
                house.do("anna", case, "triage", "complaint", product_group="appliance", category="defect")
            except (StorageBusy, StopIteration):  # somebody was faster, or the task comes with a colleague's settling
                continue

    with ThreadPoolExecutor(people) as pool:
        workers = [pool.submit(work) for _ in range(people)]
        try:
            yield known
        finally:
            is_over.set()
    for worker in workers:
        worker.result()


def await_more(known: list[str], more: int) -> None:
    """Come back when so many more cases were acknowledged."""
    wanted, pause = len(known) + more, threading.Event()
    for _ in range(3000):
        if len(known) >= wanted:
            return
        pause.wait(0.01)
    raise AssertionError(f"{len(known)} of {wanted} cases were registered")


def test_a_backup_under_load_comes_back_whole(house: House, postgres_url: str, tmp_path: Path) -> None:
    data, archive = tmp_path, tmp_path / "copies" / "monday.zip"
    key = secret_of(data / "audit.key")
    write = partial(write_snapshot, url_of(house.store.database), data / "makegood.db", now=MONDAY)
    with at_work(house) as known:
        await_more(known, 4)
        with house.store.begin(SYSTEM) as tx:
            line = anchors.cast(tx, key)
        assert line is not None
        anchors.note(data / "anchors.txt", line)
        before = list(known)
        backup.back_up(write, data, archive, now=MONDAY)
        await_more(known, 2)
    house.settle()
    assert house.broken() == []
    for url, place in (("", tmp_path / "file"), (postgres_url, tmp_path / "server")):
        put = partial(put_snapshot, url, place / "makegood.db", now=MONDAY)
        backup.restore(archive, put, place)
        there = House(opened(url, place / "makegood.db", now=MONDAY))
        there.settle()
        assert set(before) <= {case.number for case in there.all(Case)} < set(known)
        with there.store.read(SYSTEM) as tx:
            assert audit.verify(tx) == []
            assert anchors.verify(tx, key, anchors.noted_in(place / "anchors.txt")) == []
        assert there.broken() == []
        there.store.close()


def test_an_anchor_cast_during_a_backup_is_not_missed_in_it(house: House, tmp_path: Path) -> None:
    key = secret_of(tmp_path / "audit.key")
    anchors.note(tmp_path / "anchors.txt", "2026-03-01 d m")
    write = partial(write_snapshot, url_of(house.store.database), tmp_path / "makegood.db", now=MONDAY)

    def write_and_cast(target: Path) -> None:
        write(target)
        with house.store.begin(SYSTEM) as tx:
            anchors.note(tmp_path / "anchors.txt", anchors.cast(tx, key) or "")

    backup.back_up(write_and_cast, tmp_path, tmp_path / "copies" / "monday.zip", now=MONDAY)
    with zipfile.ZipFile(tmp_path / "copies" / "monday.zip") as packed:
        assert packed.read("anchors.txt").decode().split() == ["2026-03-01", "d", "m"]
        assert packed.read("audit.key").decode().strip() == (tmp_path / "audit.key").read_text().strip()


def restored(house: House, url: str, folder: Path) -> None:
    """Into the database by a backup."""
    write = partial(write_snapshot, url_of(house.store.database), folder / "makegood.db", now=MONDAY)
    backup.back_up(write, folder, folder / "copies" / "monday.zip", now=MONDAY)
    house.store.close()
    put = partial(put_snapshot, url, folder / "unused", now=MONDAY)
    backup.restore(folder / "copies" / "monday.zip", put, folder / "there")


def moved(house: House, url: str, folder: Path) -> None:
    """Into the database by a move."""
    house.store.close()
    move(house.store.database, opened(url, folder, now=MONDAY))


@pytest.mark.parametrize("bring", [restored, moved])
def test_jobs_that_come_without_a_carrier_get_one_each_and_run(
    house: House, postgres_url: str, tmp_path: Path, bring: Callable[[House, str, Path], None]
) -> None:
    for _ in range(2):
        with house.store.begin(SYSTEM) as tx:
            register_case(tx, Registration(subject="It leaks", description=TEXT, country="PL", customer=OLA))
            enqueue(tx, "answer_wait", {}, due=tx.now.replace(hour=23))
    bring(house, postgres_url, tmp_path)
    there, carriers = House(opened(postgres_url, tmp_path, now=MONDAY)), Carriers(frozenset(outer_names(HANDLERS)))
    there.store.carry = carriers.send
    due = sorted(job.id for job in there.all(Job) if job.due_at <= there.now)
    assert due
    with there.store.begin(SYSTEM) as tx:
        assert rows.fetch(tx, _CARRIED) == []
        assert (carriers.carry_due(tx), carriers.carry_due(tx)) == (len(due), 0)
        assert sorted(rows.fetch(tx, _CARRIED)) == [(job_id, 1) for job_id in due]
    CarriedWorker(postgres_url, partial(run_named, there.store, HANDLERS), 1).run_waiting()
    assert [job for job in there.all(Job) if job.due_at <= there.now] == []
    assert there.broken() == []
    assert len(there.all(Job)) == 2
    there.store.close()
