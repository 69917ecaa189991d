"""Nobody sees or changes what their role and queues do not allow, by any route: each is walked with everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.task import OPEN_STATES, Task
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import PEOPLE, ClientAs
from web.access import Access, access_of
from web.sign_in_cookie import COOKIE

UNKNOWN = "01900000-0000-7000-8000-000000000000"
REFUSED = (403, 404)
# Signing out would end the walk; the rest of its behaviour is in tests/web/auth.
NOT_WALKED = {"static", "auth.sign_out"}


@dataclass(frozen=True, slots=True)
class Way:
    """One method of one address."""

    endpoint: str
    method: str
    url: str
    access: Access
    has_object: bool

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


def ways(app: Flask, **objects: str) -> Iterator[Way]:
    """Every way into the application; what an address names is unknown where it is not given."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in NOT_WALKED:
            continue
        access = access_of(app, rule.endpoint)
        assert access is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Way(rule.endpoint, method, url_of(app, rule, objects), access, bool(rule.arguments))


def url_of(app: Flask, rule: Rule, objects: dict[str, str]) -> str:
    """The address with everything in it that it asks for."""
    given = {name: objects.get(name, "7" if _asks_number(rule, name) else UNKNOWN) for name in rule.arguments}
    with app.test_request_context():
        built = app.url_map.bind("localhost").build(rule.endpoint, _converted(rule, given))
    return str(built)


def _asks_number(rule: Rule, name: str) -> bool:
    return type(rule._converters[name]).__name__ == "IntegerConverter"


def _converted(rule: Rule, given: dict[str, str]) -> dict[str, object]:
    return {name: int(text) if _asks_number(rule, name) else text for name, text in given.items()}


def ask(client: FlaskClient, way: Way) -> int:
    """The status of the answer."""
    return client.open(way.url, method=way.method, buffered=True).status_code


def test_nobody_gets_in_without_signing_in(app: Flask) -> None:
    client = app.test_client()
    for way in ways(app):
        status = ask(client, way)
        client.delete_cookie(COOKIE)
        if way.access.anybody:
            assert status < 500, way
        elif way.url.startswith("/api/"):
            assert status == 401, way
        else:
            assert status == 303, way


@pytest.mark.parametrize(
    ("web_store", "login"), [("postgresql", "eva"), *(("sqlite", login) for login in sorted(PEOPLE))]
)
def test_a_role_opens_its_own_rooms_and_no_other(app: Flask, client_as: ClientAs, login: str) -> None:
    roles, _queues = PEOPLE[login]
    client = client_as(login)
    for way in ways(app):
        status = ask(client, way)
        if way.access.anybody or way.access.roles & set(roles):
            assert status != 403 or way.has_object or way.method != "GET", way
            assert status < 500, way
        else:
            assert status == 403, way


@pytest.mark.parametrize("login", sorted(PEOPLE))
def test_what_does_not_exist_is_never_an_accident(app: Flask, client_as: ClientAs, login: str) -> None:
    client = client_as(login)
    for way in ways(app):
        if way.has_object and not way.access.anybody:
            assert 400 <= ask(client, way) < 500, way


def first_task(engine: Engine, case: Case) -> Task:
    """The task that is open in the case."""
    with engine.read(SYSTEM) as tx:
        return rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)), order_by="id")[0]


@pytest.mark.parametrize("login", ["greta", "henry", "zoe"])
def test_a_case_is_hidden_from_those_who_do_not_work_on_cases(
    app: Flask, engine: Engine, client_as: ClientAs, case: Case, login: str
) -> None:
    task = first_task(engine, case)
    client = client_as(login)
    for way in ways(app, number=case.number, case_id=case.id, task_id=task.id):
        if case.number in way.url or case.id in way.url or task.id in way.url:
            answer = client.open(way.url, method=way.method, buffered=True)
            assert answer.status_code in REFUSED, way
            assert case.subject not in answer.text, way


@pytest.mark.parametrize("login", ["ben", "iga", "david"])
def test_a_task_of_another_queue_is_moved_by_nobody_of_this_one(
    app: Flask, engine: Engine, client_as: ClientAs, case: Case, login: str
) -> None:
    task = first_task(engine, case)
    client = client_as(login)
    for way in ways(app, number=case.number, task_id=task.id):
        if task.id in way.url and way.method == "POST":
            assert 400 <= ask(client, way) < 500, way
    after = first_task(engine, case)
    assert (after.owner_id, after.state, after.version) == (task.owner_id, task.state, task.version)
