"""Camunda's retry cycle becomes attempts and the pauses between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.jobs.incidents import pause_after
from engine.model.bpmn import Connector
from engine.model.running import Job

from .diagrams import codes, node, read

TASK = """<serviceTask id="t"><extensionElements><mg:connector key="rates"/>
  <camunda:failedJobRetryTimeCycle>{}</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>"""


NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def connector(cycle: str) -> Connector:
    found = node(TASK.format(cycle), "t").connector
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("cycle", "attempts", "pauses"),
    [
        ("R3/PT10M", 3, "PT10M PT10M"),
        ("R1/PT5M", 1, "PT1M"),
        ("PT1M, PT5M", 3, "PT1M PT5M"),
        ("PT2H", 2, "PT2H"),
    ],
)
def test_a_retry_cycle_says_how_often_and_after_which_pauses(cycle: str, attempts: int, pauses: str) -> None:
    found = connector(cycle)
    assert (found.attempts, found.backoff) == (attempts, pauses)


@pytest.mark.parametrize("cycle", ["often", "R0/PT1M", "R101/PT1M", "R3/soon", "${cycle}", "PT1M,,PT2M", ""])
def test_what_is_no_retry_cycle_is_a_finding(cycle: str) -> None:
    assert codes(read(TASK.format(cycle))) == ["bpmn_retry_cycle"]


def test_pauses_are_taken_in_turn_and_a_single_one_doubles() -> None:
    job = Job(id="1", name="call_connector", due_at=NOW, created_at=NOW, backoff="PT1M PT5M")
    assert _pauses(job) == [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=5)]
    job = Job(id="1", name="call_connector", due_at=NOW, created_at=NOW, backoff="PT1M")
    assert _pauses(job) == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]


def _pauses(job: Job) -> list[timedelta]:
    return [pause_after(replace(job, attempts=done)) for done in (1, 2, 3)]
