"""R13: a suspended instance's tasks and plain timers rest until it is resumed; no clock does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.model.errors import Conflict
from tests.engine.execution.drawing import drawn, file, open_tasks, process, simulation

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


def test_what_follows_a_clock_happens_all_the_same() -> None:
    warned = "start s\nuser work\nboundary half attachedToRef=work clock=50% cancelActivity=false\nuser lead"
    simulated = simulation(process(warned, "s > work; half > lead"))
    simulated.start("p", clocks={"contract": "PT10H"})
    simulated.suspend("1")
    simulated.advance(timedelta(hours=6))
    assert simulated.clocks()[0].fired == ("50%",)
    simulated.resume("1")
    assert open_tasks(simulated) == ["work", "lead"]


def test_a_message_waits_until_it_is_resumed() -> None:
    simulated = drawn("start s\ncatch reply message=answered\nuser read", "s > reply > read")
    simulated.suspend("1")
    assert simulated.send_message("answered") == 0
    simulated.resume("1")
    assert open_tasks(simulated) == ["read"]


def test_it_moves_to_another_version_and_stays_suspended() -> None:
    simulated = drawn(NODES, "s > work; late > lead")
    simulated.suspend("1")
    simulated.migrate({"p.bpmn": file(process("start s\nuser work\nuser more", "s > work > more"))})
    assert open_tasks(simulated) == []
    simulated.resume("1")
    assert open_tasks(simulated) == ["work"]


def test_a_suspended_instance_can_be_cancelled() -> None:
    simulated = drawn(NODES, "s > work; late > lead")
    simulated.suspend("1")
    simulated.cancel("1")
    assert (open_tasks(simulated), simulated.running()) == ([], False)


def test_a_cancelled_instance_ends_and_nothing_fires_any_more() -> None:
    simulated = drawn(NODES, "s > work; late > lead")
    simulated.cancel("1")
    simulated.advance(timedelta(hours=2))
    assert (open_tasks(simulated), simulated.running(), simulated.waits()) == ([], False, [])
