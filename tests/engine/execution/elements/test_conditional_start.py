"""A process that a condition starts begins when the environment makes it true, and not again until it was untrue (BPMN 2.0.2, 10.5.2)."""

from __future__ import annotations

import pytest

from engine.execution import Simulation
from engine.model.errors import MakegoodError
from tests.engine.execution.drawing import MONDAY, do, file, open_tasks, process, simulation

HOT = process('start s when="heat > 30"\nuser cool\nend e', "s > cool > e")


def test_it_begins_on_each_change_to_true() -> None:
    simulated = simulation(HOT)
    for heat, begun in ((20, 0), (35, 1), (40, 1), (10, 1), (31, 2)):
        simulated.set_variables({"heat": heat})
        assert len(open_tasks(simulated)) == begun


def test_what_was_set_is_in_the_new_instance() -> None:
    simulated = simulation(HOT)
    simulated.set_variables({"heat": 35, "where": "hall"})
    assert simulated.variables() == {"heat": 35, "where": "hall"}


def test_the_variables_of_an_instance_are_no_environment() -> None:
    simulated = simulation(HOT, process("start o\nuser work\nend x", "o > work > x", process_id="other"))
    work = simulated.start("other")
    simulated.set_variables({"heat": 50}, work)
    do(simulated, "work", heat=60)
    assert open_tasks(simulated) == []


def test_several_values_set_one_after_the_other_are_seen_together() -> None:
    simulated = simulation(process('start s when="heat > 30 and dry == True"\nuser water\nend e', "s > water > e"))
    simulated.set_variables({"heat": 35})
    simulated.set_variables({"dry": True})
    assert open_tasks(simulated) == ["water"]


def test_a_condition_that_cannot_be_judged_is_told_and_changes_nothing() -> None:
    simulated = simulation(HOT)
    with pytest.raises(MakegoodError):
        simulated.set_variables({"heat": "much"})
    simulated.set_variables({"heat": 35})
    assert open_tasks(simulated) == ["cool"]


def test_a_restored_simulation_knows_what_was_true() -> None:
    simulated = simulation(HOT)
    simulated.set_variables({"heat": 35})
    restored = Simulation.restore(simulated.save(), {"p.bpmn": file(HOT)}, now=MONDAY)
    restored.set_variables({"heat": 36})
    assert open_tasks(restored) == ["cool"]
