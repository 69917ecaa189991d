"""Rows of any type are inserted, found, changed and removed here, on the driver's connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.model.errors import NotFound
from engine.store.codecs import plain
from engine.store.house import mark_changed
from engine.store.known_rows import KINDS, Part
from engine.store.many_keys import parts_of
from engine.store.shapes import Shape, shape_of
from engine.store.transaction import Tx

Row = TypeVar("Row")


@dataclass(slots=True)  # not frozen: one is made with each update, and freezing doubles its cost
class Changed:
    """A row and what was changed of it since, which is put together only when somebody asks for the row."""

    before: object
    changes: Mapping[str, object]

    def further(self, changes: Mapping[str, object]) -> Changed:
        """The row with other changes on top."""
        return Changed(self.before, {**self.changes, **changes})

    def row(self, shape: Shape[Any]) -> object:
        """The row with its changes."""
        return shape.changed(self.before, self.changes)


_NOT_WHOLE = (Changed, Part)


def insert(tx: Tx, row: object) -> None:
    """Keep a new row; raise Duplicate where its key is taken."""
    shape: Shape[Any] = shape_of(type(row))
    tx.connection.send(shape.insert, shape.encode(row))
    if shape.key:
        tx.loaded[shape.kind, getattr(row, shape.key)] = shape.as_read(row) if shape.kind in KINDS else row
    if tx.together is not None and shape.kind in tx.together.lists:
        tx.together.written(shape.kind, case_of(row))
    if shape.of_house:
        mark_changed(tx)


def insert_unless_there(tx: Tx, row: object) -> None:
    """Keep a new row, or leave the one that has a unique key of it; nobody has to look first."""
    shape: Shape[Any] = shape_of(type(row))
    tx.connection.send(shape.insert_unless_there, shape.encode(row))
    if tx.together is not None and shape.kind in tx.together.lists:
        tx.together.written(shape.kind, case_of(row))
    if shape.of_house:
        mark_changed(tx)


def insert_many(tx: Tx, many: Iterable[object]) -> None:
    """Keep new rows, which may be of several types; those of one type go in their order."""
    by_kind: dict[type[Any], list[object]] = {}
    for row in many:
        by_kind.setdefault(type(row), []).append(row)
    for kind, found in by_kind.items():
        shape: Shape[Any] = shape_of(kind)
        tx.connection.executemany(shape.insert, [shape.encode(row) for row in found])
        if tx.together is not None:
            tx.together.written(kind, None)
        if shape.of_house:
            mark_changed(tx)


def get(tx: Tx, kind: type[Row], key: str, *, lock: bool = False) -> Row:
    """Give the row with this key; raise NotFound. `lock` holds it for this transaction where writers run side by side."""
    found = maybe(tx, kind, key, lock=lock)
    if found is None:
        raise missing(kind, key)
    return found


def maybe(tx: Tx, kind: type[Row], key: str | None, *, lock: bool = False) -> Row | None:
    """Give the row with this key, or None."""
    if key is None:
        return None
    lock = lock and bool(tx.connection.row_lock) and (kind, key) not in tx.held
    there = None if lock else known(tx, kind, key)
    if there is not None:
        return there
    if type(tx.loaded.get((kind, key))) is Part:
        read_many(tx, kind, [name for (other, name), row in tx.loaded.items() if other is kind and type(row) is Part])
        return known(tx, kind, key)
    shape = shape_of(kind)
    statement = shape.select(((shape.key, 0),))
    if lock:  # what was read before the lock may have changed until it was granted
        tx.loaded.clear()
        tx.held.add((kind, key))
        statement += tx.connection.row_lock
    values = tx.connection.row(statement, (key,))
    if values is None:
        return None
    found = tx.loaded[kind, key] = shape.decode(values)
    return found


def read_many(tx: Tx, kind: type[object], keys: Iterable[str], *, suffix: str = "") -> None:
    """Read the rows with these keys, in the order of their keys, so that `get` and `maybe` find them without a query."""
    shape: Shape[Any] = shape_of(kind)
    for some in parts_of(sorted(keys)):
        for values in tx.connection.rows(shape.select(((shape.key, len(some)),), shape.key) + suffix, some):
            row = shape.decode(values)
            tx.loaded[kind, getattr(row, shape.key)] = row


def find(tx: Tx, kind: type[Row], /, *, order_by: str = "", limit: int = 0, **equals: object) -> list[Row]:
    """Give the rows whose fields equal these; None is IS NULL, a tuple, list or set is any of its values."""
    shape = shape_of(kind)
    condition = shape.condition(equals)
    if condition is None:
        return []
    where, params = condition
    if limit:
        params.append(limit)
    return [shape.decode(values) for values in tx.connection.rows(shape.select(where, order_by, bool(limit)), params)]


def first(tx: Tx, kind: type[Row], /, *, order_by: str = "", **equals: object) -> Row | None:
    """Give the first row whose fields equal these, or None."""
    found = find(tx, kind, order_by=order_by, limit=1, **equals)
    return found[0] if found else None


def count(tx: Tx, kind: type[object], /, **equals: object) -> int:
    """Count the rows whose fields equal these; for lists use counters instead."""
    shape: Shape[Any] = shape_of(kind)
    condition = shape.condition(equals)
    if condition is None:
        return 0
    where, params = condition
    return int(tx.connection.row(f"SELECT count(*) FROM ({shape.select(where)}) AS counted", params)[0])


def update(tx: Tx, kind: type[object], key: str, /, **changes: object) -> None:
    """Change fields of the row with this key; raise NotFound."""
    shape: Shape[Any] = shape_of(kind)
    statement, params = shape.change(changes, key)
    there = tx.loaded.get((kind, key)) or tx.known.rows.get((kind, key))
    if there is not None:
        tx.connection.send(statement, params)
        tx.loaded[kind, key] = there.further(changes) if isinstance(there, _NOT_WHOLE) else Changed(there, changes)
    elif tx.connection.execute(statement, params).rowcount == 0:
        raise missing(kind, key)
    if tx.together is not None and kind in tx.together.lists:
        tx.together.written(kind, case_of(there))
    if shape.of_house:
        mark_changed(tx)


def update_where(tx: Tx, kind: type[object], changes: Mapping[str, object], /, **equals: object) -> int:
    """Change fields of all rows whose fields equal these; give how many there were."""
    shape: Shape[Any] = shape_of(kind)
    change = shape.change_where(changes, equals)
    if change is None:
        return 0
    forget(tx, kind, equals.get("case_id"))
    if shape.of_house:
        mark_changed(tx)
    return tx.connection.execute(*change).rowcount


def change_where(tx: Tx, kind: type[object], changes: Mapping[str, object], /, **equals: object) -> None:
    """Change fields of all rows whose fields equal these, however many there are."""
    shape: Shape[Any] = shape_of(kind)
    change = shape.change_where(changes, equals)
    if change is None:
        return
    forget(tx, kind, equals.get("case_id"))
    if shape.of_house:
        mark_changed(tx)
    tx.connection.send(*change)


def delete(tx: Tx, kind: type[object], /, **equals: object) -> int:
    """Remove the rows whose fields equal these, at least one field given; give how many there were."""
    shape: Shape[Any] = shape_of(kind)
    if not equals:
        raise TypeError(f"say which rows of {kind.__name__} to remove")
    condition = shape.condition(equals)
    if condition is None:
        return 0
    where, params = condition
    if shape.of_house:
        mark_changed(tx)
    forget(tx, kind, equals.get("case_id"))
    return tx.connection.execute(shape.delete(where), params).rowcount


def remove(tx: Tx, kind: type[object], key: str) -> None:
    """Remove the row with this key, if there is one."""
    shape: Shape[Any] = shape_of(kind)
    tx.connection.send(shape.delete_one, (key,))
    tx.loaded.pop((kind, key), None)
    tx.known.rows.pop((kind, key), None)
    if tx.together is not None and kind in tx.together.lists:
        tx.together.written(kind, None)
    if shape.of_house:
        mark_changed(tx)


def select(tx: Tx, kind: type[Row], condition: str, params: Mapping[str, object] | None = None) -> list[Row]:
    """Give the rows that meet an SQL text from WHERE on (`state = :state AND due_at < :due ORDER BY due_at LIMIT 10`).

    Values are given as the fields have them: datetime, date, Decimal, enum, bool.
    """
    shape = shape_of(kind)
    statement = f"SELECT {shape.columns} FROM {shape.table.name} WHERE {condition}"
    return [shape.decode(values) for values in tx.connection.rows(statement, bound(params))]


def fetch(tx: Tx, statement: str, params: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
    """Give what a query with `:name` places finds, as the columns hold it."""
    return tx.connection.rows(statement, bound(params))


def bound(params: Mapping[str, object] | None) -> dict[str, object]:
    """Give the values of `:name` places as columns hold them."""
    return {name: plain(value) for name, value in (params or {}).items()}


def known(tx: Tx, kind: type[Row], key: str) -> Row | None:
    """Give the row if it need not be read: this transaction has it, or an earlier one had and nobody wrote since."""
    found: Any = tx.loaded.get((kind, key)) or tx.known.rows.get((kind, key))  # rows are kept by their kind
    if type(found) is Changed:
        found = tx.loaded[kind, key] = found.row(shape_of(kind))
    elif type(found) is Part:
        return None
    return found  # type: ignore[no-any-return]  # a cast would be called for each row of each step


def is_known(tx: Tx, kind: type[object], key: str) -> bool:
    """Whether the row need not be read; it is put together only when somebody asks for it."""
    found = tx.loaded.get((kind, key)) or tx.known.rows.get((kind, key))
    return found is not None and type(found) is not Part


def known_field(tx: Tx, kind: type[object], key: str, name: str) -> Any:
    """Give a field, as it was given last, of a row that need not be read and is not put together for it."""
    found = tx.loaded.get((kind, key)) or tx.known.rows.get((kind, key))
    if isinstance(found, Changed):
        return found.changes[name] if name in found.changes else getattr(found.before, name)
    return getattr(found, name)


def case_of(row: object) -> object:
    """Give the case that a row belongs to, changed or not; None where it belongs to none, or no row is given."""
    return getattr(row.before if isinstance(row, Changed) else row, "case_id", None)


def forget(tx: Tx, kind: type[object], case_id: object) -> None:
    """What many rows of a kind become, in one case or in any, is read again."""
    if tx.together is not None:
        tx.together.written(kind, case_id)
    for kept in (tx.loaded, tx.known.rows) if kind in KINDS else (tx.loaded,):
        for key in [key for key in kept if key[0] is kind]:
            del kept[key]


def missing(kind: type[object], key: str) -> NotFound:
    """Give the refusal of a key that no row has."""
    return NotFound(
        "row_not_found", "There is no {kind} with the key {key}; it may have been removed.", kind=kind.__name__, key=key
    )
