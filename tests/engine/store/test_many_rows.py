"""What is run for fifty rows at once leaves what it leaves when it is run row by row, in fewer statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from engine.store.many_rows import Values, run_many

ADD = "INSERT INTO kettle (id, colour, age) VALUES (?, ?, ?)"
CHANGE = "UPDATE kettle SET colour=?, age=? WHERE kettle.id = ?"
REMOVE = "DELETE FROM kettle WHERE kettle.id = ?"
LOWER = "UPDATE kettle SET age = age - ? WHERE id = ?"
KEYS = [f"kettle-{number:03}" for number in range(130)]
THERE: list[Values] = [(key, "white", 0) for key in KEYS]
OWN: list[Values] = [(f"colour of {key}", None if place % 7 else place, key) for place, key in enumerate(KEYS)]
EQUAL: list[Values] = [("red", 3, key) for key in KEYS]
TWICE = [*OWN[:100], *(("blue", 4, key) for key in KEYS[60:120]), *EQUAL[20:30]]


@pytest.fixture
def kettles() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as driver:
        driver.execute("CREATE TABLE kettle (id TEXT PRIMARY KEY, colour TEXT, age BIGINT)")
        yield driver


def content(driver: sqlite3.Connection) -> list[object]:
    return driver.execute("SELECT * FROM kettle ORDER BY id").fetchall()


@pytest.mark.parametrize("many", [OWN, EQUAL, TWICE, [*EQUAL, *EQUAL], OWN[:49], [(*row,) for row in reversed(OWN)]])
@pytest.mark.parametrize("statement", [CHANGE, LOWER, REMOVE])
def test_fifty_at_once_leave_what_they_leave_one_by_one(
    kettles: sqlite3.Connection, statement: str, many: list[Values]
) -> None:
    rows = [row[-statement.count("?") :] for row in many]
    kettles.executemany(ADD, THERE)
    kettles.execute("BEGIN")
    kettles.executemany(statement, rows)
    expected = content(kettles)
    kettles.execute("ROLLBACK")
    kettles.executemany(statement, run_many(kettles.execute, statement, rows))
    assert content(kettles) == expected


@pytest.mark.parametrize(
    ("statement", "many"), [(ADD, THERE), (CHANGE, OWN), (CHANGE, EQUAL), (REMOVE, [(key,) for key in KEYS])]
)
def test_a_hundred_and_thirty_rows_are_two_statements_and_thirty_rows_left(
    kettles: sqlite3.Connection, statement: str, many: list[Values]
) -> None:
    asked: list[str] = []
    left = run_many(lambda text, _values: asked.append(text), statement, many)
    assert (len(asked), left) == (2, many[100:])


def test_a_row_that_is_changed_twice_is_changed_one_after_the_other() -> None:
    asked: list[str] = []
    many: list[Values] = [*OWN[:49], ("blue", 4, KEYS[0])]
    assert run_many(lambda text, _values: asked.append(text), CHANGE, many) == many
    assert run_many(lambda text, _values: asked.append(text), LOWER, [(1, "a")] * 60) == [(1, "a")] * 60
    assert not asked
