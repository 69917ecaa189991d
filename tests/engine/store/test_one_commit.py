"""Several transactions of one thread are kept by one commit: each is undone alone, all or none are kept, and only then is it told."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from engine.model.case import Case
from engine.model.errors import Conflict, StorageFull
from engine.model.people import SYSTEM
from engine.store import rows
from engine.store.connection import Connection
from engine.store.one_commit import OneCommit
from engine.store.sqlite import SqliteConnection
from engine.store.transaction import Store
from tests.engine.conftest import add_case, undone

pytestmark = pytest.mark.only_on("sqlite")  # it has one writer


def numbers(store: Store) -> list[str]:
    with store.read_alone(SYSTEM) as tx:
        return [case.number for case in rows.find(tx, Case, order_by="number")]


def seen_elsewhere(store: Store) -> list[str]:
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.extend(numbers(store)))
    reader.start()
    reader.join(5)
    return found


def test_parts_see_each_other_and_nobody_else_sees_them_before_the_end(store: Store) -> None:
    told: list[bool] = []
    one = OneCommit(store, told.append)
    with store.begin(SYSTEM) as tx:
        add_case(tx, "C-1")
    with store.read(SYSTEM) as tx:
        assert rows.count(tx, Case) == 1
    with store.begin(SYSTEM) as tx:
        add_case(tx, "C-2")
    assert (seen_elsewhere(store), told) == ([], [])
    one.end()
    assert (seen_elsewhere(store), told) == (["C-1", "C-2"], [True])


def test_what_they_bring_about_follows_once_when_all_is_kept_and_told(store: Store) -> None:
    seen: list[str] = []
    wake: Callable[[], None] = lambda: seen.append("wake")  # noqa: E731  # one and the same each time
    one = OneCommit(store, lambda kept: seen.append(f"told {kept}, {numbers(store)}"))
    for number in ("C-1", "C-2"):
        with store.begin(SYSTEM) as tx:
            add_case(tx, number)
            tx.after_commit.append(wake)
    assert seen == []
    one.end()
    assert seen == ["told True, ['C-1', 'C-2']", "wake"]


def test_a_part_that_raises_leaves_no_trace_and_the_others_stay(store: Store) -> None:
    one = OneCommit(store, lambda kept: None)
    with store.begin(SYSTEM) as tx:
        first = add_case(tx, "C-1")
        known = tx.known
    with undone(store.begin(SYSTEM)) as tx:
        add_case(tx, "C-2")
        rows.update(tx, Case, first.id, subject="Another one")
        tx.after_commit.append(pytest.fail)
    assert [key[1] for key in known.rows] == [first.id]
    with store.begin(SYSTEM) as tx:
        assert rows.get(tx, Case, first.id).subject == first.subject
        add_case(tx, "C-3")
    one.end()
    assert numbers(store) == ["C-1", "C-3"]


def test_a_refusal_by_the_database_is_the_part_s_alone(store: Store) -> None:
    one = OneCommit(store, lambda kept: None)
    with store.begin(SYSTEM) as tx:
        add_case(tx, "C-1")
    with pytest.raises(Conflict), store.begin(SYSTEM) as tx:
        add_case(tx, "C-1")
    one.end()
    assert numbers(store) == ["C-1"]


def test_when_the_commit_is_refused_nothing_is_kept_or_known_and_that_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    one = OneCommit(store, told.append)
    with store.begin(SYSTEM) as tx:
        case = add_case(tx, "C-1")
        tx.after_commit.append(pytest.fail)

    def full(_self: Connection, _word: str) -> None:
        raise StorageFull("storage_full", "The disk of the database is full.")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteConnection, "end", full)
        one.end()
    assert (told, numbers(store)) == ([False], [])
    with store.begin(SYSTEM) as tx:
        assert rows.maybe(tx, Case, case.id) is None
        add_case(tx, "C-2")
    assert numbers(store) == ["C-2"]


def test_when_the_database_undoes_more_than_a_part_nothing_is_kept(store: Store) -> None:
    told: list[bool] = []
    one = OneCommit(store, told.append)
    with store.begin(SYSTEM) as tx:
        add_case(tx, "C-1")
    with pytest.raises(StorageFull):
        lose_all(store)
    with pytest.raises(RuntimeError, match="undone"), store.begin(SYSTEM):
        pass
    one.end()
    assert (told, numbers(store)) == ([False], [])


def lose_all(store: Store) -> None:
    """What SQLite does itself where its log cannot grow."""
    with store.begin(SYSTEM) as tx:
        tx.connection.driver.rollback()
        raise StorageFull("storage_full", "The disk of the database is full.")


@pytest.mark.parametrize("kind", ["begin", "read"])
def test_a_part_inside_a_part_is_refused_at_once(store: Store, kind: str) -> None:
    one = OneCommit(store, lambda kept: None)
    with store.begin(SYSTEM), pytest.raises(RuntimeError, match="already"), getattr(store, kind)(SYSTEM):
        pass
    one.end()


def test_reading_before_anything_is_written_waits_for_nobody(store: Store) -> None:
    one = OneCommit(store, lambda kept: None)
    with store.read(SYSTEM) as tx:
        writer = threading.Thread(target=lambda: written(store, "C-1"))
        writer.start()
        writer.join(5)
        assert not writer.is_alive()
        assert rows.count(tx, Case) in (0, 1)
    one.end()
    assert numbers(store) == ["C-1"]


def written(store: Store, number: str) -> None:
    with store.begin(SYSTEM) as tx:
        add_case(tx, number)


def test_after_the_end_each_transaction_is_its_own_again(store: Store) -> None:
    told: list[bool] = []
    OneCommit(store, told.append)
    written(store, "C-1")
    store.end_joined()
    written(store, "C-2")
    store.end_joined()
    assert (told, seen_elsewhere(store)) == ([True], ["C-1", "C-2"])


def test_another_writer_has_its_turn_after_the_end(store: Store) -> None:
    one = OneCommit(store, lambda kept: None)
    written(store, "C-1")
    other = threading.Thread(target=lambda: written(store, "C-2"))
    other.start()
    other.join(0.2)
    assert other.is_alive(), "it waits, as for any writer"
    one.end()
    other.join(5)
    assert numbers(store) == ["C-1", "C-2"]


def test_what_is_dropped_is_gone_and_nobody_is_told(store: Store) -> None:
    one = OneCommit(store, lambda kept: pytest.fail("told"))
    written(store, "C-1")
    one.drop()
    written(store, "C-2")
    assert numbers(store) == ["C-2"]


def test_without_any_part_there_is_nothing_to_keep(store: Store) -> None:
    told: list[bool] = []
    OneCommit(store, told.append).end()
    assert (told, numbers(store)) == ([True], [])


def test_when_the_database_undoes_all_while_somebody_reads_nothing_that_follows_is_kept_alone(store: Store) -> None:
    told: list[bool] = []
    one = OneCommit(store, told.append)
    written(store, "C-1")
    with store.read(SYSTEM) as tx:
        tx.connection.driver.rollback()  # as SQLite does where the disk fails while it is read
    with pytest.raises(RuntimeError, match="undone"):
        written(store, "C-2")
    one.end()
    assert (told, numbers(store)) == ([False], [])


def test_what_follows_and_fails_is_nobody_s_who_comes_next(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    def fail() -> None:
        raise RuntimeError("the clock has ended")

    one = OneCommit(store, lambda kept: None)
    with store.begin(SYSTEM) as tx:
        add_case(tx, "C-1")
        tx.after_commit += [fail, lambda: seen.append("then")]
    one.end()
    assert (numbers(store), seen) == (["C-1"], ["then"])
    assert "the clock has ended" in caplog.text
