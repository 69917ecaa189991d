"""R13: a suspended instance's tasks and plain timers rest until it is resumed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.model.errors import Conflict
from tests.engine.execution.drawing import drawn, open_tasks

NODES = "start s\nuser work\nboundary late attachedToRef=work after=PT1H\nuser lead"


def test_its_timers_wait_and_fire_when_it_is_resumed() -> None:
    simulated = drawn(NODES, "s > work; late > lead")
    simulated.suspend("1")
    simulated.advance(timedelta(hours=2))
    assert open_tasks(simulated) == []
    simulated.resume("1")
    assert open_tasks(simulated) == ["lead"]


def test_its_tasks_cannot_be_completed() -> None:
    simulated = drawn(NODES, "s > work; late > lead")
    task = simulated.tasks()[0]
    simulated.suspend("1")
    with pytest.raises(Conflict, match="suspended"):
        simulated.complete(task.id)


def test_a_cancelled_instance_ends_and_nothing_fires_any_more() -> None:
    simulated = drawn(NODES, "s > work; late > lead")
    simulated.cancel("1")
    simulated.advance(timedelta(hours=2))
    assert (open_tasks(simulated), simulated.running(), simulated.waits()) == ([], False, [])
