"""Values are put right, tasks left out, incidents tried again; an instance is ended from outside."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from engine.execution import operations
from engine.execution.compiler import program_of
from engine.execution.machine import advance
from engine.execution.operations import At, ChangeKind, Standing
from engine.execution.runtime import Start, Step, WaitClosed
from engine.model.errors import Conflict, NotFound
from tests.engine.execution.drawing import MONDAY, drawn, file, open_tasks, process
from tests.engine.execution.operations.moved import event_sub, sub

AT = At(MONDAY)
SEVERAL = (
    "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality><completionCondition>"
    "nrOfCompletedInstances == 2</completionCondition></multiInstanceLoopCharacteristics>"
)
PROGRAM = program_of({"p.bpmn": file(process("start s\nuser assess\nuser last\nend e", "s > assess > last > e"))})


def started() -> Step:
    return advance(PROGRAM, None, Start("p", {"n": 1}), MONDAY)


def test_a_task_left_out_is_closed_as_skipped_and_not_completed() -> None:
    step = started()
    done = operations.skip(PROGRAM, step.state, step.waits[0].id, at=AT)
    assert WaitClosed(step.waits[0].id, "assess", "skipped", "task") in done.step.happenings
    assert [change.kind for change in done.changes] == [
        ChangeKind.TASK_SKIPPED,
        ChangeKind.TASK_OPENED,
    ]
    assert str(done.changes[0].message) == "The task “assess” is left out; the case goes on behind it."


def test_an_item_left_out_counts_as_one() -> None:
    simulated = drawn(f"start s\nuser ask {{ {SEVERAL} }}\nuser last\nend e", "s > ask > last > e")
    simulated.skip(simulated.tasks()[0].id)
    simulated.skip(simulated.tasks()[0].id)
    assert (open_tasks(simulated), simulated.trace()) == (["last"], ["s"])


def test_only_tasks_and_what_has_stopped_can_be_left_out() -> None:
    nodes = "start s\nuser assess\nboundary late attachedToRef=assess after=PT1H\nend e\nend f"
    program = program_of({"p.bpmn": file(process(nodes, "s > assess > e; late > f"))})
    step = advance(program, None, Start("p"), MONDAY)
    with pytest.raises(Conflict, match="Only an open task"):
        operations.skip(program, step.state, step.waits[1].id, at=AT)
    with pytest.raises(NotFound, match="closed already"):
        operations.skip(program, step.state, "99", at=AT)


def test_a_value_keeps_its_type_and_may_be_null() -> None:
    step = operations.set_variables(PROGRAM, started().state, {"n": Decimal("1.50"), "m": None}, at=AT).step
    assert operations.levels(PROGRAM, step.state)[0].variables == {
        "n": Decimal("1.50"),
        "m": None,
    }


def test_a_value_is_put_right_where_it_was_found() -> None:
    inner = sub("work", "start in\nuser look", "in > look").replace(
        "<startEvent",
        '<extensionElements><mg:input name="n">n</mg:input></extensionElements><startEvent',
        1,
    )
    simulated = drawn(f"start s\n{inner}\nend e", "s > work > e", n=1)
    level = next(level for level in simulated.levels("1") if level.element_id == "work")
    simulated.set_variables({"n": 2}, "1", scope=level.id)
    assert [dict(level.variables) for level in simulated.levels("1")] == [
        {"n": 1},
        {"n": 2},
    ]


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(NotFound, match="no longer at work"):
        operations.set_variables(PROGRAM, started().state, {"n": 2}, scope=7, at=AT)


def test_what_the_process_counts_cannot_be_changed() -> None:
    simulated = drawn(f"start s\nuser ask {{ {SEVERAL} }}\nend e", "s > ask > e")
    body = next(level for level in simulated.levels("1") if level.kind == "body")
    with pytest.raises(Conflict, match="counted by the process itself"):
        simulated.set_variables({"nrOfInstances": 5}, "1", scope=body.id)


def test_a_condition_is_judged_after_a_value_was_put_right() -> None:
    alarm = event_sub("alarm", "start rings when='n > 5'\nuser look", "rings > look")
    simulated = drawn(f"start s\nuser assess\nend e\n{alarm}", "s > assess > e", n=1)
    simulated.set_variables({"n": 9}, "1", scope=0)
    assert open_tasks(simulated) == ["look"]


def test_a_cancelled_instance_closes_everything() -> None:
    done = operations.cancel(PROGRAM, started().state, at=AT)
    assert (done.step.running, done.step.waits) == (False, ())
    assert [change.kind for change in done.changes] == [
        ChangeKind.TASK_CANCELLED,
        ChangeKind.ENDED,
    ]


def test_places_name_what_waits_what_holds_and_what_came_to_a_join() -> None:
    nodes = "start s\nand split\nuser call\nuser write\nand join\nend e"
    program = program_of({"p.bpmn": file(process(nodes, "s > split > call > join > e; split > write > join"))})
    step = advance(program, None, Start("p"), MONDAY)
    skipped = operations.skip(program, step.state, step.waits[0].id, at=AT).step
    open_task, join = operations.places(program, skipped.state)
    assert (open_task.element_id, open_task.phase, open_task.waits) == (
        "write",
        Standing.WAITING,
        (step.waits[1].id,),
    )
    assert (join.element_id, join.phase, len(join.came), join.path[0].name) == (
        "join",
        Standing.JOINING,
        1,
        "p",
    )


def test_an_instance_on_spiffworkflow_refuses_what_its_tree_cannot_follow() -> None:
    state = json.dumps({**json.loads(started().state), "spiff": {"format": 1, "bodies": []}})
    with pytest.raises(Conflict, match="SpiffWorkflow"):
        operations.move_token(PROGRAM, state, "2", to="last", at=AT)
    with pytest.raises(Conflict, match="SpiffWorkflow"):
        operations.rewind(PROGRAM, state, "assess", history=["assess"], at=AT)


def test_an_ended_instance_takes_no_operation() -> None:
    ended = operations.cancel(PROGRAM, started().state, at=AT).step.state
    with pytest.raises(Conflict, match="has ended"):
        operations.set_variables(PROGRAM, ended, {"n": 1}, at=AT)
