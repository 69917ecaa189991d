"""What every runtime does with items, rounds, events in the middle, errors, calls and event subprocesses."""

from __future__ import annotations

import pytest

from engine.execution.runtime import (
    IncidentRaised,
    IncidentRetried,
    JobWait,
    SignalReceived,
    TaskCompleted,
    TaskFailed,
    VariablesSet,
    WaitClosed,
)
from tests.contract.runtime_bench import Starts
from tests.engine.execution.drawing import body, process

pytestmark = pytest.mark.contract
EACH = '{<multiInstanceLoopCharacteristics isSequential="%s"><loopCardinality>3</loopCardinality>%s</multiInstanceLoopCharacteristics>}'
TWO = "<completionCondition>nrOfCompletedInstances &gt;= 2</completionCondition>"


def box(name: str, nodes: str, arrows: str, attributes: str = "") -> str:
    return f'<subProcess id="{name}" {attributes}>{body(nodes, arrows)}</subProcess>'


def test_items_side_by_side_end_with_the_last(started: Starts) -> None:
    bench = started(f"start s\nuser a {EACH % ('false', '')}\nuser b", "s > a > b")
    assert bench.open == ["a", "a", "a"]
    for _ in range(3):
        bench.complete("a")
    assert (bench.open, bench.trace) == (["b"], ["s", "a", "a", "a"])


def test_items_in_a_row_begin_one_after_the_other(started: Starts) -> None:
    bench = started(f"start s\nuser a {EACH % ('true', '')}\nuser b", "s > a > b")
    for _ in range(3):
        assert bench.open == ["a"]
        bench.complete("a")
    assert bench.open == ["b"]


@pytest.mark.parametrize("row", ["true", "false"])
def test_enough_items_end_the_others(started: Starts, row: str) -> None:
    bench = started(f"start s\nuser a {EACH % (row, TWO)}\nuser b", "s > a > b")
    bench.complete("a")
    bench.complete("a")
    assert (bench.open, bench.trace) == (["b"], ["s", "a", "a"])


def test_outputs_are_collected_by_item(started: Starts) -> None:
    over = '<extensionElements><zeebe:loopCharacteristics inputCollection="=parts" inputElement="part" outputCollection="prices" outputElement="=price"/></extensionElements>'
    many = f"{{<multiInstanceLoopCharacteristics>{over}</multiInstanceLoopCharacteristics>}}"
    bench = started(f"start s\nuser a {many}\nuser b", "s > a > b", parts=["pump", "seal"])
    first, second = bench.waits
    bench.take(TaskCompleted(second.id, {"price": 7}))
    bench.take(TaskCompleted(first.id, {"price": 5}))
    assert bench.variables["prices"] == [5, 7]


def test_an_empty_collection_is_done_at_once(started: Starts) -> None:
    none = EACH.replace("3", "0")
    bench = started(f"start s\nuser a {none % ('false', '')}\nuser b", "s > a > b")
    assert bench.open == ["b"]


def test_a_boundary_event_ends_all_items_with_what_is_in_them(started: Starts) -> None:
    inner = body("start t\nuser a\nend z", "t > a > z") + (EACH % ("false", ""))[1:-1]
    bench = started(
        "start s\nboundary b attachedToRef=many after=PT1H\nuser late\nend e",
        "s > many > e; b > late",
        more=f'<subProcess id="many">{inner}</subProcess>',
    )
    bench.complete("a")
    bench.fire("b")
    assert bench.open == ["late"]
    assert [each.how for each in bench.happened if isinstance(each, WaitClosed) and each.element_id == "a"] == [
        "completed",
        "interrupted",
        "interrupted",
    ]


def test_rounds_go_on_while_the_condition_holds(started: Starts) -> None:
    loop = "{<standardLoopCharacteristics loopMaximum='5'><loopCondition>more</loopCondition></standardLoopCharacteristics>}"
    bench = started(f"start s\nuser a {loop}\nuser b", "s > a > b")
    bench.complete("a", more=True)
    bench.complete("a", more=False)
    assert (bench.open, bench.trace) == (["b"], ["s", "a", "a"])


