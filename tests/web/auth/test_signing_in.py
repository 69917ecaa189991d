"""People sign in with name and password, guess only a few times, and sign out for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.model.people import SYSTEM, Person, Session, Setting
from engine.model.session import KEPT_EVERY, LIFE
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import PASSWORD, ClientAs, person_id
from web.auth.destination import safe_next
from web.sign_in_cookie import COOKIE


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD, wanted: str = "") -> int:
    """Try to sign in; gives the status of the answer."""
    return client.post("/sign-in", data={"login": login, "password": password, "next": wanted}).status_code


def test_the_right_password_opens_the_account(client: FlaskClient) -> None:
    assert sign_in(client, "anna") == 303
    assert client.get("/account").status_code == 200


def test_a_name_is_read_without_regard_to_blanks_and_capitals(client: FlaskClient) -> None:
    assert sign_in(client, " Anna ") == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"login": "anna", "password": PASSWORD})
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_database_keeps_no_token(client: FlaskClient, engine: Engine) -> None:
    sign_in(client, "anna")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    with engine.read(SYSTEM) as tx:
        kept = [session.token_hash for session in rows.find(tx, Session, person_id=person_id("anna"))]
    assert len(kept) == 1
    assert cookie.value not in kept


@pytest.mark.parametrize(("login", "password"), [("anna", "tulip"), ("nobody", PASSWORD), ("", ""), ("anna", "")])
def test_a_wrong_name_or_password_gets_the_same_sentence(client: FlaskClient, login: str, password: str) -> None:
    answer = client.post("/sign-in", data={"login": login, "password": password})
    assert answer.status_code == 422
    assert "do not belong together" in answer.text


def test_somebody_who_left_does_not_come_in(client: FlaskClient, engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx:
        rows.update(tx, Person, person_id("anna"), active=False)
    assert sign_in(client, "anna") == 422


def test_five_wrong_passwords_close_the_door_for_a_quarter_of_an_hour(client: FlaskClient, engine: Engine) -> None:
    assert [sign_in(client, "anna", "tulip") for _ in range(6)] == [422] * 5 + [429]
    assert sign_in(client, "anna") == 429
    assert sign_in(client, "ben") == 303
    clock = engine.store.clock
    engine.store.clock = lambda: clock() + timedelta(minutes=16)
    assert sign_in(client, "anna") == 303


def test_the_refusal_of_a_guesser_says_how_long_to_wait(client: FlaskClient) -> None:
    for _ in range(5):
        sign_in(client, "anna", "tulip")
    assert "Try again in 15 minutes" in client.post("/sign-in", data={"login": "anna", "password": "x"}).text


def test_a_success_forgets_earlier_mistakes(client: FlaskClient) -> None:
    for _ in range(3):
        sign_in(client, "anna", "tulip")
        sign_in(client, "anna", "tulip")
        assert sign_in(client, "anna") == 303


def test_one_goes_on_to_where_one_wanted(client: FlaskClient) -> None:
    assert client.get("/account").location == "/sign-in?next=/account"
    assert (
        client.post("/sign-in", data={"login": "anna", "password": PASSWORD, "next": "/account"}).location == "/account"
    )


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "",
        "/\t/evil",
        "account",
    ],
)
def test_a_link_never_leads_to_another_site(wanted: str) -> None:
    assert safe_next(wanted) is None


def test_a_path_of_this_site_is_followed() -> None:
    assert safe_next("/cases?q=hail%20storm&after=2") == "/cases?q=hail%20storm&after=2"


def test_signing_out_revokes_the_session(client: FlaskClient, app: Flask) -> None:
    sign_in(client, "anna")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert client.post("/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie(COOKIE, cookie.value)
    assert thief.get("/account").status_code == 303


def test_a_session_ends_when_it_is_not_used(client_as: ClientAs, engine: Engine) -> None:
    client = client_as("anna")
    clock = engine.store.clock
    engine.store.clock = lambda: clock() + LIFE
    assert client.get("/account").status_code == 303


def test_a_session_that_is_used_lives_on(client_as: ClientAs, engine: Engine) -> None:
    client = client_as("anna")
    clock = engine.store.clock
    engine.store.clock = lambda: clock() + LIFE - KEPT_EVERY
    assert client.get("/account").status_code == 200
    engine.store.clock = lambda: clock() + LIFE + KEPT_EVERY
    assert client.get("/account").status_code == 200


def test_a_demonstration_offers_its_people(client: FlaskClient, engine: Engine) -> None:
    assert "demonstration" not in client.get("/sign-in").text
    with engine.begin(SYSTEM) as tx:
        rows.insert(tx, Setting(key="demo", value="1"))
    page = client.get("/sign-in").text
    assert "This is a demonstration" in page
    assert page.index("Anna") < page.index("Eva") < page.index("Henry")
    sign_in(client, "anna")
    assert "demo-bar" in client.get("/account").text


def test_a_new_password_ends_all_other_sign_ins(client: FlaskClient, client_as: ClientAs) -> None:
    elsewhere = client_as("anna")
    sign_in(client, "anna")
    new = "a longer tulip"
    answer = client.post("/account/password", data={"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    client.post("/sign-out")
    assert sign_in(client, "anna", new) == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("tulip", "a longer tulip", "a longer tulip", "not the password that you have now"),
        (PASSWORD, "short", "short", "at least 10 characters"),
        (PASSWORD, "aaaaaaaaaaaa", "aaaaaaaaaaaa", "harder to guess"),
        (PASSWORD, "a longer tulip", "another tulip", "not the same"),
    ],
)
def test_a_password_that_does_not_fit_is_not_kept(
    client_as: ClientAs, client: FlaskClient, old: str, new: str, again: str, sentence: str
) -> None:
    answer = client_as("anna").post("/account/password", data={"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert sign_in(client, "anna") == 303


def test_people_choose_their_language_and_zone(client_as: ClientAs) -> None:
    client = client_as("anna")
    assert client.post("/account/preferences", data={"language": "pl", "zone": "Europe/Warsaw"}).status_code == 303
    page = client.get("/account").text
    assert '<html lang="pl"' in page
    assert "Europe/Warsaw" in page


def test_a_zone_that_nobody_knows_is_not_kept(client_as: ClientAs) -> None:
    answer = client_as("anna").post("/account/preferences", data={"language": "xx", "zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert "such as Europe/Warsaw" in answer.text
