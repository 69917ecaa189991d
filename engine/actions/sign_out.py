"""Signing out revokes the session at once, on whatever machine its token still lies."""

from __future__ import annotations

from engine.actions.permission import require_signed_in
from engine.model.people import Session
from engine.store import rows
from engine.store.transaction import Tx


def sign_out(tx: Tx, token_hash: str) -> None:
    """Revoke a session of the actor's own; one that is over already stays as it is."""
    person = require_signed_in(tx)
    changes = {"revoked_at": tx.now}
    rows.update_where(tx, Session, changes, token_hash=token_hash, person_id=person, revoked_at=None)
