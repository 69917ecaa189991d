"""All rows of a case, table by table as they are: what is archived is what is here, and comes back the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import LargeBinary, Table

from engine.model.errors import Conflict
from engine.store import search
from engine.store.connection import Connection
from engine.store.tables import cases, metadata, running
from engine.store.transaction import Tx

Rows = Mapping[str, list[list[Any]]]
"""By table: the names of its columns first, then the rows."""
_CUSTOMERS = "SELECT customer_id FROM case_file WHERE id = ?1 UNION SELECT complainant_id FROM case_file WHERE id = ?1"
_NOT_NEEDED = """
DELETE FROM customer WHERE id = ?1
AND NOT EXISTS (SELECT 1 FROM case_file WHERE customer_id = ?1)
AND NOT EXISTS (SELECT 1 FROM case_file WHERE complainant_id = ?1)"""
_CONTENT_NOT_NEEDED = """
DELETE FROM attachment_content WHERE digest = ?1 AND NOT EXISTS (SELECT 1 FROM attachment WHERE digest = ?1)"""
_SEARCHED = cases.case_search.name


def _refers_to(table: Table, target: Table) -> bool:
    return any(key.column.table is target for key in table.foreign_keys)


def _condition(table: Table) -> str:
    """Which rows of the table are the case's, by what the schema says of it; nothing where none are."""
    if table is cases.case_file:
        return "id = ?"
    if table is cases.customer:
        return f"id IN ({_CUSTOMERS})"
    if _refers_to(table, cases.case_file):
        return "case_id = ?"
    if _refers_to(table, running.instance):
        return "instance_id IN (SELECT id FROM instance WHERE case_id = ?)"
    return ""


_PARTS = {table: _condition(table) for table in metadata.sorted_tables if _condition(table)}
"""In the order in which rows can be put back: what others refer to comes first."""


def rows_of(tx: Tx, case_id: str) -> Rows:
    """Read all rows of the case and of the customers that it names."""
    names = {
        table: [column.name for column in table.columns if not isinstance(column.type, LargeBinary)] for table in _PARTS
    }
    queries = [(_query(table, names[table], condition), (case_id,)) for table, condition in _PARTS.items()]
    return {
        table.name: [names[table], *map(list, found)]
        for table, found in zip(_PARTS, tx.connection.together(queries), strict=True)
        if found
    }


def _query(table: Table, names: Iterable[str], condition: str) -> str:
    keys = _listed(column.name for column in table.primary_key.columns)
    return f"SELECT {_listed(names)} FROM {table.name} WHERE {condition} ORDER BY {keys}"


def text_of(found: Rows) -> str:
    """The rows as canonical text, whose digest says whether anything changed."""
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def column(found: Rows, table: str, name: str) -> list[Any]:
    """One column of the rows of a table."""
    if table not in found:
        return []
    names, *rows = found[table]
    place = names.index(name)
    return [row[place] for row in rows]


def contents(tx: Tx, digest: str) -> bytes | None:
    """The bytes of an attachment."""
    found = tx.connection.row("SELECT content FROM attachment_content WHERE digest = ?", (digest,))
    return bytes(found[0]) if found is not None else None


def remove(tx: Tx, case_id: str, found: Rows) -> None:
    """Remove the case's rows, and the customers and files that no case is left for."""
    for table, condition in reversed(_PARTS.items()):
        if table is not cases.customer:
            tx.connection.send(f"DELETE FROM {table.name} WHERE {condition}", (case_id,))
    for customer in column(found, "customer", "id"):
        tx.connection.send(_NOT_NEEDED, (customer,))
    for digest in sorted(set(column(found, "attachment", "digest"))):
        tx.connection.send(_CONTENT_NOT_NEEDED, (digest,))
    tx.connection.flush()
    tx.forget()


def put_back(tx: Tx, found: Rows, files: Mapping[str, bytes]) -> None:
    """Insert the rows as they were; a customer who is here stays as they are now."""
    known = {table.name: table for table in _PARTS}
    for name, (columns, *_rows) in found.items():
        if name not in known or not set(columns) <= {column.name for column in known[name].columns}:
            raise Conflict(
                "archive_of_other_schema",
                "The archive holds “{table}” in a form that this version does not know. Use the version that wrote it.",
                table=name,
            )
    for digest, content in files.items():
        statement = "INSERT INTO attachment_content (digest, content) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"
        tx.connection.send(statement, (digest, content))
    for table in known:
        if table in found:
            names, *rows = found[table]
            if table == _SEARCHED:
                _put_search(tx, [dict(zip(names, row, strict=True)) for row in rows])
            else:
                tx.connection.executemany(_insert(table, names), rows)
    tx.connection.flush()
    tx.forget()


def _insert(table: str, names: list[str]) -> str:
    places = ", ".join("?" for _ in names)
    statement = f"INSERT INTO {table} ({_listed(names)}) VALUES ({places})"
    return statement + (" ON CONFLICT (id) DO NOTHING" if table == "customer" else "")


def _put_search(tx: Tx, found: list[dict[str, Any]]) -> None:
    """The words keep their place among the others, unless a newer case has got it meanwhile."""
    for row in found:
        if _is_taken(tx.connection, row["id"]):
            search.put(tx, row["case_id"], row["content"])
            continue
        values = (row["id"], row["case_id"], row["content"])
        tx.connection.send("INSERT INTO case_search (id, case_id, content) VALUES (?, ?, ?)", values)
        search.index_all(tx.connection, [values])


def _is_taken(connection: Connection, place: int) -> bool:
    return connection.row("SELECT 1 FROM case_search WHERE id = ?", (place,)) is not None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
