"""Administrators keep the people; a password is shown once, and one administrator always stays."""

from __future__ import annotations

import re

from flask import Flask

from engine.model.people import SYSTEM, Person
from engine.store import people, rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs, person_id


def test_somebody_new_signs_in_with_the_password_shown_once(app: Flask, client_as: ClientAs, engine: Engine) -> None:
    data = {"name": "Karin Vogel", "login": "Karin", "zone": "Europe/Berlin", "role": "clerk", "queue": "front_office"}
    page = client_as("henry").post("/ops/people", data=data).text
    shown = re.search(r"<dt>Password</dt><dd>([^<]+)</dd>", page)
    assert shown is not None
    answer = app.test_client().post("/sign-in", data={"login": "karin", "password": shown[1]})
    assert answer.status_code == 303
    with engine.read(SYSTEM) as tx:
        karin = people.by_login(tx, "karin")
        assert karin is not None
        assert people.actor_of(tx, karin.id).queues == {"front_office"}


def test_a_taken_name_and_an_unknown_zone_keep_what_was_typed(client_as: ClientAs) -> None:
    client = client_as("henry")
    taken = client.post("/ops/people", data={"name": "Another Anna", "login": "anna"})
    assert taken.status_code == 409
    assert "Somebody signs in as “anna” already." in taken.text
    assert 'value="Another Anna"' in taken.text
    zone = client.post("/ops/people", data={"name": "Karin", "login": "karin", "zone": "Moon"})
    assert zone.status_code == 422
    assert "“Moon” is not a time zone" in zone.text


def test_rights_change_at_once(client_as: ClientAs, engine: Engine) -> None:
    data = {"role": ["clerk", "specialist"], "queue": "technical", "level": "regional", "active": "yes"}
    answer = client_as("henry").post("/ops/people/anna", data=data, follow_redirects=True)
    assert "What Anna is here for was changed." in answer.text
    with engine.read(SYSTEM) as tx:
        anna = people.actor_of(tx, person_id("anna"))
    assert (sorted(anna.roles), sorted(anna.queues), [level.key for level in anna.levels]) == (
        ["clerk", "specialist"],
        ["technical"],
        ["regional"],
    )


def test_whoever_is_no_longer_active_is_signed_out(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    assert anna.get("/account").status_code == 200
    client_as("henry").post("/ops/people/anna", data={"role": "clerk"})
    assert anna.get("/account").status_code == 303
    with engine.read(SYSTEM) as tx:
        assert not rows.get(tx, Person, person_id("anna")).active


def test_the_last_administrator_stays(client_as: ClientAs, engine: Engine) -> None:
    answer = client_as("henry").post("/ops/people/henry", data={"role": "clerk", "active": "yes"})
    assert answer.status_code == 409
    assert "“henry” is the last administrator who can sign in." in answer.text
    with engine.read(SYSTEM) as tx:
        assert "administrator" in people.actor_of(tx, person_id("henry")).roles


def test_a_new_password_ends_the_old_one(app: Flask, client_as: ClientAs) -> None:
    page = client_as("henry").post("/ops/people/anna/password").text
    assert "shows it for the last time" in page
    old = app.test_client().post("/sign-in", data={"login": "anna", "password": "makegood-demo"})
    assert old.status_code == 422


def test_a_manager_keeps_no_people(client_as: ClientAs) -> None:
    assert client_as("eva").get("/ops/people").status_code == 403
    assert client_as("eva").post("/ops/people/anna", data={"role": "manager"}).status_code == 403
