"""Every event that actions record is told in a sentence, with the names of those who took part."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from engine.model.audit import AuditEvent
from tests.architecture.sources import REPOSITORY
from web.event_words import TOLD, Names, told
from web.worklist.notice_words import SAID

NOTED = re.compile(r"""(?:\.note\(|audit\.append(?:_many)?\([^)]*?\[?\(?)\s*"([a-z_]+)\"""")
NAMES = Names({"anna": "Anna", "ben": "Ben", "clara": "Clara"}, {"t1": "Check it"}, {"work": "Work the case"})


def noted() -> set[str]:
    """The kinds of events that the engine's actions record."""
    sources = [path.read_text(encoding="utf-8") for path in (REPOSITORY / "engine" / "actions").glob("*.py")]
    return {kind for source in sources for kind in NOTED.findall(source)}


def event(kind: str, **data: object) -> AuditEvent:
    return AuditEvent(
        id="e", case_id="c", sequence=1, kind=kind, actor_id="ben", data=data, at=datetime(2026, 3, 2, tzinfo=UTC)
    )


def test_every_event_that_actions_record_has_its_sentence() -> None:
    assert len(noted()) > 30
    assert not sorted(noted() - TOLD.keys())


def test_every_kind_of_escalation_has_its_notice() -> None:
    assert {"escalation_50", "escalation_80", "escalation_100", "task_given", "task_taken_away"} <= SAID.keys()


@pytest.mark.parametrize(
    ("recorded", "title", "text"),
    [
        (event("registered", number="C-1"), "Registered as C-1", ""),
        (event("task_opened", task="t1", owner="anna"), "New task: Check it", "With Anna."),
        (
            event("reassigned", task="t1", before="anna", owner="clara", why="escalation"),
            "Task given to Clara: Check it",
            "Before: Anna. Reason: the clock ran out.",
        ),
        (event("reassigned", task="t1", owner="clara", why="He is ill. "), "Task given to Clara", "Reason: He is ill."),
        (event("escalated", clock="contract", level=80, told=["clara"]), "Escalated: 80 % of", "Told: Clara."),
        (event("decided", outcome="accepted_by_law", basis="law"), "Decision: Accepted by law", "By law, because"),
        (
            event("decided", outcome="rejected", by="ben", approved_by="clara"),
            "Decision: Rejected",
            "Decided by Ben. Checked by Clara.",
        ),
        (event("incident_raised", element="work", code="x"), "Something is stuck at “Work the case”", ""),
        (event("something_new", a=1), "Something new", ""),
    ],
)
def test_events_are_told(app: Flask, recorded: AuditEvent, title: str, text: str) -> None:
    with app.test_request_context():
        line = told(recorded, NAMES)
    assert line.title.startswith(title)
    assert line.text.startswith(text)
    assert bool(text) == bool(line.text)


def test_whoever_stands_in_is_named_with_the_absent_person(app: Flask) -> None:
    with app.test_request_context():
        line = told(event("task_completed", task="t1", behalf="anna"), NAMES)
    assert line.who == "Ben for Anna"
