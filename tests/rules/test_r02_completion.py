"""R2: completing a task writes only names that its form or output mapping declares; without a form any name, in Simulation."""

from __future__ import annotations

import json

import pytest

from engine.execution import Simulation
from engine.execution.compiler import program_of
from engine.execution.machine import advance
from engine.execution.runtime import Start, TaskCompleted
from engine.model.errors import Conflict, Invalid
from tests.engine.execution.drawing import MONDAY, do, drawn, file, process

FORM = {
    "title": {"en": "Assess"},
    "schema": {"type": "object", "required": ["cause"], "properties": {"cause": {"type": "string"}}},
    "ui": {"order": ["cause"], "fields": {"cause": {"label": {"en": "Cause"}}}},
}
ASSESS = process('start s\nuser assess mg:form=assess mg:outcomes="accept reject"\nend e', "s > assess > e")


def with_form() -> Simulation:
    files = {"p.bpmn": file(ASSESS), "forms/assess.json": json.dumps(FORM).encode()}
    simulated = Simulation.load(files, now=MONDAY)
    simulated.start("p")
    return simulated


def test_a_form_takes_its_own_fields_and_the_outcome() -> None:
    simulated = with_form()
    do(simulated, "assess", outcome="accept", cause="hail")
    assert simulated.variables() == {"cause": "hail", "outcome": "accept"}


@pytest.mark.parametrize("data", [{"cause": "hail", "salary": 9}, {}, {"cause": 5}])
def test_what_the_form_does_not_declare_is_refused_and_nothing_is_lost(data: dict[str, object]) -> None:
    simulated = with_form()
    with pytest.raises(Invalid):
        simulated.complete(simulated.tasks()[0].id, data)
    assert [task.element_id for task in simulated.tasks()] == ["assess"]


def test_an_outcome_that_is_no_button_is_refused() -> None:
    simulated = with_form()
    with pytest.raises(Invalid, match="accept, reject"):
        do(simulated, "assess", outcome="maybe", cause="hail")


def test_the_machine_refuses_names_that_were_not_declared() -> None:
    program = program_of({"p.bpmn": file(process("start s\nuser a\nend e", "s > a > e"))})
    step = advance(program, None, Start("p"), MONDAY)
    with pytest.raises(Invalid) as refusal:
        advance(program, step.state, TaskCompleted(step.waits[0].id, {"x": 1}, None, frozenset({"y"})), MONDAY)
    assert [fault.field for fault in refusal.value.fields] == ["x"]


def test_lists_are_replaced_and_never_merged() -> None:
    simulated = drawn("start s\nuser a\nend e", "s > a > e", parts=["roof", "wall"])
    do(simulated, "a", parts=["door"])
    assert simulated.variables()["parts"] == ["door"]


def test_a_task_is_completed_once() -> None:
    program = program_of({"p.bpmn": file(process("start s\nuser a\nuser b\nend e", "s > a > b > e"))})
    step = advance(program, None, Start("p"), MONDAY)
    done = TaskCompleted(step.waits[0].id)
    later = advance(program, step.state, done, MONDAY)
    with pytest.raises(Conflict, match="no longer"):
        advance(program, later.state, done, MONDAY)