def test_a_loop_tested_before_may_have_no_round(started: Starts) -> None:
    loop = "{<standardLoopCharacteristics testBefore='true'><loopCondition>more</loopCondition></standardLoopCharacteristics>}"
    assert started(f"start s\nuser a {loop}\nuser b", "s > a > b", more=False).open == ["b"]


def test_the_first_event_decides_and_the_others_are_no_longer_awaited(started: Starts) -> None:
    bench = started(
        "start s\nevents g\ncatch late after=PT9H\ncatch soon after=PT1H\nuser a\nuser b",
        "s > g; g > late > a; g > soon > b",
    )
    assert bench.open == ["late", "soon"]
    bench.fire("soon")
    assert (bench.open, bench.trace) == (["b"], ["s", "g", "soon"])


def test_an_inclusive_join_waits_for_those_that_come(started: Starts) -> None:
    bench = started(
        "start s\nor f\nuser a\nuser b\nuser c\nor j\nuser d",
        "s > f; f > a if n > 0; f > b if n > 1; f > c if n > 9; a > j; b > j; c > j; j > d",
        n=2,
    )
    bench.complete("a")
    assert bench.open == ["b"]
    bench.complete("b")
    assert bench.open == ["d"]


def test_a_join_in_a_loop_counts_each_round_anew(started: Starts) -> None:
    bench = started(
        "start s\nxor again\nand f\nuser a\nuser b\nand j\nuser c\nxor x\nend e",
        "s > again > f; f > a > j; f > b > j; j > c > x; x > again if more; x > e if not more",
    )
    for name in ("a", "b"):
        bench.complete(name)
    bench.complete("c", more=True)
    bench.complete("b")
    assert bench.open == ["a"]


def test_an_error_leaves_by_its_own_boundary_and_no_sibling_s(started: Starts) -> None:
    one = box("one", "start s1\nuser a\nend x1 error=broken", "s1 > a > x1")
    two = box("two", "start s2\nuser b\nend x2", "s2 > b > x2")
    bench = started(
        "start s\nand f\nboundary c attachedToRef=one error=broken\nboundary d attachedToRef=two error=broken\nuser y\nuser z",
        "s > f; f > one; f > two; c > y; d > z",
        more=one + two,
    )
    bench.complete("a")
    assert bench.open == ["b", "y"]


def test_a_person_who_fails_a_task_raises_an_error(started: Starts) -> None:
    bench = started("start s\nuser a\nboundary b attachedToRef=a error=broken\nuser c\nend e", "s > a > e; b > c")
    bench.take(TaskFailed(bench.at("a").id, "broken", {"part": "pump"}))
    assert (bench.open, bench.variables) == (["c"], {"part": "pump"})


def test_an_escalation_goes_beside_the_work(started: Starts) -> None:
    inner = box("work", "start t\nthrow up escalation=up\nuser a\nend z", "t > up > a > z")
    bench = started(
        "start s\nboundary b attachedToRef=work cancelActivity=false escalation=up\nuser lead\nend e",
        "s > work > e; b > lead",
        more=inner,
    )
    assert bench.open == ["a", "lead"]


def test_a_signal_reaches_all_that_listen(started: Starts) -> None:
    bench = started(
        "start s\nand f\ncatch one signal=alarm\ncatch two signal=alarm\nuser a\nuser b\nuser w\nthrow t signal=alarm\nend e",
        "s > f; f > one > a; f > two > b; f > w > t > e",
    )
    bench.complete("w")
    assert bench.open == ["a", "b"]


def test_a_signal_from_outside_is_for_one_wait(started: Starts) -> None:
    bench = started("start s\ncatch one signal=alarm\nuser a", "s > one > a")
    bench.take(SignalReceived(bench.at("one").id, {"loud": True}))
    assert (bench.open, bench.variables) == (["a"], {"loud": True})


