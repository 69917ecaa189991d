"""What many steps of one transaction will read row by row is read before them, by one query for each kind of row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.store import rows
from engine.store.shapes import shape_of
from engine.store.transaction import Tx

AT_ONCE = 200
_SIZES = (1, 2, 4, 8, 16, 32, 64, 100, 150, AT_ONCE)


def read_ahead(tx: Tx, kind: type[object], keys: Iterable[str | None]) -> None:
    """Read the rows with these keys, so that `rows.get` and `rows.maybe` find them without a query.

    Where writers run side by side nothing is read: what was read before a row's lock is granted may have changed since.
    """
    if tx.connection.row_lock:
        return
    by = shape_of(kind).key
    wanted = sorted({key for key in keys if key is not None and rows.known(tx, kind, key) is None})
    for start in range(0, len(wanted), AT_ONCE):
        some: dict[str, Any] = {by: _padded(wanted[start : start + AT_ONCE])}
        for row in rows.find(tx, kind, **some):
            tx.loaded[kind, getattr(row, by)] = row


def _padded(keys: list[str]) -> list[str]:
    """The last key some times more: a few sizes of query are made and kept, not one for each number of keys."""
    size = next(size for size in _SIZES if size >= len(keys))
    return keys + keys[-1:] * (size - len(keys))
