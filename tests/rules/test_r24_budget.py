"""R24: a step goes on as a job after 1,000 moves; a loop of 1,000,000 without anything from outside is an incident."""

from __future__ import annotations

import pytest

from engine.execution.compiler import program_of
from engine.execution.machine import MOVES_A_STEP, advance
from engine.execution.machine import advance as machine
from engine.execution.runtime import IncidentRaised, JobDone, JobWait, Start, Step, VariablesSet
from tests.engine.execution.drawing import MONDAY, file, process

LOOP = {"p.bpmn": file(process("start s\nxor again\nmanual a", "s > again > a > again"))}


def carried_on(step: Step) -> Step:
    (wait,) = (wait for wait in step.waits if isinstance(wait, JobWait))
    assert (wait.kind, wait.attempts) == ("continue", 3)
    return advance(program_of(LOOP), step.state, JobDone(wait.id), MONDAY)


def test_a_long_step_stops_and_goes_on_as_a_job() -> None:
    step = advance(program_of(LOOP), None, Start("p"), MONDAY)
    assert len(step.happenings) < 3 * MOVES_A_STEP
    assert len(carried_on(step).happenings) > MOVES_A_STEP


def test_an_endless_loop_is_an_incident_that_names_its_element(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.execution.machine.stepping.MOVES_WITHOUT_EVENT", 5_000)
    step = advance(program_of(LOOP), None, Start("p"), MONDAY)
    while any(isinstance(wait, JobWait) for wait in step.waits):
        step = carried_on(step)
    (raised,) = (h for h in step.happenings if isinstance(h, IncidentRaised))
    assert (raised.message.code, raised.element_id in ("a", "again")) == ("budget_spent", True)


def test_something_from_outside_gives_a_new_budget() -> None:
    step = carried_on(advance(program_of(LOOP), None, Start("p"), MONDAY))
    step = machine(program_of(LOOP), step.state, VariablesSet({"x": 1}), MONDAY)
    assert '"moves":1000,' in step.state
