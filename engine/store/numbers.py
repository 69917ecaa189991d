"""Numbers for people go up by one without a gap: a transaction that is undone gives its number back."""

from __future__ import annotations

from engine.store.transaction import Tx

_NEXT = """
INSERT INTO sequence (name, value) VALUES (?, 1)
ON CONFLICT (name) DO UPDATE SET value = sequence.value + 1 RETURNING value"""


def next_number(tx: Tx, name: str) -> int:
    """Give the next number of a sequence, beginning with 1."""
    return int(tx.connection.rows(_NEXT, (name,))[0][0])
