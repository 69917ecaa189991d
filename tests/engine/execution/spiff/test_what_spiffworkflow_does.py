"""Why the subset is what it is: each behaviour was met on the plain library, and is guarded or refused here."""

from __future__ import annotations

import time
from typing import Any

import pytest
from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from tests.engine.execution.drawing import body
from tests.engine.execution.spiff.plain_library import done, open_in, parsed, settled


def test_the_library_drops_what_a_repeated_reminder_began() -> None:
    """Guarded: each occurrence has a boundary task of its own."""
    workflow = parsed(
        "start s\nuser a\nboundary remind attachedToRef=a cancelActivity=false every='\"R3/PT0.02S\"'\nuser nudge\nend e\nend n",
        "s > a > e; remind > nudge > n",
    )
    time.sleep(0.03)
    settled(workflow)
    assert open_in(workflow) == ["a", "nudge"]
    done(workflow, "a")
    assert workflow.is_completed()


def test_the_library_keeps_one_due_time_behind_an_event_gateway() -> None:
    workflow = parsed(
        "start s\nevents g\ncatch long after='\"PT1H\"'\ncatch short after='\"PT0.01S\"'\nuser x\nuser y\nend e",
        "s > g; g > long > x > e; g > short > y > e",
    )
    time.sleep(0.02)
    assert open_in(settled(workflow)) == [], "the short one is due"


def test_the_library_hands_a_message_to_all_that_wait() -> None:
    workflow = parsed(
        "start s\nand f\ncatch one message=asked\ncatch two message=asked\nuser x\nuser y\nuser z\nthrow t message=asked\nend e",
        "s > f; f > one > x > e; f > two > y > e; f > z > t > e",
    )
    done(workflow, "z")
    assert open_in(workflow) == ["x", "y"]


def test_the_library_does_not_interrupt_for_an_event_subprocess() -> None:
    inside = body("start began message=asked\nuser rescue\nend over", "began > rescue > over")
    workflow: Any = parsed(
        "start s\nuser a\nend e", "s > a > e", f'<subProcess id="watch" triggeredByEvent="true">{inside}</subProcess>'
    )
    definition = workflow.subprocess_specs["watch"].task_specs["began"].event_definition
    workflow.catch(BpmnEvent(definition, payload={}))
    assert open_in(settled(workflow)) == ["a", "rescue"]


def test_the_library_copies_all_data_into_a_called_process_and_back() -> None:
    called = (
        '<process id="q" isExecutable="true">' + body("start qs\nuser inner\nend qe", "qs > inner > qe") + "</process>"
    )
    workflow = parsed(
        "start s\nuser first\ncall box calledElement=q\nuser last\nend e", "s > first > box > last > e", "", called
    )
    done(workflow, "first", secret=1)
    done(workflow, "inner", note=2)
    assert [task.data for task in workflow.get_tasks(spec_name="last")] == [{"secret": 1, "note": 2}]


def test_the_library_refuses_several_ways_out_of_a_task() -> None:
    with pytest.raises(ValidationException):
        parsed("start s\nuser a\nuser b\nuser c", "s > a; a > b; a > c")


def test_the_library_counts_arrivals_of_an_earlier_round_again() -> None:
    """Refused: a parallel join in a loop."""
    workflow = parsed(
        "start s\nxor again\nand f\nuser a\nuser b\nand j\nuser c\nxor x\nend e",
        "s > again > f; f > a > j; f > b > j; j > c > x; x > again if more; x > e if not more",
    )
    for name in ("a", "b"):
        done(workflow, name)
    done(workflow, "c", more=True)
    done(workflow, "b")
    assert open_in(workflow) == ["a", "c"], "the join fired without a"
