"""Counts are sums of small changes: each transaction adds its own row, so that no counter row is fought over."""

from __future__ import annotations

from collections import Counter

from engine.store.transaction import Tx

_ADD = "INSERT INTO counter_delta (name, key, delta) VALUES (?, ?, ?)"
_VALUES = """
SELECT key, sum(value) FROM (
  SELECT key, value FROM counter WHERE name = ?1
  UNION ALL SELECT key, delta FROM counter_delta WHERE name = ?1
) AS counted GROUP BY key ORDER BY key"""
_TAKEN = "DELETE FROM counter_delta WHERE id <= ? RETURNING name, key, delta"
_FOLD = """
INSERT INTO counter (name, key, value) VALUES (?, ?, ?)
ON CONFLICT (name, key) DO UPDATE SET value = counter.value + excluded.value"""


def add(tx: Tx, name: str, key: str, delta: int) -> None:
    """Count `delta` more (or less) under `key` of the counter `name`; written once, when the transaction ends."""
    if not tx.counted:
        tx.before_commit.append(lambda: settle(tx))
    tx.counted.append((name, str(key), delta))


def settle(tx: Tx) -> None:
    """Write what was counted in this transaction; changes that cancel each other out need no row."""
    sums: dict[tuple[str, str], int] = {}
    for name, key, delta in tx.counted:
        sums[name, key] = sums.get((name, key), 0) + delta
    tx.counted.clear()
    changed = [(name, key, delta) for (name, key), delta in sums.items() if delta]
    if changed:
        tx.connection.executemany(_ADD, changed)


def values(tx: Tx, name: str) -> dict[str, int]:
    """Give the counts of all keys of a counter that are not zero."""
    settle(tx)
    return {key: total for key, total in tx.connection.rows(_VALUES, (name,)) if total}


def value(tx: Tx, name: str, key: str) -> int:
    """Give one count."""
    return values(tx, name).get(str(key), 0)


def fold(tx: Tx) -> int:
    """Add all changes up into the counter rows and drop them; give how many there were."""
    settle(tx)
    last = tx.connection.row("SELECT max(id) FROM counter_delta")[0]
    if last is None:
        return 0
    taken = tx.connection.rows(_TAKEN, (last,))  # what is added meanwhile by others stays, whatever its id
    totals = Counter[tuple[str, str]]()
    for name, key, delta in taken:
        totals[name, key] += delta
    tx.connection.executemany(_FOLD, [(*place, total) for place, total in sorted(totals.items())])
    return len(taken)
