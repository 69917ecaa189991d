"""Every page has the same frame, and every refusal is a page that says what to do."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.model.errors import Conflict, Forbidden, Invalid, MakegoodError, NotFound
from engine.model.people import SYSTEM, LoginAttempt
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import PASSWORD, ClientAs
from web.access import public, refuse_undeclared
from web.app import create_app


def test_everybody_begins_at_the_sign_in_page(client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    page = client.get("/sign-in").text
    assert "<h1" in page
    assert 'name="password"' in page


def test_every_answer_forbids_foreign_code(client: FlaskClient) -> None:
    headers = client.get("/sign-in").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_behind_tls_cookies_are_secure_and_addresses_are_the_visitors(engine: Engine) -> None:
    served = replace(engine, settings=replace(engine.settings, public_url="https://desk.example"))
    client = create_app(served, testing=True, rooms=("auth",)).test_client()
    answer = client.post(
        "/sign-in", data={"login": "anna", "password": PASSWORD}, headers={"X-Forwarded-For": "192.0.2.7"}
    )
    assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))
    assert "Strict-Transport-Security" in answer.headers
    with engine.read(SYSTEM) as tx:
        assert [attempt.address for attempt in rows.find(tx, LoginAttempt)] == ["192.0.2.7"]


def test_a_file_of_the_frame_has_a_new_address_when_it_changes(client: FlaskClient) -> None:
    sheet = re.search(r'href="(/static/desk.css\?v=[0-9a-f]{12})"', client.get("/sign-in").text)
    assert sheet is not None
    with client.get(sheet[1], buffered=True) as answer:
        assert "max-age=2592000" in answer.headers["Cache-Control"]


def test_what_belongs_to_one_person_is_not_kept_by_browsers(client_as: ClientAs) -> None:
    assert client_as("anna").get("/account").headers["Cache-Control"] == "private, no-store"


def test_a_page_follows_the_language_of_its_reader(app: Flask) -> None:
    page = app.test_client().get("/sign-in", headers={"Accept-Language": "pl"}).text
    assert '<html lang="pl" dir="ltr"' in page


def test_an_unknown_address_is_a_page_and_for_programs_a_problem(client: FlaskClient) -> None:
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert "no page at this address" in page.text
    problem = client.get("/nowhere", headers={"Accept": "application/json"})
    assert problem.mimetype == "application/problem+json"
    assert problem.json is not None
    assert problem.json["status"] == 404


REFUSALS: list[tuple[MakegoodError, int]] = [
    (NotFound("gone", "The case {number} is gone.", number=7), 404),
    (Forbidden("no", "The case {number} is not yours.", number=7), 403),
    (Conflict("taken", "The task of case {number} is taken.", number=7), 409),
    (Invalid("bad", "The case {number} lacks a date.", number=7), 422),
]


@pytest.mark.parametrize(("refusal", "status"), REFUSALS, ids=[str(status) for _, status in REFUSALS])
def test_a_refusal_of_the_engine_keeps_its_sentence(engine: Engine, refusal: MakegoodError, status: int) -> None:
    app = create_app(engine, testing=True, rooms=("auth",))

    @public
    def fail() -> str:
        raise refusal

    app.add_url_rule("/fail", "fail", fail)
    page = app.test_client().get("/fail")
    assert page.status_code == status
    assert str(refusal) in page.text
    problem = app.test_client().get("/fail", headers={"Accept": "application/json"}).json
    assert problem is not None
    assert (problem["status"], problem["code"], problem["detail"]) == (status, refusal.code, str(refusal))


def test_what_nobody_foresaw_says_nothing_of_its_inside(engine: Engine) -> None:
    app = create_app(engine, rooms=("auth",))

    @public
    def fail() -> str:
        raise RuntimeError("the password is tulip")

    app.add_url_rule("/fail", "fail", fail)
    answer = app.test_client().get("/fail")
    assert answer.status_code == 500
    assert "tulip" not in answer.text
    assert "Something went wrong on our side" in answer.text


def test_more_than_twenty_megabytes_are_refused_in_words(client_as: ClientAs) -> None:
    answer = client_as("anna").post("/account/preferences", data={"zone": "x" * (21 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "20 MB" in answer.text
    assert "what you typed is still there" in answer.text


def test_a_view_that_names_nobody_stops_the_application(app: Flask) -> None:
    app.add_url_rule("/silent", "silent", lambda: "open to all?")
    with pytest.raises(RuntimeError, match="silent"):
        refuse_undeclared(app)
    assert app.test_client().get("/silent").status_code == 500


def test_a_form_without_its_token_changes_nothing(engine: Engine) -> None:
    answer = create_app(engine, rooms=("auth",)).test_client().post("/sign-in", data={"login": "anna", "password": "x"})
    assert answer.status_code == 400
    assert "send it again" in answer.text


def test_a_partial_request_of_nobody_is_sent_to_the_sign_in_page(client: FlaskClient) -> None:
    answer = client.get("/account", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in?next=/account")


def test_the_browser_remembers_light_and_dark(client: FlaskClient) -> None:
    assert 'data-theme="auto"' in client.get("/sign-in").text
    client.post("/theme", data={"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/sign-in").text


def test_everybody_signed_in_sees_their_account(client_as: ClientAs) -> None:
    page = client_as("anna").get("/account").text
    assert "Anna" in page
    assert "Clerk" in page
