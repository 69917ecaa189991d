"""R15: name plus equality of keys; several matches are refused, none starts a process or is kept for 30 days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.execution import Simulation
from engine.model.errors import Conflict, NotFound
from tests.engine.execution.drawing import MONDAY, file, open_tasks, process, simulation

WAITING = process("start s\nuser first\ncatch wait message=answered\nuser after", "s > first > wait > after")
AT_ONCE = process("start s\ncatch wait message=answered\nuser after", "s > wait > after")


def test_the_key_chooses_the_instance() -> None:
    simulated = simulation(AT_ONCE)
    for number in (1, 2):
        simulated.start("p", {"number": number})
    assert simulated.send_message("answered", {"text": "yes"}, {"number": 2}) == 1
    assert [(task.instance, task.element_id) for task in simulated.tasks()] == [("2", "after")]


def test_several_matches_are_refused_as_ambiguous() -> None:
    simulated = simulation(AT_ONCE)
    for _ in range(2):
        simulated.start("p")
    with pytest.raises(Conflict, match="tells them apart"):
        simulated.send_message("answered")


def test_a_message_that_comes_too_early_is_kept() -> None:
    simulated = simulation(WAITING)
    simulated.start("p")
    assert simulated.send_message("answered", {"text": "yes"}) == 0
    simulated.complete(simulated.tasks()[0].id)
    assert (open_tasks(simulated), simulated.variables()) == (["after"], {"text": "yes"})


def test_a_kept_message_is_gone_after_thirty_days() -> None:
    simulated = simulation(WAITING)
    simulated.start("p")
    simulated.send_message("answered")
    simulated.advance(timedelta(days=31))
    simulated.complete(simulated.tasks()[0].id)
    assert open_tasks(simulated) == []


def test_a_message_that_nobody_ever_waits_for_is_refused() -> None:
    with pytest.raises(NotFound):
        simulation(AT_ONCE).send_message("other")


def test_a_message_starts_a_process() -> None:
    simulated = simulation(process("start begin message=asked\nuser work", "begin > work"))
    assert simulated.send_message("asked", {"subject": "Hail"}) == 1
    assert (open_tasks(simulated), simulated.variables()) == (["work"], {"subject": "Hail"})


def test_a_signal_is_never_kept() -> None:
    simulated = simulation(
        process("start s\nuser first\ncatch wait signal=alarm\nuser after", "s > first > wait > after")
    )
    simulated.start("p")
    assert simulated.send_signal("alarm") == 0
    simulated.complete(simulated.tasks()[0].id)
    assert open_tasks(simulated) == []


def test_the_first_message_sets_a_key_that_is_not_set_yet() -> None:
    keyed = "<extensionElements><zeebe:subscription correlationKey='=order'/></extensionElements>"
    catalogue = f'<message id="paid" name="paid">{keyed}</message>'
    nodes = "catch {0} {{ <messageEventDefinition messageRef='paid'/> }}"
    text = process(
        "start s\n" + nodes.format("one") + "\n" + nodes.format("two") + "\nuser after", "s > one > two > after"
    )
    data = file(text).replace(b"<process", catalogue.encode() + b"<process", 1).replace(b"'paid_m'", b"'paid'")
    simulated = Simulation.load({"p.bpmn": data}, now=MONDAY)
    simulated.start("p")
    assert simulated.send_message("paid", {}, {"order": 7}) == 1
    assert simulated.send_message("paid", {}, {"order": 8}) == 0
    assert simulated.send_message("paid", {}, {"order": 7}) == 1
    assert open_tasks(simulated) == ["after"]
