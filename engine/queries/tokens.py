"""Which programs act as somebody: their tokens without the secrets, which nobody can read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.errors import Forbidden, NotFound
from engine.model.people import Role, Token
from engine.store import people, rows
from engine.store.transaction import Tx


class TokenState(StrEnum):
    """Whether a program still comes in with it."""

    IN_USE = "in_use"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """A token as a list shows it; `expires_at` None lasts until it is revoked."""

    id: str
    name: str
    state: TokenState
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None


def own_tokens(tx: Tx) -> Sequence[TokenLine]:
    """The actor's tokens, the newest first; raises Forbidden where nobody is signed in."""
    if tx.actor.person_id is None:
        raise Forbidden("sign_in_first", "Sign in to do this.")
    return _lines(tx, tx.actor.person_id)


def tokens_of(tx: Tx, login: str) -> Sequence[TokenLine]:
    """Somebody's tokens, the newest first; raises Forbidden for those who keep no people, NotFound."""
    if not tx.actor.is_system and not tx.actor.has(Role.ADMINISTRATOR):
        raise Forbidden("not_an_administrator", "Only administrators keep the people who sign in.")
    person = people.by_login(tx, login)
    if person is None:
        raise NotFound("login_unknown", "Nobody signs in as “{login}”.", login=login)
    return _lines(tx, person.id)


def _lines(tx: Tx, person_id: str) -> list[TokenLine]:
    return [
        TokenLine(
            id=token.id,
            name=token.name,
            state=_state(token, tx.now),
            created_at=token.created_at,
            used_at=token.used_at,
            expires_at=token.expires_at,
        )
        for token in rows.find(tx, Token, person_id=person_id, order_by="created_at DESC, id DESC")
    ]


def _state(token: Token, now: datetime) -> TokenState:
    if token.revoked_at is not None:
        return TokenState.REVOKED
    return TokenState.EXPIRED if token.expires_at is not None and token.expires_at <= now else TokenState.IN_USE
