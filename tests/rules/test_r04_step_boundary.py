"""R4: a connector ends the step, its result is a new event; a late result for a cancelled wait is dropped."""

from __future__ import annotations

import pytest

from engine.execution.compiler import program_of
from engine.execution.machine import advance
from engine.execution.runtime import JobDone, JobWait, MessageReceived, MessageWait, Start
from engine.model.errors import Conflict
from tests.engine.execution.drawing import MONDAY, drawn, file, process

CALL = "service call { <extensionElements><mg:connector key='rate'>"
CALL += "<mg:input name='amount'>amount * 2</mg:input><mg:output name='rate'>result.rate</mg:output>"
CALL += "</mg:connector></extensionElements> }"
PROCESS = process(
    f"start s\n{CALL}\nboundary gone attachedToRef=call message=withdrawn\nend e\nend g", "s > call > e; gone > g"
)


def test_the_step_ends_at_a_connector_with_its_inputs() -> None:
    program = program_of({"p.bpmn": file(PROCESS)})
    step = advance(program, None, Start("p", {"amount": 4}), MONDAY)
    job = next(wait for wait in step.waits if isinstance(wait, JobWait))
    assert (job.kind, job.key, job.inputs, step.running) == ("connector", "rate", {"amount": 8}, True)


def test_the_result_is_taken_over_as_the_mapping_says() -> None:
    simulated = drawn(f"start s\n{CALL}\nend e", "s > call > e", connectors={"rate": lambda _: {"rate": 5}}, amount=1)
    assert (simulated.variables(), simulated.running()) == ({"amount": 1, "rate": 5}, False)


def test_a_late_result_for_a_cancelled_wait_is_refused() -> None:
    program = program_of({"p.bpmn": file(PROCESS)})
    step = advance(program, None, Start("p"), MONDAY)
    job = next(wait for wait in step.waits if isinstance(wait, JobWait))
    message = next(wait for wait in step.waits if isinstance(wait, MessageWait))
    cancelled = advance(program, step.state, MessageReceived(message.id), MONDAY)
    with pytest.raises(Conflict):
        advance(program, cancelled.state, JobDone(job.id, {"rate": 1}), MONDAY)


def test_async_before_and_after_end_the_step() -> None:
    nodes = "start s\nmanual a camunda:asyncBefore=true\nmanual b camunda:asyncAfter=true\nend e"
    program = program_of({"p.bpmn": file(process(nodes, "s > a > b > e"))})
    step = advance(program, None, Start("p"), MONDAY)
    seen = []
    while step.running:
        (wait,) = step.waits
        assert isinstance(wait, JobWait)
        assert wait.kind == "continue"
        seen.append(wait.element_id)
        step = advance(program, step.state, JobDone(wait.id), MONDAY)
    assert seen == ["a", "b"]
