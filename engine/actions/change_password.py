"""A new password ends all other sign-ins of the person."""

from __future__ import annotations

from engine.actions.permission import require_signed_in
from engine.model.errors import Conflict
from engine.model.people import Person, Session
from engine.store import rows
from engine.store.transaction import Tx


def change_password(tx: Tx, checked_hash: str, *, new_hash: str, keep: str) -> None:
    """Replace the actor's own password; `checked_hash` is the kept hash that the old password was checked against.

    The session `keep` (a token's hash) stays, all others are revoked. Raises Conflict where the password was changed
    in the meantime.
    """
    person = rows.get(tx, Person, require_signed_in(tx))
    if person.password_hash != checked_hash:
        raise Conflict(
            "password_changed", "Your password was changed somewhere else just now. Sign in with the new one."
        )
    rows.update(tx, Person, person.id, password_hash=new_hash)
    for session in rows.find(tx, Session, person_id=person.id, revoked_at=None):
        if session.token_hash != keep:
            rows.update_where(tx, Session, {"revoked_at": tx.now}, token_hash=session.token_hash)
