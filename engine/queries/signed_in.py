"""Who a token belongs to: a session of a browser, or a program's key to the API."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.people import Actor, Session, Token
from engine.model.session import is_valid
from engine.store import people, rows
from engine.store.house import kept
from engine.store.staff import staff_of
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A valid session and who acts in it."""

    actor: Actor
    session: Session


def by_session(tx: Tx, token_hash: str) -> SignedIn | None:
    """The actor of a session that still counts, or None; for the edge, before anybody is known."""
    session = rows.first(tx, Session, token_hash=token_hash)
    if session is None or not is_valid(session, tx.now):
        return None
    actor = _active(tx, session.person_id)
    return None if actor is None else SignedIn(actor, session)


def by_token(tx: Tx, token_hash: str) -> Actor | None:
    """The actor of a program's key that still counts, or None."""
    token = kept(tx, "tokens", _tokens).get(token_hash)
    if token is None or token.revoked_at is not None:
        return None
    if token.expires_at is not None and token.expires_at <= tx.now:
        return None
    return _active(tx, token.person_id)


def _tokens(tx: Tx) -> dict[str, Token]:
    """All of them by their hashes; a program asks hundreds of times between two changes of one."""
    return {token.token_hash: token for token in rows.find(tx, Token)}


def _active(tx: Tx, person_id: str) -> Actor | None:
    person = staff_of(tx).people.get(person_id)
    return people.actor_of(tx, person_id) if person is not None and person.active else None
