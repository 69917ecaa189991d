"""Operations look at a running process, see what an operation would do, give a reason, and it is done once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.actions.deploy_process import deploy_process
from engine.model.case import Case, CaseStatus
from engine.model.people import SYSTEM, Actor
from engine.model.running import Instance, InstanceStatus, Timer, TimerState
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.queries.instance_page import instance_page
from engine.store import audit, rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs

DAILY = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:test" xmlns:mg="urn:makegood:bpmn:1">
 <process id="stock" name="Count the stock" isExecutable="true" mg:caseKind="internal">
  <startEvent id="begin" name="Every day"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent>
  <userTask id="count" name="Count" mg:queue="front_office"/><endEvent id="end"/>
  <sequenceFlow id="a" sourceRef="begin" targetRef="count"/><sequenceFlow id="b" sourceRef="count" targetRef="end"/>
 </process></definitions>"""


def running(engine: Engine, case: Case) -> Instance:
    with engine.read(SYSTEM) as tx:
        return rows.find(tx, Instance, case_id=case.id)[0]


def task(engine: Engine, case: Case) -> Task:
    with engine.read(SYSTEM) as tx:
        return rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)), order_by="id")[0]


def address(engine: Engine, case: Case, part: str = "") -> str:
    return f"/ops/instances/{running(engine, case).id}{part}"


def do(client: FlaskClient, engine: Engine, case: Case, **fields: str) -> int:
    """Look first, then send what the page of what would happen holds, with a reason."""
    page = client.post(address(engine, case, "/look"), data=fields)
    assert page.status_code == 200, page.text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    sent = {**hidden, "reason": "The diagram was wrong"}
    return client.post(address(engine, case, "/do"), data=sent).status_code


def test_an_instance_shows_where_it_stands_in_words(client_as: ClientAs, engine: Engine, case: Case) -> None:
    page = client_as("eva").get(address(engine, case)).text
    assert task(engine, case).name in page
    assert case.number in page
    for raw in ("userTask", "TaskState", "pending", "in_progress", "waiting<"):
        assert raw not in page, raw
    drawing = client_as("eva").get(address(engine, case, "/diagram"))
    assert (drawing.status_code, drawing.mimetype) == (200, "application/xml")


def test_an_administrator_sees_names_of_variables_and_never_values(
    client_as: ClientAs, engine: Engine, case: Case
) -> None:
    assert do(client_as("eva"), engine, case, what="set", name="serial", kind="text", value="KL-4711") == 303
    page = client_as("henry").get(address(engine, case)).text
    assert "serial" in page
    assert "KL-4711" not in page
    assert case.subject not in page
    assert "KL-4711" in client_as("eva").get(address(engine, case)).text


def test_a_case_is_suspended_and_resumed(client_as: ClientAs, engine: Engine, case: Case) -> None:
    client = client_as("henry")
    assert do(client, engine, case, what="suspend") == 303
    assert running(engine, case).status is InstanceStatus.SUSPENDED
    assert task(engine, case).state is TaskState.SUSPENDED
    assert "This process is suspended" in client.get(address(engine, case)).text
    assert do(client, engine, case, what="resume") == 303
    assert task(engine, case).state is TaskState.READY


def test_a_timer_that_is_held_makes_nobody_late(client_as: ClientAs, engine: Engine, case: Case) -> None:
    do(client_as("eva"), engine, case, what="suspend")
    with engine.begin(SYSTEM) as tx:
        held = {"due_at": tx.now - timedelta(days=1), "clock_key": "", "at": ""}
        timer = rows.find(tx, Timer, case_id=case.id, state=TimerState.PENDING)[0]
        rows.update(tx, Timer, timer.id, **held)
    assert "Everything runs." in client_as("henry").get("/ops").text


def test_without_a_reason_the_page_asks_again_and_nothing_happens(
    client_as: ClientAs, engine: Engine, case: Case
) -> None:
    answer = client_as("eva").post(address(engine, case, "/do"), data={"what": "cancel", "reason": " "})
    assert answer.status_code == 422
    assert "Say why." in answer.text
    assert running(engine, case).status is InstanceStatus.RUNNING


def test_a_task_is_left_out_and_the_trail_says_who_and_why(
    client_as: ClientAs, engine: Engine, case: Case, as_person: Callable[[str], Actor]
) -> None:
    opened = task(engine, case)
    assert do(client_as("eva"), engine, case, what="skip", task=opened.wait_id) == 303
    with engine.read(SYSTEM) as tx:
        assert rows.get(tx, Task, opened.id).state is TaskState.OBSOLETE
        (event,) = [event for event in audit.events_of(tx, case.id) if event.kind == "step_skipped"]
    assert event.actor_id == as_person("eva").person_id
    page = client_as("anna").get(f"/cases/{case.number}").text
    assert "The diagram was wrong" in page
    assert opened.name in page


def test_a_token_is_moved_to_another_step(
    client_as: ClientAs, engine: Engine, case: Case, as_person: Callable[[str], Actor]
) -> None:
    with engine.read(as_person("eva")) as tx:
        found = instance_page(tx, rows.find(tx, Instance, case_id=case.id)[0].id)
    here = next(place for place in found.places if place.element_id == task(engine, case).element_id)
    there = next(each for each in found.targets if each.kind == "userTask" and each.id != here.element_id)
    assert do(client_as("henry"), engine, case, what="move", token=here.token, to=there.id) in (303, 200)
    assert task(engine, case).element_id == there.id


