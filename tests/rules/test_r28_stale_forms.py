"""R28: a form is stale when its own task changed; what happens elsewhere in the case never refuses a completion."""

from __future__ import annotations

import pytest

from engine.actions.complete_task import Answer, complete_task
from engine.model.errors import Conflict
from tests.engine.actions.conftest import Desk


def test_a_completion_of_an_older_version_of_the_task_is_refused(desk: Desk) -> None:
    seen = desk.task(desk.register(), "work")
    desk.claim("ben", seen)
    with desk.store.begin(desk.person("ben")) as tx, pytest.raises(Conflict) as refused:
        complete_task(tx, seen.id, Answer(version=seen.version, data={}))
    assert refused.value.code == "task_stale"


def test_what_happens_beside_the_task_leaves_its_version_alone(desk: Desk) -> None:
    case = desk.register()
    mine = desk.claim("ben", desk.task(case, "work"))
    desk.press("ben", mine, "ask")
    desk.complete("ben", desk.task(case, "opinion"), data={})
    with desk.store.begin(desk.person("ben")) as tx:
        complete_task(tx, mine.id, Answer(version=mine.version, data={}))
    assert "work" not in [task.element_id for task in desk.open_tasks(case)]
