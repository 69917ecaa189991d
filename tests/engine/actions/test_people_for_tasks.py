"""Whoever deploys a process reads which of its tasks nobody in the house may do."""

from __future__ import annotations

import pytest

from engine.actions.deploy_process import deploy_process
from engine.model.people import SYSTEM
from tests.engine.actions.conftest import Desk
from tests.engine.checks.examples_soundness import again
from tests.engine.definitions.bpmn.diagrams import diagram


def warned(desk: Desk, inside: str) -> list[tuple[str, str]]:
    with desk.store.begin(SYSTEM) as tx:
        done = deploy_process(tx, "claim", {"claim.bpmn": diagram(inside)})
    return [(found.element_id, found.message.code) for found in done.warnings]


@pytest.mark.parametrize(
    ("performers", "code"),
    [
        ('mg:role="approver"', "task_no_role"),
        ('mg:queue="nowhere" mg:role="clerk"', "task_no_people"),
        ('mg:queue="front_office" mg:role="auditor"', "task_no_people"),
    ],
)
def test_a_task_that_nobody_may_do_is_told(desk: Desk, performers: str, code: str) -> None:
    assert warned(desk, again(performers, 'mg:queue="front_office"')) == [("b", code)]


def test_tasks_of_people_who_are_there_are_let_be(desk: Desk) -> None:
    assert warned(desk, again('mg:queue="front_office" mg:excludes="a"', 'mg:queue="front_office"')) == []


def test_what_is_settled_when_a_task_opens_is_let_be(desk: Desk) -> None:
    assert warned(desk, again('mg:role="=wanted"', 'mg:assignee="owner"')) == []


def test_the_only_person_may_not_be_excluded(desk: Desk) -> None:
    assert warned(desk, again('mg:role="lead" mg:excludes="a"', 'mg:role="lead"')) == [("b", "task_one_person")]
