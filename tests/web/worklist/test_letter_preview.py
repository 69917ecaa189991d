"""Whoever writes to a customer reads the whole letter first, with their own words marked and the rest fixed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from engine.model.case import Case, CaseMessage
from engine.model.people import SYSTEM
from engine.model.task import Task
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs
from tests.web.worklist.conftest import TaskOf

OWN = "As Ben told you on the telephone."


def finish(client: FlaskClient, task: Task, outcome: str = "", **answers: str) -> None:
    data = {f"f.{name}": value for name, value in answers.items()}
    answer = client.post(f"/tasks/{task.id}", data={**data, "_version": task.version, "_outcome": outcome})
    assert answer.status_code == 303, answer.text


@pytest.fixture
def refused(client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine) -> Case:
    """A case that Ben rejected and David checked; now the answer is to be written."""
    finish(client_as("anna"), task_of(case), "complaint", product_group="appliance", category="defect")
    ben = client_as("ben")
    finish(ben, task_of(case), findings="The hose was cut with a knife.")
    finish(ben, task_of(case), "reject", reasons="The damage came from outside.")
    finish(client_as("david"), task_of(case), "approve")
    engine.settle()
    return case


def test_the_answer_is_shown_whole_before_a_word_is_typed(client_as: ClientAs, refused: Case, task_of: TaskOf) -> None:
    page = client_as("ben").get(f"/tasks/{task_of(refused).id}").text
    assert "The letter that leaves" in page
    assert "We cannot accept it." in page
    assert "The damage came from outside." in page
    assert "You may go to court" in page
    assert "<mark>" not in page


def test_what_the_clerk_types_is_marked_and_the_rest_stays(client_as: ClientAs, refused: Case, task_of: TaskOf) -> None:
    task = task_of(refused)
    data = {"f.answer_text": OWN, "f.medium": "email"}
    part = client_as("ben").post(f"/tasks/{task.id}/letter", data=data, headers={"HX-Request": "true"}).text
    assert f"<mark>{OWN}</mark>" in part
    assert "You may go to court" in part
    assert "<html" not in part


def test_the_letter_that_leaves_is_the_one_that_was_shown(
    client_as: ClientAs, refused: Case, task_of: TaskOf, engine: Engine
) -> None:
    task, ben = task_of(refused), client_as("ben")
    data = {"f.answer_text": OWN, "f.medium": "post"}
    shown = ben.post(f"/tasks/{task.id}/letter", data=data, headers={"HX-Request": "true"}).text
    finish(ben, task, answer_text=OWN, medium="post")
    with engine.read(SYSTEM) as tx:
        sent = rows.find(tx, CaseMessage, case_id=refused.id, letter="answer_rejected")[0]
    assert sent.channel == "post"
    assert "by post" in shown
    found = re.search(r'<p class="letter"[^>]*>(.*?)</p>', shown, re.DOTALL)
    assert found is not None
    assert unescape(re.sub("</?mark>", "", found[1])) == sent.body


def test_a_preview_keeps_nothing_and_loses_nothing(
    client_as: ClientAs, refused: Case, task_of: TaskOf, engine: Engine
) -> None:
    task = task_of(refused)
    page = client_as("ben").post(f"/tasks/{task.id}/letter", data={"f.answer_text": OWN, "f.medium": "email"})
    assert page.status_code == 200
    assert f"{OWN}</textarea>" in page.text
    assert task_of(refused) == task
    with engine.read(SYSTEM) as tx:
        assert rows.find(tx, CaseMessage, case_id=refused.id, letter="answer_rejected") == []


def test_each_button_that_writes_shows_its_letter(client_as: ClientAs, case: Case, task_of: TaskOf) -> None:
    task, anna = task_of(case), client_as("anna")
    assert "Preview the letter" in anna.get(f"/tasks/{task.id}").text
    data = {"f.product_group": "appliance", "f.forwarded_to": "the gas works"}
    page = anna.post(f"/tasks/{task.id}/letter", data=data).text
    assert "After “Not a complaint”, “Not ours”" in page
    assert "We have passed it on to <mark>the gas works</mark>" in page


def test_a_task_that_writes_to_nobody_offers_no_preview(client_as: ClientAs, case: Case, task_of: TaskOf) -> None:
    finish(client_as("anna"), task_of(case), "complaint", product_group="appliance", category="defect")
    task, ben = task_of(case), client_as("ben")
    assert "Preview the letter" not in ben.get(f"/tasks/{task.id}").text
    answer = ben.post(f"/tasks/{task.id}/letter", headers={"HX-Request": "true"})
    assert "no letter leaves" in answer.text


def test_who_may_only_read_the_task_is_shown_no_draft_of_a_letter(
    client_as: ClientAs, refused: Case, task_of: TaskOf
) -> None:
    page = client_as("iga").get(f"/tasks/{task_of(refused).id}").text
    assert "The letter that leaves" not in page