def test_a_condition_comes_true_with_a_value(started: Starts) -> None:
    bench = started("start s\ncatch c when='n > 5'\nuser a", "s > c > a", n=1)
    bench.take(VariablesSet({"n": 6}))
    assert bench.open == ["a"]


def test_a_called_process_sees_what_is_mapped_and_gives_what_is_mapped(started: Starts) -> None:
    given = '<extensionElements><camunda:in source="n" target="m"/><camunda:out source="answer" target="back"/></extensionElements>'
    bench = started(
        f"start s\ncall c calledElement=q {{ {given} }}\nuser b",
        "s > c > b",
        beside=process("start t\nuser a\nscript w do='answer = m + 1'\nend z", "t > a > w > z", process_id="q"),
        n=1,
        secret=9,
    )
    bench.complete("a")
    assert (bench.open, bench.variables) == (["b"], {"n": 1, "secret": 9, "back": 2})


def test_an_interrupting_event_subprocess_ends_its_scope(started: Starts) -> None:
    watch = box("watch", "start w message=withdrawn\nuser close\nend z", "w > close > z", 'triggeredByEvent="true"')
    bench = started("start s\nand f\nuser a\nuser b\nend e", "s > f; f > a > e; f > b > e", more=watch)
    bench.receive("w")
    assert bench.open == ["close"]
    bench.complete("close")
    assert bench.ended == "completed"


def test_an_event_subprocess_beside_the_work_comes_again(started: Starts) -> None:
    watch = box(
        "watch",
        "start w isInterrupting=false message=asked\nuser reply\nend z",
        "w > reply > z",
        'triggeredByEvent="true"',
    )
    bench = started("start s\nuser a\nend e", "s > a > e", more=watch)
    bench.receive("w")
    bench.receive("w")
    assert bench.open == ["a", "reply", "reply", "w"]
    bench.complete("a")
    assert bench.running
    bench.complete("reply")
    bench.complete("reply")
    assert bench.ended == "completed"


def test_conditional_ways_out_of_a_task_are_tried_again(started: Starts) -> None:
    bench = started("start s\nuser a\nuser b\nuser c", "s > a; a > b if n > 1; a > c if n > 0", n=0)
    bench.complete("a")
    assert (bench.open, bench.incidents) == ([], ["no_flow"])
    told = next(each for each in bench.happened if isinstance(each, IncidentRaised))
    bench.take(VariablesSet({"n": 2}))
    bench.take(IncidentRetried(told.incident_id))
    assert (bench.open, bench.trace.count("a")) == (["b", "c"], 1)


def test_a_link_is_one_flow(started: Starts) -> None:
    assert started("start s\nthrow t link=on\ncatch c link=on\nuser a", "s > t; c > a").trace == ["s", "t", "c"]


def test_a_step_ends_before_and_after_where_the_diagram_says(started: Starts) -> None:
    bench = started(
        "start s\nscript a camunda:asyncBefore=true camunda:asyncAfter=true do='x = 1'\nuser b", "s > a > b"
    )
    for count in (0, 1):
        job = bench.at("a")
        assert isinstance(job, JobWait)
        assert (job.kind, bench.trace.count("a")) == ("continue", count)
        bench.done("a")
    assert bench.open == ["b"]


def test_a_long_step_forgets_what_was_ended_in_it(started: Starts) -> None:
    """The task still waits for its turn when the signal ends it; the step is then broken off for its length."""
    watch = box(
        "watch",
        "start w signal=alarm\nxor a\nscript b do='n = n + 1'\nxor c\nend z",
        "w > a > b > c; c > a if n < 900; c > z if n >= 900",
        'triggeredByEvent="true"',
    )
    bench = started("start s\nand f\nthrow t signal=alarm\nuser a1\nend e", "s > f; f > t > e; f > a1", more=watch, n=0)
    while bench.running:
        bench.done(bench.open[0])
    assert (bench.ended, bench.variables, "a1" in bench.trace) == ("completed", {"n": 900}, False)
