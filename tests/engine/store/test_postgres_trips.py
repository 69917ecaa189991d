"""What goes to PostgreSQL together is run in its order, prepared once, and refused without losing the place."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from engine.store import postgres_trips
from engine.store.connection import StorageLost
from engine.store.postgres import PostgresConnection, PostgresDatabase
from engine.store.postgres_trips import Sent, Trips
from tests.databases import Databases

pytestmark = pytest.mark.only_on("postgresql")  # it is about its driver alone
ADD, ALL = b"INSERT INTO told VALUES ($1, $2)", b"SELECT number, word FROM told ORDER BY number"
BEGIN: Sent = (b"BEGIN", ())


@pytest.fixture
def connection(databases: Databases) -> Iterator[PostgresConnection]:
    """An empty database with a table of words by number."""
    url = databases.copy("nothing", lambda _: None)
    found = PostgresDatabase(url).connect()
    found.driver.execute("CREATE TABLE told (number bigint PRIMARY KEY, word text)")
    yield found
    found.close()
    databases.drop(url)


@pytest.fixture
def trips(connection: PostgresConnection) -> Trips:
    return Trips(connection.driver)


def prepared(connection: PostgresConnection) -> set[str]:
    """The statements that the server has ready."""
    return {text for (text,) in connection.driver.execute("SELECT statement FROM pg_prepared_statements")}


def test_each_statement_has_its_answer_in_their_order(trips: Trips) -> None:
    added, found, gone = trips.go([(ADD, (2**40, "Zoë")), (ALL, ()), (b"DELETE FROM told", ())])
    assert (added.rowcount, gone.rowcount) == (1, 1)
    assert found.fetchone() == (2**40, "Zoë")
    assert found.fetchone() is None


def test_rows_are_read_once(trips: Trips) -> None:
    trips.go([(ADD, (number, None)) for number in range(3)])
    found = trips.go([(ALL, ())])[0]
    assert found.fetchone() == (0, None)
    assert found.fetchall() == [(1, None), (2, None)]
    assert found.fetchall() == []


def test_what_recurs_is_prepared_and_stays_so_after_a_rollback(trips: Trips, connection: PostgresConnection) -> None:
    for number in range(3):
        trips.go([BEGIN, (ADD, (number, "x")), (b"ROLLBACK", ())])
    assert ADD.decode() in prepared(connection)
    trips.go([(ADD, (7, "kept"))])
    assert trips.go([(ALL, ())])[0].fetchall() == [(7, "kept")]


def test_the_first_refusal_is_told_and_nothing_behind_it_is_run(trips: Trips) -> None:
    with pytest.raises(errors.UniqueViolation):
        trips.go([(ADD, (1, "a")), (ADD, (1, "b")), (ADD, (2, "c"))])
    assert trips.go([(ALL, ())])[0].fetchall() == []


def test_what_cannot_be_said_is_refused_and_nothing_before_it_was_sent(
    trips: Trips, connection: PostgresConnection
) -> None:
    with pytest.raises(UnicodeEncodeError):
        trips.go([(ADD, (1, "a")), (ADD, (2, "half a sign: \ud800"))])
    assert connection.is_whole
    assert trips.go([(ALL, ())])[0].fetchall() == []


def test_what_was_to_be_prepared_behind_a_refusal_is_prepared_next_time(
    trips: Trips, connection: PostgresConnection
) -> None:
    trips.go([(ADD, (1, "a"))])
    for _ in range(2):
        trips.go([(ALL, ())])
    with pytest.raises(errors.UniqueViolation):
        trips.go([(ADD, (1, "b")), (ALL, ())])
    assert ALL.decode() not in prepared(connection)
    assert trips.go([(ALL, ())])[0].fetchall() == [(1, "a")]
    assert ALL.decode() in prepared(connection)


def test_a_statement_that_cannot_be_prepared_is_refused_each_time(trips: Trips) -> None:
    for _ in range(5):
        with pytest.raises(errors.UndefinedTable):
            trips.go([(b"SELECT * FROM nowhere", ())])


def test_more_statements_than_are_kept_begin_anew(
    trips: Trips, connection: PostgresConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_trips, "_KEPT", 4)
    for number in range(20):
        for _ in range(3):
            assert trips.go([(f"SELECT {number}".encode(), ())])[0].fetchall() == [(number,)]
    assert len(prepared(connection)) <= 4


def test_a_thousand_large_statements_and_answers_do_not_wait_for_each_other(trips: Trips) -> None:
    text = "x" * 5000
    answers = trips.go([(b"SELECT repeat($1, 2)", (text,))] * 1000)
    assert {answer.fetchone()[0] for answer in answers} == {text * 2}


def test_a_connection_that_breaks_off_on_the_way_is_known_as_broken(
    trips: Trips, connection: PostgresConnection
) -> None:
    with pytest.raises(psycopg.OperationalError):
        trips.go([BEGIN, (b"SELECT pg_terminate_backend(pg_backend_pid())", ()), (ALL, ())])
    assert not connection.is_whole
    with pytest.raises(psycopg.OperationalError):
        trips.go([(ALL, ())])


def test_who_stood_still_in_a_transaction_has_lost_the_connection(connection: PostgresConnection) -> None:
    connection.begin(reading=False)
    connection.execute("SET idle_in_transaction_session_timeout = '50ms'")
    time.sleep(0.5)
    with pytest.raises(StorageLost):
        connection.execute("SELECT 1")
    connection.undo()
    assert not connection.is_whole


def test_who_is_interrupted_gives_the_connection_up(trips: Trips, connection: PostgresConnection) -> None:
    with pytest.MonkeyPatch.context() as interrupted:

        def wait(_: object) -> None:
            raise KeyboardInterrupt

        interrupted.setattr(trips._driver, "wait", wait)
        with pytest.raises(KeyboardInterrupt):
            trips.go([BEGIN, (ALL, ())])
    assert not connection.is_whole
