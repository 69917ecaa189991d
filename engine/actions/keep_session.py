"""A session that is used lives on; noting it is no business of the audit trail."""

from __future__ import annotations

from engine.actions.permission import require_signed_in
from engine.model.people import Session
from engine.model.session import LIFE
from engine.store import rows
from engine.store.transaction import Tx


def keep_session(tx: Tx, token_hash: str) -> None:
    """Let a session of the actor's own end twelve hours from now."""
    person = require_signed_in(tx)
    changes = {"seen_at": tx.now, "expires_at": tx.now + LIFE}
    rows.update_where(tx, Session, changes, token_hash=token_hash, person_id=person, revoked_at=None)
