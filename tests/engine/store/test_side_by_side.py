"""Writers work side by side: whoever comes second waits and sees what the first left; nothing is lost or doubled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

import psycopg
import psycopg.conninfo
import pytest

from engine.model.case import Case
from engine.model.errors import MakegoodError, StorageBusy, StorageTrouble
from engine.model.people import SYSTEM, Setting
from engine.store import audit, counters, numbers, postgres, rows
from engine.store.connection import Database
from engine.store.postgres import DatabaseClock, PostgresDatabase, conninfo_of
from engine.store.transaction import Store, Tx
from tests.engine.conftest import MONDAY, add_case

ONLY_POSTGRES = pytest.mark.only_on("postgresql")


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all at the same time; a refusal is a result too."""

    def caught(act: Callable[[], object]) -> object:
        try:
            return act()
        except MakegoodError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(caught, acts))


def write(store: Store, act: Callable[[Tx], object]) -> object:
    """One writing transaction."""
    with store.begin(SYSTEM) as tx:
        return act(tx)


def test_numbers_are_given_once_and_without_a_gap(store: Store) -> None:
    given = together(*[lambda: write(store, lambda tx: numbers.next_number(tx, "C-2026"))] * 12)
    assert sorted(map(str, given), key=int) == [str(number) for number in range(1, 13)]


def test_a_chain_takes_the_events_of_writers_one_after_the_other(store: Store) -> None:
    case = write(store, add_case)
    assert isinstance(case, Case)

    def tell(tx: Tx) -> None:
        rows.get(tx, Case, case.id, lock=True)
        audit.append(tx, case.id, "told", {})

    together(*[lambda: write(store, tell)] * 12)
    with store.read(SYSTEM) as tx:
        assert len(audit.events_of(tx, case.id)) == 12
        assert audit.verify(tx) == []


def test_who_waits_for_a_case_sees_what_was_done_meanwhile(store: Store, opened_database: Database) -> None:
    case = write(store, add_case)
    assert isinstance(case, Case)
    other = Store(opened_database)
    seen: list[str] = []

    def look(tx: Tx) -> None:
        seen.append(rows.get(tx, Case, case.id, lock=True).subject)

    with store.begin(SYSTEM) as tx:
        rows.get(tx, Case, case.id, lock=True)
        second = threading.Thread(target=lambda: write(other, look))
        second.start()
        second.join(0.2)
        assert seen == []
        rows.update(tx, Case, case.id, subject="Changed")
    second.join(5)
    other.close()
    assert seen == ["Changed"]


def test_counters_lose_nothing_while_they_are_folded(store: Store) -> None:
    def count() -> object:
        return write(store, lambda tx: counters.add(tx, "cases", "open", 1))

    def fold() -> object:
        return write(store, counters.fold)

    assert not [result for result in together(*[count, count, fold] * 8) if isinstance(result, MakegoodError)]
    with store.read(SYSTEM) as tx:
        assert counters.value(tx, "cases", "open") == 16


@ONLY_POSTGRES
def test_cases_are_written_at_the_same_time(store: Store, opened_database: Database) -> None:
    other = Store(opened_database)
    with store.begin(SYSTEM) as tx, other.begin(SYSTEM) as at_once:
        add_case(tx, "C-1")
        add_case(at_once, "C-2")
    other.close()
    with store.read(SYSTEM) as tx:
        assert rows.count(tx, Case) == 2


@ONLY_POSTGRES
def test_a_deadlock_is_a_sentence_for_one_and_nothing_for_the_other(store: Store) -> None:
    write(store, lambda tx: rows.insert_many(tx, [Setting(key="a", value="0"), Setting(key="b", value="0")]))
    meet = threading.Barrier(2)

    def cross(first: str, second: str) -> Callable[[], object]:
        def change(tx: Tx) -> None:
            rows.update(tx, Setting, first, value=first)
            meet.wait(5)
            rows.update(tx, Setting, second, value=first)

        return lambda: write(store, change)

    results = together(cross("a", "b"), cross("b", "a"))
    refused = [result for result in results if result is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], StorageBusy)
    assert "try again" in str(refused[0])


