"""What many steps of one transaction will read row by row is read before them, by one query for each kind of row."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeVar, cast

from engine.model.case import Case
from engine.store import rows
from engine.store.known_rows import Part
from engine.store.many_keys import parts_of
from engine.store.shapes import shape_of
from engine.store.transaction import Tx

Row = TypeVar("Row")


def read_ahead(tx: Tx, kind: type[object], keys: Iterable[str | None], *, lock: bool = False) -> None:
    """Read the rows with these keys, so that `rows.get` and `rows.maybe` find them without a query.

    `lock` holds them, in the order of their keys. Where writers run side by side, what is read without it must belong
    to what is held: what was read before a lock is granted may have changed since.
    """
    if lock and tx.connection.row_lock:
        wanted = {key for key in keys if key is not None and (kind, key) not in tx.held}
        rows.read_many(tx, kind, wanted, suffix=tx.connection.row_lock)
        tx.held.update((kind, key) for key in wanted)
        return
    rows.read_many(tx, kind, _unread(tx, kind, {key for key in keys if key is not None}))


def _unread(tx: Tx, kind: type[object], keys: Iterable[str]) -> list[str]:
    """Those of the keys whose rows are not known."""
    loaded, known = tx.loaded, tx.known.rows
    return [key for key in keys if (kind, key) not in loaded and (kind, key) not in known]


def hold_cases(tx: Tx, case_ids: Iterable[str]) -> None:
    """Hold the cases of jobs that run together, and read what every step needs of them: where their trails end.

    The first that asks for more of its case has all of them read.
    """
    wanted = {*case_ids}
    locks = tx.connection.row_lock
    unread = [case for case in wanted if (Case, case) not in tx.held] if locks else _unread(tx, Case, wanted)
    for some in parts_of(sorted(unread)):
        for case, sequence, head in tx.connection.rows(_heads(len(some)) + locks, some):
            tx.loaded[Case, case] = Part({"audit_sequence": sequence, "audit_hash": head})
    if locks:
        tx.held.update((Case, case) for case in unread)
    if tx.together is not None:
        tx.together.cases |= wanted


def is_held_unread(tx: Tx, case_id: str) -> bool:
    """Whether the case is held, and nothing but where its trail ends was read of it."""
    return type(tx.loaded.get((Case, case_id))) is Part


@lru_cache(maxsize=16)
def _heads(count: int) -> str:
    places = ", ".join(["?"] * count)
    return f"SELECT id, audit_sequence, audit_hash FROM case_file WHERE id IN ({places}) ORDER BY id"


def hold_numbered(tx: Tx, numbers: Iterable[str]) -> list[str]:
    """Hold the cases with these numbers, read them, and give their keys; numbers that no case has are left out."""
    found: dict[str, str] = {}
    for some in parts_of(sorted({*numbers})):
        cases = rows.find(tx, Case, number=some)
        found |= {case.number: case.id for case in cases}
        for case in cases:
            remember(tx, case)
    read_ahead(tx, Case, found.values(), lock=True)
    if tx.together is not None:
        tx.together.cases |= {*found.values()}
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
        for some in parts_of(wanted):
            for row in rows.find(tx, kind, case_id=some, **equals):
                lists[str(rows.case_of(row))].append(row)
                tx.loaded.setdefault((kind, getattr(row, shape_of(kind).key)), row)
    return cast("list[Row]", lists[case_id])  # lists are kept by their kind


def remember(tx: Tx, row: object) -> None:
    """Let a row that a query found be known by its key, unless others may change it before it is locked."""
    kind, shape = type(row), shape_of(type(row))
    key = getattr(row, shape.key)
    if not tx.connection.row_lock and rows.known(tx, kind, key) is None:
        tx.loaded[kind, key] = row
