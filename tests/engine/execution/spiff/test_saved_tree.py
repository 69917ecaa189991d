"""The saved tree holds what is alive; what does not fit a state is refused with a sentence and changes nothing."""

from __future__ import annotations

import json

import pytest

from engine.execution import machine, spiff
from engine.execution.compiler import ProgramCode, program_of
from engine.execution.runtime import IncidentRaised, JobDone, Start, TaskCompleted
from engine.model.errors import Conflict, NotFound
from tests.engine.execution.drawing import MONDAY, file, process


def drawn(nodes: str, arrows: str) -> ProgramCode:
    return program_of({"p.bpmn": file(process(nodes, arrows))})


ROUND = ("start s\nxor again\nuser a\nxor more\nend e", "s > again > a > more; more > again if n < 500; more > e")


def test_a_state_does_not_grow_with_what_has_been_done() -> None:
    program = drawn(*ROUND)
    step = spiff.advance(program, None, Start("p", {"n": 0}), MONDAY)
    first = len(step.state)
    for _ in range(400):
        step = spiff.advance(program, step.state, TaskCompleted(step.waits[0].id, {"n": 0}), MONDAY)
    assert len(step.state) < first + 40
    assert [wait.element_id for wait in step.waits] == ["a"]


def test_a_tree_names_elements_and_holds_no_specs() -> None:
    program = drawn("start s\nand f\nuser a\nscript b do='x = 1'\nand j\nend e", "s > f; f > a > j; f > b > j; j > e")
    saved = json.loads(spiff.advance(program, None, Start("p"), MONDAY).state)
    (bodies,) = [body["tasks"] for body in saved["spiff"]["bodies"]]
    assert [row["spec"] for row in bodies] == ["Start", "node:a", "node:j"]
    assert saved["spiff"]["format"] == 1


def test_variables_are_read_alike_by_both_runtimes() -> None:
    program = drawn("start s\nuser a\nend e", "s > a > e")
    step = spiff.advance(program, None, Start("p", {"amount": 5}), MONDAY)
    assert machine.variables(program, step.state) == {"amount": 5}
    assert machine.visible(program, step.state, step.waits[0].id, {"queue": "technical"})["queue"] == "technical"


def test_a_long_step_goes_on_as_a_job() -> None:
    program = drawn(
        "start s\nxor a\nscript b do='n = n + 1'\nxor c\nend e", "s > a > b > c; c > a if n < 900; c > e if n >= 900"
    )
    step, steps = spiff.advance(program, None, Start("p", {"n": 0}), MONDAY), 1
    while step.running:
        step, steps = spiff.advance(program, step.state, JobDone(step.waits[0].id), MONDAY), steps + 1
    assert (steps, machine.variables(program, step.state)) == (3, {"n": 900})


def test_an_instance_of_the_machine_stays_there() -> None:
    program = drawn("start s\nuser a\nend e", "s > a > e")
    step = machine.advance(program, None, Start("p"), MONDAY)
    with pytest.raises(Conflict, match="started on the machine"):
        spiff.advance(program, step.state, TaskCompleted(step.waits[0].id), MONDAY)


def test_an_element_that_is_gone_is_named() -> None:
    step = spiff.advance(drawn("start s\nuser a\nend e", "s > a > e"), None, Start("p"), MONDAY)
    other = drawn("start s\nuser b\nend e", "s > b > e")
    with pytest.raises(Conflict, match="“a”"):
        spiff.advance(other, step.state, TaskCompleted(step.waits[0].id), MONDAY)


def test_what_is_counted_is_saved_with_the_tree() -> None:
    each = "<multiInstanceLoopCharacteristics isSequential='true'><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    program = drawn(f"start s\nuser a {{ {each} }}\nend e", "s > a > e")
    step = spiff.advance(program, None, Start("p"), MONDAY)
    for _ in range(2):
        step = spiff.advance(program, step.state, TaskCompleted(step.waits[0].id), MONDAY)
    (body,) = json.loads(step.state)["spiff"]["bodies"]
    assert [row["count"] for row in body["tasks"] if "count" in row] == [{"cardinality": 3, "current": 3, "merged": 2}]


def test_an_unknown_start_begins_nothing() -> None:
    program = drawn("start s\nuser a", "s > a")
    with pytest.raises(NotFound):
        spiff.advance(program, None, Start("p", element_id="a b"), MONDAY)


def test_a_process_too_large_for_the_library_is_a_sentence() -> None:
    names = [f"u{number}" for number in range(3000)]
    program = drawn("start s\n" + "\n".join(f"user {name}" for name in names), " > ".join(["s", *names]))
    with pytest.raises(Conflict, match="mg:runtime"):
        spiff.advance(program, None, Start("p"), MONDAY)


def test_a_token_too_many_at_a_join_is_told_as_on_the_machine() -> None:
    program = drawn(
        "start s\nand f\nuser a\nxor m\nuser b\nand j\nend e", "s > f; f > a > m; f > b > m; f > j; m > j > e"
    )
    for runtime in (spiff, machine):
        step, told = runtime.advance(program, None, Start("p"), MONDAY), list[str]()
        while step.waits:
            step = runtime.advance(program, step.state, TaskCompleted(step.waits[0].id), MONDAY)
            told += [each.message.code for each in step.happenings if isinstance(each, IncidentRaised)]
        assert (told, step.running) == (["deadlock"], True)
