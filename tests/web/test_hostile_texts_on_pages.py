"""Whatever customers, staff and designers write is text on every page and in every file, never markup or a formula."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask

from engine.actions.attach_file import attach_file
from engine.actions.comment_case import comment_case
from engine.actions.find_customer import NewCustomer
from engine.actions.message_case import record_reply
from engine.actions.register_case import Registration, register_case
from engine.actions.request_special_mode import request_special_mode
from engine.model.case import Case
from engine.model.errors import MakegoodError
from engine.model.people import SYSTEM, Actor, Person
from engine.model.task import Task
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs

AsPerson = Callable[[str], Actor]

MARK = "<img src=x onerror=alert(1)>\"'"
STAFF = "<b onclick=alert(1)>Ben</b>"
LAZY = '=HYPERLINK("http://x")'


@pytest.fixture
def hostile(engine: Engine, as_person: AsPerson) -> Case:
    """A case in which every text is an attack, and a person whose name is one."""
    with engine.begin(SYSTEM) as tx:
        for person in rows.find(tx, Person, login="ben"):
            rows.update(tx, Person, person.id, name=STAFF)
    customer = NewCustomer(name=MARK, email="ola@example.org", phone=LAZY, address=MARK, number=LAZY)
    given = Registration(
        subject=MARK, description=MARK, country="PL", customer=customer, facts={"model": MARK, "serial": MARK}
    )
    with engine.begin(as_person("anna")) as tx:
        case = register_case(tx, given)
    engine.settle()
    with engine.begin(as_person("anna")) as tx:
        comment_case(tx, case.id, body=MARK)
        attach_file(tx, case.id, name=f"{MARK.replace('/', '')}.txt", content=b"text")
        request_special_mode(tx, case.id, reason=MARK, amount=None)
    engine.settle()
    return case


def pages(app: Flask, case: Case, tasks: list[str]) -> list[str]:
    """Every address that is read without anything but a case or a task."""
    given = {"number": case.number, "case_id": case.id}
    found = [f"/search?q={MARK[:9]}", f"/cases?q={LAZY}", f"/inbox?q={MARK[:9]}", "/queues/front_office"]
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and "design" not in rule.endpoint and "static" not in rule.endpoint:
            with app.test_request_context():
                if rule.arguments <= given.keys():
                    found.append(app.url_map.bind("x").build(rule.endpoint, {n: given[n] for n in rule.arguments}))
                elif rule.arguments == {"task_id"}:
                    found += [app.url_map.bind("x").build(rule.endpoint, {"task_id": task}) for task in tasks]
    return [url.removeprefix("http://x") for url in found]


@pytest.mark.parametrize("web_store", ["sqlite", "postgresql"])
@pytest.mark.parametrize("login", ["anna", "clara", "eva", "henry"])
def test_what_people_write_is_text_on_every_page(
    app: Flask, engine: Engine, client_as: ClientAs, hostile: Case, login: str
) -> None:
    with engine.read(SYSTEM) as tx:
        tasks = [task.id for task in rows.find(tx, Task, case_id=hostile.id)]
    client = client_as(login)
    seen = 0
    for url in pages(app, hostile, tasks):
        answer = client.get(url, follow_redirects=False)
        assert answer.status_code < 500, url
        if answer.mimetype == "text/html":
            assert "<img src=x" not in answer.text, url
            assert "<b onclick" not in answer.text, url
            seen += "&lt;img src=x" in answer.text
        if answer.mimetype == "text/csv":
            assert '"=HYPERLINK' not in answer.text, url
            assert ",=HYPERLINK" not in answer.text, url
    assert (seen > 0) == (login != "henry")


def test_a_reply_and_a_damaged_zip_are_taken_as_what_they_are(
    engine: Engine, client_as: ClientAs, hostile: Case, as_person: AsPerson
) -> None:
    with pytest.raises(MakegoodError), engine.begin(as_person("anna")) as tx:
        record_reply(tx, hostile.id, text=MARK)
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bpmn", b"<definitions/>" * 1000)
    content = bytearray(room.getvalue())
    content[40:60] = b"\xff" * 20
    data = {"files": (io.BytesIO(bytes(content)), "a.zip"), "key": "a"}
    answer = client_as("greta").post("/design/upload", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422


def test_a_diagram_with_a_document_type_or_a_script_is_refused(client_as: ClientAs) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><definitions>&b;</definitions>'
    for name in ("a.bpmn", "a.dmn"):
        data = {"files": (io.BytesIO(bomb), name), "key": "a"}
        answer = client_as("greta").post("/design/upload", data=data, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert "aaaaaaaa" not in answer.text
