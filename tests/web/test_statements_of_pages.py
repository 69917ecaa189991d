"""No page asks the database more often because there is more to show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from engine.actions.attach_file import attach_file
from engine.actions.comment_case import comment_case
from engine.actions.find_customer import NewCustomer
from engine.actions.register_case import Registration, register_case
from engine.model.case import Case
from engine.model.people import SYSTEM, Actor
from engine.model.task import OPEN_STATES, Task
from engine.store import rows
from engine.store.sqlite import SqliteConnection
from engine.wiring import Engine
from tests.web.conftest import ClientAs

MORE = 6


def register(engine: Engine, actor: Actor, number: int) -> Case:
    """One more complaint of one more customer, with a comment."""
    with engine.begin(actor) as tx:
        customer = NewCustomer(name=f"Kettle {number}", email=f"kettle{number}@example.org")
        case = register_case(tx, Registration(subject="It leaks", country="PL", party="consumer", customer=customer))
        comment_case(tx, case.id, body="I have called them.")
    return case


def remark(engine: Engine, actor: Actor, case: Case, number: int) -> None:
    """One more comment and one more file in a case."""
    with engine.begin(actor) as tx:
        comment_case(tx, case.id, body="I have called them again.")
        attach_file(tx, case.id, name=f"{number}.txt", content=b"text")


def pages(app: Flask, engine: Engine, case: Case) -> list[str]:
    """Every address that is read, those of the first case and its task among them."""
    with engine.read(SYSTEM) as tx:
        task = rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)), order_by="id", limit=1)[0]
    given = {"number": case.number, "case_id": case.id, "task_id": task.id}
    found = ["/search?q=kettle", "/cases?q=kettle", "/queues/front_office"]
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and "static" not in rule.endpoint and rule.arguments <= given.keys():
            with app.test_request_context():
                found.append(app.url_map.bind("x").build(rule.endpoint, {n: given[n] for n in rule.arguments}))
    return sorted({url.removeprefix("http://x") for url in found} - {"/sign-out"})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that is asked for, as it is asked for."""
    found: list[str] = []

    def counted(name: str) -> Callable[..., object]:
        plain = getattr(SqliteConnection, name)

        def ask(self: SqliteConnection, statement: str, *rest: object) -> object:
            found.append(statement)
            return plain(self, statement, *rest)

        return ask

    for name in ("execute", "executemany", "rows", "row"):
        monkeypatch.setattr(SqliteConnection, name, counted(name))
    return found


@pytest.mark.parametrize("login", ["anna", "clara", "eva"])
def test_more_rows_are_no_more_statements(
    app: Flask,
    engine: Engine,
    client_as: ClientAs,
    as_person: Callable[[str], Actor],
    asked: list[str],
    login: str,
) -> None:
    first = register(engine, as_person("anna"), 0)
    remark(engine, as_person("anna"), first, 0)
    register(engine, as_person("anna"), 1)
    engine.settle()
    client, found = client_as(login), pages(app, engine, first)

    def counts() -> dict[str, int]:
        told: dict[str, int] = {}
        for _ in range(2):  # what is read once per process is read by the first round
            for url in found:
                asked.clear()
                client.get(url, follow_redirects=False)
                told[url] = len(asked)
        return told

    few = counts()
    for number in range(MORE):
        register(engine, as_person("anna"), 2 + number)
        remark(engine, as_person("anna"), first, number)
    engine.settle()
    many = counts()
    assert few["/inbox"] > 1
    assert {url: (few[url], many[url]) for url in found if many[url] > few[url]} == {}
