"""What somebody may see of their own account."""

from __future__ import annotations

from engine.model.errors import Forbidden
from engine.model.people import Person
from engine.store import rows
from engine.store.transaction import Tx


def own_account(tx: Tx) -> Person:
    """The actor's own row; raises Forbidden where nobody is signed in."""
    if tx.actor.person_id is None:
        raise Forbidden("sign_in_first", "Sign in to do this.")
    return rows.get(tx, Person, tx.actor.person_id)
