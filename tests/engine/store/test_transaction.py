"""What a block changes is kept when it ends and undone when it raises; readers never wait and never write."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from engine.model.case import Case
from engine.model.errors import StorageBusy, StorageFull, StorageTrouble
from engine.model.people import SYSTEM
from engine.store import rows
from engine.store.sqlite import SqliteDatabase
from engine.store.transaction import Store, Tx, savepoint
from tests.engine.conftest import add_case, undone


def count_cases(store: Store) -> int:
    with store.read(SYSTEM) as tx:
        return rows.count(tx, Case)


def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    with undone(store.begin(SYSTEM)) as tx:
        add_case(tx)
    assert count_cases(store) == 0


def test_followers_run_after_the_commit_and_only_then(store: Store) -> None:
    seen: list[int] = []
    with store.begin(SYSTEM) as tx:
        add_case(tx)
        tx.after_commit.append(lambda: seen.append(count_cases(store)))
        assert seen == []
    assert seen == [1]


def test_a_savepoint_undoes_its_own_part_only(store: Store) -> None:
    with store.begin(SYSTEM) as tx:
        add_case(tx, "C-1")
        with undone(savepoint(tx)):
            add_case(tx, "C-2")
            tx.after_commit.append(pytest.fail)
        with savepoint(tx):
            add_case(tx, "C-3")
    with store.read(SYSTEM) as tx:
        assert [case.number for case in rows.find(tx, Case, order_by="number")] == ["C-1", "C-3"]


def test_a_reader_cannot_write(store: Store) -> None:
    with store.read(SYSTEM) as tx, pytest.raises(StorageTrouble, match="only be read"):
        add_case(tx)


def test_a_reader_sees_one_moment_and_does_not_wait(store: Store) -> None:
    seen: list[int] = []
    with store.begin(SYSTEM) as tx:
        add_case(tx)
        reader = threading.Thread(target=lambda: seen.append(count_cases(store)))
        reader.start()
        reader.join(timeout=5)
    assert seen == [0]
    assert count_cases(store) == 1


def test_writers_come_one_after_the_other(store: Store) -> None:
    def register(number: int) -> None:
        with store.begin(SYSTEM) as tx:
            add_case(tx, f"C-{number}")

    writers = [threading.Thread(target=register, args=(number,)) for number in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert count_cases(store) == 20


def test_a_transaction_inside_a_transaction_is_refused_at_once(store: Store) -> None:
    with store.begin(SYSTEM), pytest.raises(RuntimeError, match="already"), store.read(SYSTEM):
        pass


def test_ids_of_a_transaction_rise(tx: Tx) -> None:
    ids = [tx.new_id() for _ in range(100)]
    assert ids == sorted(set(ids))


def fill(store: Store) -> None:
    with store.begin(SYSTEM) as tx:
        for number in range(2, 2000):
            add_case(tx, f"C-{number}")


@pytest.mark.only_on("sqlite")  # by a pragma
def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_written(store: Store) -> None:
    with store.begin(SYSTEM) as tx:
        add_case(tx, "C-1")
        pages = tx.connection.row("PRAGMA page_count")[0]
        tx.connection.execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(StorageFull, match="disk of the database is full"):
        fill(store)
    assert count_cases(store) == 1
    with store.begin(SYSTEM) as tx:
        tx.connection.execute("PRAGMA max_page_count=1000000")
        add_case(tx, "C-2")
    assert count_cases(store) == 2


@pytest.mark.only_on("sqlite")  # there is one writer
def test_a_writer_that_never_ends_elsewhere_is_a_sentence(store: Store, database: Path) -> None:
    with store.begin(SYSTEM) as tx:
        tx.connection.execute("PRAGMA busy_timeout=20")
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusy, match="Another program is writing"), store.begin(SYSTEM):
        pass
    other.execute("ROLLBACK")
    other.close()
    with store.begin(SYSTEM) as tx:
        add_case(tx)
    assert count_cases(store) == 1


def test_a_database_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    store = Store(SqliteDatabase(str(tmp_path / "nowhere" / "makegood.db")))
    with pytest.raises(StorageTrouble, match="cannot be opened"), store.begin(SYSTEM):
        pass
