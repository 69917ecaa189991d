"""Notices are read by the person they were written to, one or all at once."""

from __future__ import annotations

from engine.actions.permission import require_signed_in
from engine.model.people import Notice
from engine.store import rows
from engine.store.transaction import Tx


def read_notices(tx: Tx, *, only: str | None = None) -> int:
    """Mark the actor's unread notices, or the one with the id `only`, as read; give how many there were."""
    person = require_signed_in(tx)
    narrowed: dict[str, object] = {"id": only} if only else {}
    return rows.update_where(tx, Notice, {"read_at": tx.now}, person_id=person, read_at=None, **narrowed)