def test_what_went_on_meanwhile_is_a_409_that_shows_where_it_is(
    client_as: ClientAs, engine: Engine, case: Case
) -> None:
    stale = {"what": "suspend", "version": "1", "reason": "Late"}
    do(client_as("eva"), engine, case, what="set", name="a", kind="number", value="1")
    answer = client_as("henry").post(address(engine, case, "/do"), data=stale)
    assert answer.status_code == 409
    assert "since you looked" in answer.text
    assert running(engine, case).status is InstanceStatus.RUNNING


def test_a_cancelled_case_is_closed_and_says_so_before(client_as: ClientAs, engine: Engine, case: Case) -> None:
    page = client_as("eva").post(address(engine, case, "/look"), data={"what": "cancel"}).text
    assert "without an answer to the customer" in page
    assert do(client_as("eva"), engine, case, what="cancel") == 303
    with engine.read(SYSTEM) as tx:
        assert rows.get(tx, Case, case.id).status is CaseStatus.CLOSED
    assert "What you can do" not in client_as("eva").get(address(engine, case)).text


def test_an_administrator_neither_cancels_nor_sets_values(client_as: ClientAs, engine: Engine, case: Case) -> None:
    client = client_as("henry")
    for fields in ({"what": "cancel"}, {"what": "set", "name": "a", "value": "1"}):
        assert client.post(address(engine, case, "/look"), data=fields).status_code == 403
    assert 'value="cancel"' not in client.get(address(engine, case)).text


@pytest.mark.parametrize(
    "fields",
    [
        {"what": ""},
        {"what": "move", "token": "1"},
        {"what": "skip", "task": "none such"},
        {"what": "set", "name": "not a name", "value": "1"},
        {"what": "set", "name": "a", "kind": "number", "value": "many"},
        {"what": "set", "name": "a", "kind": "list", "value": "[1,"},
        {"what": "set", "name": "a", "kind": "moment", "value": "2026-03-02T09:00"},
        {"what": "set", "name": "a", "scope": "99", "value": "1"},
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_never_an_accident(
    client_as: ClientAs, engine: Engine, case: Case, fields: dict[str, str]
) -> None:
    answer = client_as("eva").post(address(engine, case, "/look"), data=fields)
    assert 400 <= answer.status_code < 500, answer.text
    assert 'role="alert"' in answer.text or answer.status_code == 404


def test_no_page_of_operations_tells_an_administrator_the_customers_matter(
    client_as: ClientAs, engine: Engine, case: Case, app: Flask
) -> None:
    client, given = client_as("henry"), {"instance_id": running(engine, case).id, "key": "complaint", "version": "1"}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("ops.") and rule.arguments <= given.keys():
            url = rule.rule.replace("<int:version>", "1").replace("<key>", "complaint")
            url = url.replace("<instance_id>", given["instance_id"])
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                answer = client.open(url, method=method, buffered=True)
                assert answer.status_code < 500, url
                assert case.subject not in answer.text, url


def test_the_list_shows_versions_in_use_and_what_begins_by_itself(
    client_as: ClientAs, engine: Engine, case: Case
) -> None:
    with engine.begin(SYSTEM) as tx:
        deploy_process(tx, "stock", {"stock.bpmn": DAILY})
    page = client_as("henry").get("/ops/running").text
    assert "Count the stock" in page
    assert "Every day" in page
    assert "a timer" in page
    found = client_as("henry").get(f"/ops/running?case={case.number.lower()}").text
    assert f"/ops/instances/{running(engine, case).id}" in found
    assert "There is no case" in client_as("henry").get("/ops/running?case=C-1").text
    assert case.number in client_as("eva").get("/ops/running/complaint/1").text


def test_whoever_opens_a_task_that_rests_reads_why(client_as: ClientAs, engine: Engine, case: Case) -> None:
    do(client_as("eva"), engine, case, what="suspend")
    page = client_as("anna").get(f"/tasks/{task(engine, case).id}").text
    assert "This task rests" in page
    assert "/claim" not in page
    answer = client_as("anna").post(f"/tasks/{task(engine, case).id}/claim")
    assert answer.status_code == 409
    assert "rests" in answer.text


def test_a_case_that_began_by_itself_is_a_case_like_others(client_as: ClientAs, engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx:
        deploy_process(tx, "stock", {"stock.bpmn": DAILY.replace(b"R/P1D", b"R/PT0.001S")})
    time.sleep(0.01)
    engine.tick()
    engine.drain()
    with engine.read(SYSTEM) as tx:
        found = rows.find(tx, Case, kind="internal", order_by="id", limit=1)[0]
    page = client_as("anna").get(f"/cases/{found.number}")
    assert page.status_code == 200
    assert "Count the stock" in page.text
    assert client_as("anna").get(f"/tasks/{task(engine, found).id}").status_code == 200
    assert found.number in client_as("anna").get("/cases?status=open").text
