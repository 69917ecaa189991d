"""A notice says with whom a task is by the time it is read."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from engine.model.people import Notice
from engine.queries.notices import NoticeLine
from web.worklist.notice_words import said


def told(noon: datetime, holder_id: str | None, holder: str) -> NoticeLine:
    params = {"task_id": "t", "task": "Work the case"}
    notice = Notice(id="n", person_id="anna", kind="escalation_100", params=params, created_at=noon)
    return NoticeLine(notice, "C-2026-000001", "A kettle", holder_id, holder)


@pytest.mark.parametrize(
    ("holder_id", "holder", "end"),
    [
        ("anna", "Anna", "it is with you now."),
        ("david", "David", "it is with David now."),
        (None, "", "nobody present could take it."),
    ],
)
def test_a_task_whose_time_is_used_up_is_with_somebody(
    app: Flask, noon: datetime, holder_id: str | None, holder: str, end: str
) -> None:
    with app.test_request_context():
        sentence = said(told(noon, holder_id, holder))
    assert sentence == f"The time for “Work the case” is used up; {end}"
