"""An installation moves to another database and back: every row as it was, every chain whole, and nothing half done."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.model.case import Case
from engine.model.errors import Conflict, StorageTrouble
from engine.model.people import SYSTEM, Role
from engine.store import anchors, audit, copying, counters, deployments, numbers, rows, search
from engine.store.connection import Connection, Database
from engine.store.opening import opened, postgres_at, upgraded
from engine.store.postgres import PostgresDatabase
from engine.store.snapshots import move
from engine.store.sqlite import SqliteDatabase
from engine.store.transaction import Store
from tests.databases import Databases
from tests.engine.conftest import MONDAY, HandClock, add_case, add_person

KEY = b"key"


@pytest.fixture
def elsewhere(store: Store, databases: Databases, tmp_path: Path) -> Database:
    """An empty database of the other kind."""
    if isinstance(store.database, PostgresDatabase):
        return opened("", tmp_path / "elsewhere.db", now=MONDAY)
    url = databases.copy("template1", lambda made: None)
    upgraded(url, tmp_path, now=MONDAY)
    return postgres_at(url)


def work(store: Store) -> str:
    """Some rows of many kinds, among them texts and numbers that databases like to change."""
    with store.begin(SYSTEM) as tx:
        add_person(tx, "anna", Role.CLERK)
        case = add_case(tx, "C-ż'\"%$1")
        search.put(tx, case.id, "Müller’s kettle")
        audit.append_many(tx, case.id, [("registered", {"n": 1}), ("told", {"text": "a\\b\n\t:x ? %s"})])
        counters.add(tx, "cases", "open", 2**40 // 2**20)
        deployments.keep(tx, "complaint", {"a.bpmn": bytes(range(256))}, process_ids=["complaint"])
        numbers.next_number(tx, "C-2026")
        anchors.cast(tx, KEY)
    return case.id


def test_everything_is_there_and_work_goes_on(store: Store, elsewhere: Database) -> None:
    case_id = work(store)
    store.close()
    assert move(store.database, elsewhere) > 8
    there = Store(elsewhere, clock=HandClock(MONDAY + timedelta(days=1)))
    with there.begin(SYSTEM) as tx:
        assert audit.verify(tx) == []
        assert anchors.verify(tx, KEY, {}) == []
        assert search.matching(tx, "muller kett") == [case_id]
        assert tx.catalog.newest("complaint").files == {"a.bpmn": bytes(range(256))}
        assert numbers.next_number(tx, "C-2026") == 2
        search.put(tx, add_case(tx, "C-2").id, "after the move")
        counters.add(tx, "cases", "open", 1)
        assert counters.fold(tx) == 2
    there.close()


def test_a_database_with_data_is_no_place_to_move_to(store: Store, elsewhere: Database) -> None:
    work(store)
    store.close()
    there = Store(elsewhere)
    with there.begin(SYSTEM) as tx:
        add_person(tx, "ben")
    there.close()
    with pytest.raises(Conflict, match=r"holds data already \(in “person”\)"):
        move(store.database, elsewhere)


def test_a_row_that_arrives_changed_undoes_the_move(
    store: Store, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = work(store)
    store.close()
    copy = copying.copy_all

    def forge(source: Connection, target: Connection) -> int:
        total = copy(source, target)
        target.execute("UPDATE case_file SET subject = 'Another' WHERE id = ?", (case_id,))
        return total

    monkeypatch.setattr(copying, "copy_all", forge)
    with pytest.raises(StorageTrouble, match="“case_file”"):
        move(store.database, elsewhere)
    there = Store(elsewhere)
    with there.read(SYSTEM) as tx:
        assert rows.count(tx, Case) == 0
    there.close()


@pytest.mark.only_on("postgresql")  # SQLite has a lock file
def test_a_database_that_somebody_works_on_does_not_move(store: Store, tmp_path: Path) -> None:
    work(store)
    with pytest.raises(Conflict, match="Stop all its processes"):
        move(store.database, SqliteDatabase(str(tmp_path / "elsewhere.db")))