@ONLY_POSTGRES
def test_a_refused_statement_cannot_be_kept_in_silence(store: Store) -> None:
    def go_on(tx: Tx) -> None:
        add_case(tx, "C-1")
        add_case(tx, "C-1")
        with pytest.raises(MakegoodError):
            rows.count(tx, Case)

    with pytest.raises(RuntimeError, match="cannot be kept"):
        write(store, go_on)
    with store.read(SYSTEM) as tx:
        assert rows.count(tx, Case) == 0


def cut(database: Database) -> None:
    """Let the server end every connection to the database."""
    assert isinstance(database, PostgresDatabase)
    ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        connection.execute(ends)


@ONLY_POSTGRES
def test_a_kept_connection_that_broke_is_replaced_in_silence(store: Store, opened_database: Database) -> None:
    write(store, add_case)
    cut(opened_database)
    write(store, lambda tx: add_case(tx, "C-2"))
    with store.read(SYSTEM) as tx:
        assert rows.count(tx, Case) == 2


@ONLY_POSTGRES
def test_a_connection_that_breaks_within_keeps_nothing_and_says_so(store: Store, opened_database: Database) -> None:
    def break_off(tx: Tx) -> None:
        rows.count(tx, Case)
        add_case(tx)
        cut(opened_database)

    def break_off_earlier(tx: Tx) -> None:
        break_off(tx)
        rows.count(tx, Case)

    with pytest.raises(StorageTrouble, match="Nothing was saved"):
        write(store, break_off_earlier)
    with pytest.raises(StorageTrouble, match="Look before you do it again"):
        write(store, break_off)
    with store.read(SYSTEM) as tx:
        assert rows.count(tx, Case) == 0


def test_a_server_that_says_nothing_more_is_gone_within_half_a_minute() -> None:
    asked = psycopg.conninfo.conninfo_to_dict(conninfo_of("postgresql+psycopg://anna:p%40ss@db/makegood"))
    assert (asked["password"], asked["connect_timeout"], asked["tcp_user_timeout"]) == ("p@ss", "10", "20000")
    heard = [int(str(asked[f"keepalives_{name}"])) for name in ("idle", "interval", "count")]
    assert heard[0] + heard[1] * heard[2] <= 30
    server = [int(postgres._SETTINGS[f"tcp_keepalives_{name}"]) for name in ("idle", "interval", "count")]
    assert server[0] + server[1] * server[2] <= 60  # it, too, lets go of a client that is gone
    own = conninfo_of("postgresql+psycopg://anna@db/makegood?connect_timeout=3")
    assert psycopg.conninfo.conninfo_to_dict(own)["connect_timeout"] == "3"


@ONLY_POSTGRES
def test_a_server_that_is_not_there_is_a_sentence(opened_database: Database) -> None:
    assert isinstance(opened_database, PostgresDatabase)
    nowhere = Store(PostgresDatabase("postgresql+psycopg://makegood@/none?host=/nowhere"))
    with pytest.raises(StorageTrouble, match="does not answer"), nowhere.begin(SYSTEM):
        pass
    unknown = Store(PostgresDatabase(opened_database.url.replace("makegood_test_", "makegood_none_")))
    with pytest.raises(StorageTrouble, match="does not exist"), unknown.begin(SYSTEM):
        pass
    mistyped = Store(PostgresDatabase("postgresql+psycopg://makegood@/none?host=/nowhere&tiemout=3"))
    with pytest.raises(StorageTrouble, match="tiemout.*Take it out"), mistyped.begin(SYSTEM):
        pass


@ONLY_POSTGRES
def test_the_time_is_the_database_s_and_never_ahead_of_it(opened_database: Database) -> None:
    store = Store(opened_database)
    for _ in range(20):
        with store.begin(SYSTEM) as tx:
            assert tx.now <= tx.connection.row("SELECT clock_timestamp()")[0].astimezone(UTC)
            assert tx.connection.row("SELECT clock_timestamp()")[0] - tx.now < timedelta(seconds=2)
    store.close()


def test_a_machine_s_clock_that_jumps_does_not_move_the_database_s(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: told[-1])
    monkeypatch.setattr(postgres, "utc_now", lambda: MONDAY + timedelta(hours=5))
    clock = DatabaseClock()
    assert clock.is_old
    clock.told(MONDAY)
    told.append(102.0)
    assert clock() == MONDAY + timedelta(seconds=2)
    told.append(112.0)
    assert clock.is_old
