"""A process may begin at a receive task or behind an event-based gateway, exclusive or parallel."""

from __future__ import annotations

from engine.execution import Simulation
from tests.engine.execution.drawing import do, open_tasks, process, simulation

WAYS = "catch one message=asked\ncatch two message=answered\nuser after_one\nuser after_two"
ARROWS = "which > one > after_one; which > two > after_two"


def gateway(more: str = "") -> Simulation:
    return simulation(process(f"events which instantiate=true {more}\n{WAYS}", ARROWS))


def test_a_receive_task_starts_the_process_with_its_message() -> None:
    simulated = simulation(process("receive told instantiate=true messageRef=asked\nuser work", "told > work"))
    assert simulated.send_message("asked", {"subject": "Hail"}) == 1
    assert (simulated.trace(), open_tasks(simulated), simulated.variables()) == (
        ["told"],
        ["work"],
        {"subject": "Hail"},
    )


def test_the_message_that_came_decides_the_way_and_the_other_is_not_awaited() -> None:
    simulated = gateway()
    simulated.send_message("answered")
    assert (simulated.trace(), open_tasks(simulated), simulated.waits()[1:]) == (["which", "two"], ["after_two"], [])


def test_each_message_starts_an_instance_of_its_own() -> None:
    simulated = gateway()
    simulated.send_message("asked")
    simulated.send_message("answered")
    assert open_tasks(simulated) == ["after_one", "after_two"]


def test_behind_a_parallel_gateway_the_other_messages_are_awaited_too() -> None:
    simulated = gateway("eventGatewayType=Parallel")
    simulated.send_message("answered")
    assert (open_tasks(simulated), [wait.name for wait in simulated.waits() if wait.kind == "message"]) == (
        ["after_two"],
        ["asked"],
    )
    simulated.send_message("asked")
    do(simulated, "after_one")
    do(simulated, "after_two")
    assert simulated.running() is False
    assert len({wait.instance for wait in simulated.waits()}) == 0


def test_a_person_who_starts_it_by_hand_waits_for_the_first_message() -> None:
    simulated = gateway()
    simulated.start("p")
    assert sorted(wait.name for wait in simulated.waits()) == ["answered", "asked"]
    simulated.send_message("asked")
    assert open_tasks(simulated) == ["after_one"]
