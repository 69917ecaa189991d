"""What many steps of one transaction will read row by row is read before them, by one query for each kind of row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from engine.model.case import Case
from engine.store import rows
from engine.store.shapes import shape_of
from engine.store.transaction import Tx

Row = TypeVar("Row")
AT_ONCE = 200
_SIZES = (1, 2, 4, 8, 16, 32, 64, 100, 150, AT_ONCE)


def read_ahead(tx: Tx, kind: type[object], keys: Iterable[str | None], *, lock: bool = False) -> None:
    """Read the rows with these keys, so that `rows.get` and `rows.maybe` find them without a query.

    `lock` holds them, in the order of their keys. Where writers run side by side, what is read without it must belong
    to what is held: what was read before a lock is granted may have changed since.
    """
    shape, locks = shape_of(kind), lock and bool(tx.connection.row_lock)
    if locks:
        wanted = sorted({key for key in keys if key is not None and (kind, key) not in tx.held})
    else:
        places = {key: (kind, key) for key in keys if key is not None}
        wanted = sorted([key for key, place in places.items() if place not in tx.loaded and place not in tx.known.rows])
    for start in range(0, len(wanted), AT_ONCE):
        some = _padded(wanted[start : start + AT_ONCE])
        statement = shape.select(((shape.key, len(some)),), shape.key)
        for values in tx.connection.rows(statement + tx.connection.row_lock if locks else statement, some):
            row = shape.decode(values)
            tx.loaded[kind, getattr(row, shape.key)] = row
    if locks:
        tx.held.update((kind, key) for key in wanted)


def hold_cases(tx: Tx, case_ids: Iterable[str]) -> None:
    """Hold the cases of jobs that run together, and read them."""
    wanted = {*case_ids}
    read_ahead(tx, Case, wanted, lock=True)
    if tx.together is not None:
        tx.together.cases |= wanted


def hold_numbered(tx: Tx, numbers: Iterable[str]) -> list[str]:
    """Hold the cases with these numbers, read them, and give their keys; numbers that no case has are left out."""
    wanted, found = sorted({*numbers}), dict[str, str]()
    for start in range(0, len(wanted), AT_ONCE):
        cases = rows.find(tx, Case, number=_padded(wanted[start : start + AT_ONCE]))
        found |= {case.number: case.id for case in cases}
        for case in cases:
            remember(tx, case)
    hold_cases(tx, found.values())
    if tx.together is not None:
        tx.together.numbered |= found
    return [*found.values()]


def case_numbered(tx: Tx, number: str) -> Case | None:
    """Give the case with this number, or None."""
    held = None if tx.together is None else tx.together.numbered.get(number)
    if held is not None:
        return rows.get(tx, Case, held)
    found = rows.first(tx, Case, number=number)
    if found is not None:
        remember(tx, found)
    return found


def find_of_case(tx: Tx, kind: type[Row], case_id: str, /, **equals: Any) -> list[Row]:
    """Give the case's rows whose fields equal these; the first of the jobs that run together reads those of all their cases."""
    together = tx.together
    if together is None or case_id not in together.cases:
        return rows.find(tx, kind, case_id=case_id, **equals)
    of_kind, condition = together.lists.setdefault(kind, {}), tuple(equals.items())
    wanted = [case_id] if condition in of_kind else sorted(together.cases)
    lists = of_kind.setdefault(condition, {})
    if case_id not in lists:
        lists.update({case: [] for case in wanted})
        for start in range(0, len(wanted), AT_ONCE):
            for row in rows.find(tx, kind, case_id=_padded(wanted[start : start + AT_ONCE]), **equals):
                lists[str(rows.case_of(row))].append(row)
                tx.loaded.setdefault((kind, getattr(row, shape_of(kind).key)), row)
    return cast("list[Row]", lists[case_id])  # lists are kept by their kind


def remember(tx: Tx, row: object) -> None:
    """Let a row that a query found be known by its key, unless others may change it before it is locked."""
    kind, shape = type(row), shape_of(type(row))
    key = getattr(row, shape.key)
    if not tx.connection.row_lock and rows.known(tx, kind, key) is None:
        tx.loaded[kind, key] = row


def _padded(keys: list[str]) -> list[str]:
    """The last key some times more: a few sizes of query are made and kept, not one for each number of keys."""
    size = next(size for size in _SIZES if size >= len(keys))
    return keys + keys[-1:] * (size - len(keys))
