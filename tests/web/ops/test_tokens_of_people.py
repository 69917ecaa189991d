"""Administrators see which programs act as somebody, and end that."""

from __future__ import annotations

from engine.actions.create_token import NewToken, create_token
from engine.model.people import SYSTEM, Token
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs


def a_token(engine: Engine, login: str) -> str:
    """A token of somebody; gives its id."""
    with engine.begin(SYSTEM) as tx:
        return create_token(tx, login, NewToken(name="Web shop", plain=f"secret of {login}")).id


def is_revoked(engine: Engine, token_id: str) -> bool:
    """Whether the token is refused."""
    with engine.read(SYSTEM) as tx:
        return rows.get(tx, Token, token_id).revoked_at is not None


def test_an_administrator_revokes_the_token_of_somebody_else(client_as: ClientAs, engine: Engine) -> None:
    token, henry = a_token(engine, "anna"), client_as("henry")
    assert "Web shop" in henry.get("/ops/people/anna").text
    assert henry.post(f"/ops/people/anna/tokens/{token}/revoke").status_code == 303
    assert is_revoked(engine, token)


def test_a_token_is_revoked_only_at_the_person_it_acts_as(client_as: ClientAs, engine: Engine) -> None:
    token = a_token(engine, "anna")
    assert client_as("henry").post(f"/ops/people/ben/tokens/{token}/revoke").status_code == 404
    assert not is_revoked(engine, token)


def test_a_manager_revokes_no_token_of_others(client_as: ClientAs, engine: Engine) -> None:
    token = a_token(engine, "anna")
    assert client_as("eva").post(f"/ops/people/anna/tokens/{token}/revoke").status_code == 403
    assert not is_revoked(engine, token)
