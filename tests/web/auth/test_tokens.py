"""People give programs tokens that act as them, see them once, and take them back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from engine.actions.create_token import LIVE_AT_ONCE
from engine.actions.watch_tokens import note_token_use
from engine.model.people import SYSTEM, Token
from engine.model.session import hash_of
from engine.queries.signed_in import by_token
from engine.queries.tokens import TokenState, tokens_of
from engine.store import rows
from engine.store.house import version_of
from engine.wiring import Engine
from tests.web.conftest import ClientAs, person_id

PLAIN = re.compile(r"mg_[\w-]{43}")


def make(client: FlaskClient, name: str = "Stock robot", days: str = "30") -> str:
    """Make a token; gives what the page shows once."""
    found = PLAIN.search(client.post("/account/tokens", data={"name": name, "days": days}).text)
    assert found is not None
    return found[0]


def kept(engine: Engine, login: str) -> list[Token]:
    """The rows of somebody's tokens."""
    with engine.read(SYSTEM) as tx:
        return rows.find(tx, Token, person_id=person_id(login), order_by="id")


def acts_as(engine: Engine, plain: str) -> str | None:
    """As whom a program comes in."""
    with engine.read(SYSTEM) as tx:
        actor = by_token(tx, hash_of(plain))
    return None if actor is None else actor.login


def test_a_token_acts_as_whoever_made_it_and_is_shown_once(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    plain = make(anna)
    assert acts_as(engine, plain) == "anna"
    page = anna.get("/account/tokens").text
    assert "Stock robot" in page
    assert plain not in page
    assert plain not in repr(kept(engine, "anna"))


def test_a_token_ends_on_the_day_that_was_chosen(client_as: ClientAs, engine: Engine) -> None:
    plain = make(client_as("anna"), days="30")
    clock = engine.store.clock
    engine.store.clock = lambda: clock() + timedelta(days=31)
    assert acts_as(engine, plain) is None
    with engine.read(SYSTEM) as tx:
        assert [line.state for line in tokens_of(tx, "anna")] == [TokenState.EXPIRED]


def test_a_token_in_use_is_refused_from_its_revocation_on(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    plain = make(anna)
    assert acts_as(engine, plain) == "anna"
    anna.post(f"/account/tokens/{kept(engine, 'anna')[0].id}/revoke")
    assert acts_as(engine, plain) is None


def test_noting_that_a_token_was_used_is_no_change_of_the_house(client_as: ClientAs, engine: Engine) -> None:
    plain = make(client_as("anna"))
    with engine.read(SYSTEM) as tx:
        before = version_of(tx)
    with engine.begin(SYSTEM) as tx:
        note_token_use(tx, hash_of(plain))
    with engine.read(SYSTEM) as tx:
        assert version_of(tx) == before != ""
        assert rows.find(tx, Token)[0].used_at is not None


def test_a_revoked_token_is_refused(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    plain = make(anna, days="")
    address = f"/account/tokens/{kept(engine, 'anna')[0].id}/revoke"
    assert anna.post(address).status_code == 303
    assert acts_as(engine, plain) is None
    assert anna.post(address).status_code == 409
    assert "Revoked" in anna.get("/account/tokens").text


@pytest.mark.parametrize("stranger", ["ben", "eva", "henry"])
def test_nobody_else_s_account_knows_a_token(client_as: ClientAs, engine: Engine, stranger: str) -> None:
    plain = make(client_as("anna"))
    other = client_as(stranger)
    assert "Stock robot" not in other.get("/account/tokens").text
    assert other.post(f"/account/tokens/{kept(engine, 'anna')[0].id}/revoke").status_code == 404
    assert acts_as(engine, plain) == "anna"


def test_a_token_without_a_name_is_not_made(client_as: ClientAs, engine: Engine) -> None:
    answer = client_as("anna").post("/account/tokens", data={"name": "  ", "days": "365"})
    assert answer.status_code == 422
    assert "Say which program it is for" in answer.text
    assert '<option value="365" selected>' in answer.text
    assert kept(engine, "anna") == []


@pytest.mark.parametrize("days", ["0", "9999999999", "-1", "soon"])
def test_an_end_that_nobody_offered_is_the_usual_one(client_as: ClientAs, engine: Engine, days: str) -> None:
    make(client_as("anna"), days=days)
    token = kept(engine, "anna")[0]
    assert token.expires_at == token.created_at + timedelta(days=90)


def test_nobody_has_more_tokens_in_use_than_twenty(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    for number in range(LIVE_AT_ONCE):
        make(anna, f"Program {number}")
    assert anna.post("/account/tokens", data={"name": "One more"}).status_code == 409
    anna.post(f"/account/tokens/{kept(engine, 'anna')[0].id}/revoke")
    assert make(anna, "One more")


@pytest.mark.parametrize("login", ["greta", "zoe"])
def test_whoever_the_api_does_not_answer_makes_no_token(client_as: ClientAs, engine: Engine, login: str) -> None:
    client = client_as(login)
    assert client.post("/account/tokens", data={"name": "Stock robot"}).status_code == 403
    assert "/account/tokens" not in client.get("/account").text
    assert kept(engine, login) == []
