"""Gathered statements do what the same statements do one after the other, or are refused as those are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.schema import CreateTable

from engine.model.errors import MakegoodError
from engine.store.gathered import Gathered, effect_of
from engine.store.sqlite import SqliteConnection
from engine.store.tables import metadata
from tests.engine.conftest import undone

TABLES = ("customer", "case_file", "deployment", "instance", "path_event", "job")
SCHEMA = [
    str(CreateTable(metadata.tables[name]).compile(create_engine("sqlite://"))) for name in TABLES
]  # without indexes, as keys and references are what order matters for
CUSTOMER = "INSERT INTO customer (id, created_at) VALUES (?, 0)"
CASE = "INSERT INTO case_file (id, number, customer_id, received_on, opened_at) VALUES (?, ?, ?, '', 0)"
CASE_CUSTOMER = "UPDATE case_file SET customer_id = ? WHERE id = ?"
CASE_STAGE = "UPDATE case_file SET stage = stage || ? WHERE id = ?"
CASE_GONE = "DELETE FROM case_file WHERE id = ?"
INSTANCE = "INSERT INTO instance (id, case_id, deployment_id, process_id, started_at) VALUES (?, ?, 'd', '', 0)"
INSTANCE_STATE = "UPDATE instance SET state = state || ? WHERE id = ?"
PASSED = "INSERT INTO path_event (id, instance_id, element_id, at) VALUES (?, ?, 'e', 0)"
JOB = "INSERT INTO job (id, name, case_id, due_at, created_at) VALUES (?, 'n', ?, 0, 0)"
JOB_ARGS = "UPDATE job SET args = args || ? WHERE id = ?"
JOB_CASE = "UPDATE job SET case_id = ? WHERE id = ?"
JOB_GONE = "DELETE FROM job WHERE id = ?"
COPIED = "INSERT INTO job (id, name, due_at, created_at) SELECT id || ?, number, 0, 0 FROM case_file"
LOOK = "SELECT count(*) FROM job"
THERE: list[tuple[str, tuple[Any, ...]]] = [
    (CUSTOMER, ("a",)),
    (CUSTOMER, ("b",)),
    (CASE, ("a", "a", "b")),
    (CASE, ("b", "b", None)),
    (INSTANCE, ("a", "b")),
    (JOB, ("a", "a")),
]

keys = st.sampled_from("abcd")
statements = st.one_of(
    st.tuples(st.sampled_from([CUSTOMER, CASE_GONE, JOB_GONE, COPIED]), st.tuples(keys)),
    st.tuples(
        st.sampled_from([CASE_CUSTOMER, CASE_STAGE, INSTANCE, INSTANCE_STATE, PASSED, JOB, JOB_ARGS, JOB_CASE]),
        st.tuples(keys, keys),
    ),
    st.tuples(st.just(CASE), st.tuples(keys, keys, st.one_of(st.none(), keys))),
    st.tuples(st.just(LOOK), st.just(())),
)


def database() -> SqliteConnection:
    driver = sqlite3.connect(":memory:", isolation_level=None)
    driver.executescript(";".join(SCHEMA))
    driver.execute("PRAGMA foreign_keys=ON")
    driver.execute("INSERT INTO deployment (id, key, digest, deployed_at) VALUES ('d', '', '', 0)")
    for statement, params in THERE:
        driver.execute(statement, params)
    return SqliteConnection(driver)


def run(connection: SqliteConnection, asked: list[tuple[str, tuple[Any, ...]]]) -> list[Any]:
    """What the looks between the statements saw."""
    seen: list[Any] = []
    for statement, params in asked:
        if statement is LOOK:
            seen += connection.rows(statement, params)
        else:
            connection.send(statement, params)
    return seen


def content(connection: SqliteConnection) -> dict[str, list[Any]]:
    return {name: connection.rows(f"SELECT * FROM {name} ORDER BY id") for name in TABLES}


@settings(max_examples=400, deadline=None)
@given(asked=st.lists(statements, max_size=12))
def test_gathered_statements_do_what_they_do_one_after_the_other(asked: list[tuple[str, tuple[Any, ...]]]) -> None:
    with closing(database()) as plain, closing(database()) as gathering:
        try:
            seen: list[Any] | None = run(plain, asked)
        except MakegoodError:
            seen = None
        try:
            with gathering.gathering():
                found: list[Any] | None = run(gathering, asked)
        except MakegoodError:
            found = None
        assert found == seen
        if seen is not None:
            assert content(gathering) == content(plain)


def groups(*asked: tuple[str, tuple[object, ...]]) -> list[tuple[str, int]]:
    gathered = Gathered()
    for statement, values in asked:
        gathered.add(statement, (values,))
    return [(statement, len(rows)) for statement, rows in gathered.taken()]


def test_equal_statements_of_many_steps_come_together() -> None:
    step = [(INSTANCE_STATE, ("x", "a")), (PASSED, ("p", "a")), (CASE_STAGE, ("y", "a")), (JOB_GONE, ("a",))]
    assert groups(*step, *step, *step) == [(INSTANCE_STATE, 3), (PASSED, 3), (CASE_STAGE, 3), (JOB_GONE, 3)]


def test_new_rows_stay_behind_those_that_they_refer_to() -> None:
    asked = [(PASSED, ("p", "a")), (INSTANCE, ("b", "c")), (PASSED, ("q", "b")), (INSTANCE, ("d", "c"))]
    assert [statement for statement, _ in groups(*asked)] == [PASSED, INSTANCE, PASSED, INSTANCE]


def test_statements_on_one_table_keep_their_order() -> None:
    asked = [(JOB, ("a", None)), (JOB_ARGS, ("x", "a")), (JOB, ("b", None)), (JOB_GONE, ("a",))]
    assert [statement for statement, _ in groups(*asked)] == [JOB, JOB_ARGS, JOB, JOB_GONE]


@pytest.mark.parametrize("statement", [CASE_GONE, COPIED, "WITH x AS (SELECT 1) UPDATE job SET args = ''", "ANALYZE"])
def test_nothing_passes_what_reads_or_may_cut_references(statement: str) -> None:
    assert effect_of(statement).stays
    assert groups((JOB_ARGS, ("x", "a")), (statement, ("a",)), (JOB_ARGS, ("y", "a"))) == [
        (JOB_ARGS, 1),
        (statement, 1),
        (JOB_ARGS, 1),
    ]


@pytest.fixture
def gathering() -> Iterator[SqliteConnection]:
    with closing(database()) as connection:
        yield connection


def test_after_a_refusal_everything_is_refused_until_it_is_undone(gathering: SqliteConnection) -> None:
    gathering.begin(reading=False)
    with undone(gathering.gathering()):
        gathering.send(PASSED, ("p", "nobody"))
        for _ in range(2):
            with pytest.raises(MakegoodError):
                gathering.row(LOOK)
    gathering.undo()
    assert gathering.row("SELECT count(*) FROM path_event") == (0,)


def test_what_is_forgotten_is_never_run(gathering: SqliteConnection) -> None:
    with gathering.gathering():
        gathering.send(JOB, ("c", None))
        gathering.forget_waiting()
        gathering.send(JOB, ("d", None))
    assert gathering.rows("SELECT id FROM job ORDER BY id") == [("a",), ("d",)]
