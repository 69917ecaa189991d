"""A program calls the API with a token that acts as one person; only its hash is kept, so it is shown once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.actions.keep_people import person_signing_in_as
from engine.actions.permission import BACK_OFFICE, require_role, require_signed_in
from engine.model.errors import Conflict, FieldError, Invalid, Message, NotFound
from engine.model.people import Person, Role, Token
from engine.model.session import hash_of
from engine.store import rows
from engine.store.transaction import Tx

PROGRAMMERS = (*sorted(BACK_OFFICE), Role.ADMINISTRATOR)
"""Those whose rights are worth something to a program: the API answers nobody else."""
LIVE_AT_ONCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """`plain` is random and made by whoever asks; `expires_at` None never expires."""

    name: str
    plain: str
    expires_at: datetime | None = None


def create_token(tx: Tx, login: str, new: NewToken) -> Token:
    """Give a program the rights of a person; raise Invalid for a token without a name or with an end that is past."""
    require_role(tx, Role.ADMINISTRATOR)
    return _keep(tx, person_signing_in_as(tx, login), new)


def create_own_token(tx: Tx, new: NewToken) -> Token:
    """Give a program the actor's own rights; raise Invalid like `create_token`, Conflict where there are too many."""
    require_role(tx, *PROGRAMMERS)
    person = rows.get(tx, Person, require_signed_in(tx))
    kept = rows.find(tx, Token, person_id=person.id, revoked_at=None)
    if sum(token.expires_at is None or token.expires_at > tx.now for token in kept) >= LIVE_AT_ONCE:
        raise Conflict(
            "tokens_many", "You have {limit} tokens in use. Revoke one that no program needs.", limit=LIVE_AT_ONCE
        )
    return _keep(tx, person, new)


def _keep(tx: Tx, person: Person, new: NewToken) -> Token:
    faults: list[FieldError] = []
    if not new.name.strip():
        faults.append(FieldError("name", Message("name_needed", "Say which program it is for.")))
    if new.expires_at is not None and new.expires_at <= tx.now:
        faults.append(FieldError("expires", Message("expired_already", "This day is over.")))
    if faults:
        raise Invalid("token_invalid", "The token cannot be made.", fields=faults)
    if not person.active:
        raise Conflict("person_inactive", "{person} may not sign in, so neither may a program.", person=person.name)
    token = Token(
        id=tx.new_id(),
        token_hash=hash_of(new.plain),
        person_id=person.id,
        name=new.name.strip()[:100],
        created_at=tx.now,
        expires_at=new.expires_at,
    )
    rows.insert(tx, token)
    return token


def revoke_token(tx: Tx, token_id: str) -> Token:
    """Refuse a token from now on; raise NotFound, or Conflict where it is revoked already."""
    require_role(tx, Role.ADMINISTRATOR)
    token = rows.maybe(tx, Token, token_id)
    if token is None:
        raise NotFound("token_unknown", "There is no token {id}. Look at makegood token list.", id=token_id)
    return _revoke(tx, token)


def revoke_token_of(tx: Tx, login: str, token_id: str) -> Token:
    """Refuse a token of one person from now on; raise NotFound where it is not theirs."""
    require_role(tx, Role.ADMINISTRATOR)
    return _revoke(tx, _token_of(tx, person_signing_in_as(tx, login).id, token_id))


def revoke_own_token(tx: Tx, token_id: str) -> Token:
    """Refuse a token of the actor from now on; to others it does not exist."""
    return _revoke(tx, _token_of(tx, require_signed_in(tx), token_id))


def _token_of(tx: Tx, person_id: str, token_id: str) -> Token:
    token = rows.first(tx, Token, id=token_id, person_id=person_id)
    if token is None:
        raise NotFound("token_of_nobody_here", "There is no such token here. The list shows those that there are.")
    return token


def _revoke(tx: Tx, token: Token) -> Token:
    if token.revoked_at is not None:
        raise Conflict("token_revoked", "The token {id} was revoked already.", id=token.id)
    rows.update(tx, Token, token.id, revoked_at=tx.now)
    return token
