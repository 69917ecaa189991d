"""Wrong tokens are counted for each address, and the use of a right one is noted now and then."""

from __future__ import annotations

from datetime import timedelta

from engine.actions.permission import require_system
from engine.model.people import LoginAttempt, Token
from engine.store import rows
from engine.store.transaction import Tx

WRONG_TOKENS = 20
WINDOW = timedelta(minutes=15)
NOTED_EVERY = timedelta(minutes=10)
WITH_TOKEN = "\x1ftoken"  # no login can be this
_USED = "UPDATE token SET used_at = ? WHERE id = ?"  # not a change of the house: it opens nothing and closes nothing


def count_wrong_token(tx: Tx, address: str) -> bool:
    """Count a wrong token from an address; tell whether there were too many of late. Those beyond are not written."""
    require_system(tx)
    places = {"login": WITH_TOKEN, "since": tx.now - WINDOW, "address": address, "most": WRONG_TOKENS}
    condition = "login = :login AND at > :since AND address = :address LIMIT :most"
    if len(rows.select(tx, LoginAttempt, condition, places)) >= WRONG_TOKENS:
        return True
    rows.insert(tx, LoginAttempt(id=tx.new_id(), login=WITH_TOKEN, address=address, at=tx.now))
    return False


def note_token_use(tx: Tx, token_hash: str) -> None:
    """Note that a token was used, unless that was noted within ten minutes."""
    require_system(tx)
    token = rows.first(tx, Token, token_hash=token_hash)
    if token is not None and (token.used_at is None or tx.now - token.used_at >= NOTED_EVERY):
        tx.connection.send(_USED, (tx.at, token.id))
