"""All rows go from one database to another as they are, and both are compared row by row: columns hold the same on both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import Table

from engine.model.errors import Conflict
from engine.store import search
from engine.store.connection import Connection, Dialect
from engine.store.tables import cases, metadata

AT_ONCE = 1000
FILES_AT_ONCE = 10  # attachments may have megabytes each
_COUNTED = ("case_search", "counter_delta")
"""Tables whose ids the database itself counts."""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'makegood%' AND pid <> pg_backend_pid()"""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first row that the two databases do not have alike."""

    table: str
    key: tuple[object, ...]


def copy_all(source: Connection, target: Connection) -> int:
    """Insert all rows of the one into the other, whose tables are empty; give how many there were."""
    total = 0
    for table in metadata.sorted_tables:
        names = ", ".join(_quoted(column.name) for column in table.columns)
        places = ", ".join("?" for _ in table.columns)
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({places})"
        for batch in _batches(source, table):
            target.executemany(statement, batch)
            total += len(batch)
            if table is cases.case_search:
                search.index_all(target, batch)
    if target.dialect is Dialect.POSTGRES:
        for name in _COUNTED:
            target.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 0) + 1, false) FROM {name}"
            )
    return total


def first_difference(source: Connection, target: Connection) -> Difference | None:
    """Compare both row by row in the order of their keys; None where they are alike."""
    for table in metadata.sorted_tables:
        for mine, other in zip_longest(_rows(source, table), _rows(target, table)):
            if mine != other:
                return Difference(table.name, _key(table, mine if mine is not None else other))
    return None


def require_empty(connection: Connection) -> None:
    """Raise Conflict where a table has rows."""
    for table in metadata.sorted_tables:
        if connection.row(f"SELECT 1 FROM {table.name} LIMIT 1") is not None:
            raise Conflict(
                "target_not_empty",
                "The database to move to holds data already (in “{table}”). Choose an empty one.",
                table=table.name,
            )


def require_unused(connection: Connection) -> None:
    """Raise Conflict where another process of Makegood is connected; SQLite has its lock file for that."""
    if connection.dialect is Dialect.POSTGRES and connection.row(_OTHERS)[0]:
        raise Conflict("database_in_use", "Makegood works on this database now. Stop all its processes first.")


def remove_all(connection: Connection) -> None:
    """Remove every row, what refers to others first."""
    if connection.dialect is Dialect.POSTGRES:
        connection.execute("DELETE FROM case_words")
    for table in reversed(metadata.sorted_tables):
        connection.execute(f"DELETE FROM {table.name}")


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    for batch in _batches(connection, table):
        yield from batch


def _batches(connection: Connection, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """The rows in the order of their keys, which bytes decide on both databases."""
    columns = ", ".join(_quoted(column.name) for column in table.columns)
    keys = ", ".join(_quoted(column.name) for column in table.primary_key.columns)
    places = ", ".join("?" for _ in table.primary_key.columns)
    most = FILES_AT_ONCE if table is cases.attachment_content else AT_ONCE
    first = f"SELECT {columns} FROM {table.name} ORDER BY {keys} LIMIT {most}"
    further = f"SELECT {columns} FROM {table.name} WHERE ({keys}) > ({places}) ORDER BY {keys} LIMIT {most}"
    batch = [tuple(row) for row in connection.rows(first)]
    while batch:
        yield batch
        if len(batch) < most:
            return
        batch = [tuple(row) for row in connection.rows(further, _key(table, batch[-1]))]


def _key(table: Table, row: tuple[Any, ...]) -> tuple[object, ...]:
    names = [column.name for column in table.columns]
    return tuple(row[names.index(column.name)] for column in table.primary_key.columns)


def _quoted(name: str) -> str:
    return f'"{name}"'
