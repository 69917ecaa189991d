"""Gateways in loops, races of events, repeated activities and starts of every kind go the way that BPMN gives them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.model.errors import NotFound
from tests.engine.execution.drawing import body, do, drawn, open_tasks, process, simulation

HOUR = timedelta(hours=1)


def times(number: int, *, more: str = "", attributes: str = "") -> str:
    """A multi-instance marker."""
    return (
        f"<multiInstanceLoopCharacteristics{attributes}><loopCardinality>{number}</loopCardinality>{more}"
        "</multiInstanceLoopCharacteristics>"
    )


SEQUENTIAL = ' isSequential="true"'
ENOUGH = "<completionCondition>nrOfCompletedInstances &gt;= 2</completionCondition>"


def test_an_inclusive_split_in_a_loop_joins_anew_in_each_round() -> None:
    simulated = drawn(
        "start s\nxor again\nor split\nuser a\nuser b\nor join\nxor more\nend e",
        "s > again > split; split > a if x > 0; split > b if x > 1; a > join; b > join; join > more; "
        "more > again if x > 1; more > e if x < 2",
        x=2,
    )
    do(simulated, "a")
    assert open_tasks(simulated) == ["b"]
    do(simulated, "b")
    assert open_tasks(simulated) == ["a", "b"]
    do(simulated, "b", x=1)
    do(simulated, "a")
    assert (simulated.running(), simulated.trace().count("join")) == (False, 2)


def test_an_inclusive_join_does_not_wait_for_a_branch_that_went_elsewhere() -> None:
    simulated = drawn(
        "start s\nor split\nuser a\nuser b\nxor away\nor join\nuser after\nend gone\nend e",
        "s > split; split > a if True; split > b if True; a > join; b > away; away > gone if leave == True; "
        "away > join if leave != True; join > after > e",
    )
    do(simulated, "a")
    assert open_tasks(simulated) == ["b"]
    do(simulated, "b", leave=True)
    assert open_tasks(simulated) == ["after"]


def test_an_inclusive_split_takes_its_default_only_where_nothing_else_is_true() -> None:
    simulated = drawn(
        "start s\nor split\nuser a\nuser b\nend e",
        "s > split; split > a if x > 1; split > b if x > 0; a > e; b > e",
        x=1,
    )
    assert open_tasks(simulated) == ["b"]


def test_an_inclusive_join_behind_a_parallel_split_waits_for_all_of_it() -> None:
    simulated = drawn(
        "start s\nand split\nuser a\nuser b\nor join\nuser after\nend e",
        "s > split; split > a > join; split > b > join; join > after > e",
    )
    do(simulated, "b")
    assert open_tasks(simulated) == ["a"]
    do(simulated, "a")
    assert open_tasks(simulated) == ["after"]


def test_an_exclusive_merge_lets_every_token_through() -> None:
    simulated = drawn(
        "start s\nand split\nxor merge\nuser after\nend e", "s > split; split > merge; split > merge; merge > after > e"
    )
    assert open_tasks(simulated) == ["after", "after"]


def test_a_parallel_join_takes_one_token_of_each_flow_and_keeps_the_rest() -> None:
    simulated = drawn(
        "start s\nand split\nxor merge\nuser a\nuser b\nand join\nuser after\nend e",
        "s > split; split > merge; split > merge; split > b; merge > a > join; b > join; join > after > e",
    )
    do(simulated, "a")
    do(simulated, "b")
    assert open_tasks(simulated) == ["a", "after"]
    do(simulated, "a")
    assert [incident.code for incident in simulated.incidents()] == ["deadlock"]


@pytest.mark.parametrize(("came", "task"), [("asked", "by_message"), ("alarm", "by_signal"), ("", "by_time")])
def test_an_event_based_gateway_goes_the_way_of_the_first_event(came: str, task: str) -> None:
    simulated = drawn(
        "start s\nevents race\ncatch m message=asked\ncatch g signal=alarm\ncatch t after=PT1H\n"
        "user by_message\nuser by_signal\nuser by_time\nend e",
        "s > race; race > m > by_message > e; race > g > by_signal > e; race > t > by_time > e",
    )
    if came == "asked":
        simulated.send_message("asked")
    elif came == "alarm":
        simulated.send_signal("alarm")
    else:
        simulated.advance(HOUR)
    assert (open_tasks(simulated), len(simulated.waits())) == ([task], 1)


def test_an_event_based_gateway_may_lead_to_a_receive_task_and_a_condition() -> None:
    simulated = drawn(
        'start s\nevents race\nreceive r messageRef=asked\ncatch c when="x > 1"\nuser a\nuser b\nend e',
        "s > race; race > r > a > e; race > c > b > e",
        x=0,
    )
    simulated.set_variables({"x": 5})
    assert (open_tasks(simulated), simulated.trace()) == (["b"], ["s", "race", "c"])


def test_an_event_based_gateway_in_a_loop_waits_anew() -> None:
    simulated = drawn(
        "start s\nxor again\nevents race\ncatch m message=asked\ncatch stop message=withdrawn\nend e",
        "s > again > race; race > m > again; race > stop > e",
    )
    for _ in range(3):
        assert simulated.send_message("asked") == 1
    simulated.send_message("withdrawn")
    assert (simulated.running(), simulated.trace().count("m")) == (False, 3)


def test_a_parallel_event_gateway_begins_a_process_with_the_first_and_waits_for_the_others() -> None:
    simulated = simulation(
        process(
            "events both instantiate=true eventGatewayType=Parallel\ncatch a message=asked\ncatch b message=answered\nand join\nuser after\nend e",
            "both > a > join; both > b > join; join > after > e",
        )
    )
    simulated.send_message("answered")
    assert (open_tasks(simulated), simulated.running()) == ([], True)
    simulated.send_message("asked")
    assert open_tasks(simulated) == ["after"]


def test_an_exclusive_event_gateway_begins_a_process_for_each_message() -> None:
    simulated = simulation(
        process(
            "events either instantiate=true\ncatch a message=asked\ncatch b message=answered\nuser one\nuser two\nend e",
            "either > a > one > e; either > b > two > e",
        )
    )
    simulated.send_message("asked")
    simulated.send_message("answered")
    assert open_tasks(simulated) == ["one", "two"]


def test_a_signal_begins_every_process_that_starts_by_it() -> None:
    one = process("start s signal=alarm\nuser first\nend e", "s > first > e")
    other = process("start t signal=alarm\nuser second\nend u", "t > second > u", process_id="q")
    simulated = simulation(one, other)
    simulated.send_signal("alarm", {"loud": True})
    assert sorted(open_tasks(simulated)) == ["first", "second"]
    assert simulated.variables() == {"loud": True}


def test_a_process_with_several_starts_begins_at_the_one_that_was_triggered() -> None:
    simulated = simulation(
        process("start m message=asked\nstart g signal=alarm\nuser a\nuser b\nend e", "m > a > e; g > b > e")
    )
    simulated.send_signal("alarm")
    simulated.send_message("asked")
    assert open_tasks(simulated) == ["b", "a"]


def test_a_message_that_nothing_could_ever_receive_is_told() -> None:
    with pytest.raises(NotFound):
        simulation(process("start s\nend e", "s > e")).send_message("asked")


def test_a_subprocess_without_a_start_event_begins_at_everything_that_nothing_leads_to() -> None:
    simulated = drawn(
        f"start s\nsub box {{ {body('user a' + chr(10) + 'user b' + chr(10) + 'user c', 'a > c')} }}\nend e",
        "s > box > e",
    )
    assert open_tasks(simulated) == ["a", "b"]
    for task in ("a", "b", "c"):
        do(simulated, task)
    assert (simulated.running(), simulated.trace()[-2:]) == (False, ["box", "e"])


def test_a_completion_condition_ends_the_items_that_are_left() -> None:
    simulated = drawn(f"start s\nuser ask {{ {times(4, more=ENOUGH)} }}\nuser after\nend e", "s > ask > after > e")
    do(simulated, "ask")
    do(simulated, "ask")
    assert (open_tasks(simulated), simulated.trace()) == (["after"], ["s", "ask", "ask"])


def test_a_completion_condition_keeps_later_items_of_a_row_from_beginning() -> None:
    simulated = drawn(f"start s\nuser ask {{ {times(5, more=ENOUGH, attributes=SEQUENTIAL)} }}\nend e", "s > ask > e")
    do(simulated, "ask")
    do(simulated, "ask")
    assert (simulated.running(), simulated.trace()) == (False, ["s", "ask", "ask", "e"])


def test_repeated_inside_repeated_makes_each_with_each() -> None:
    inside = f"{body(f'user ask {{ {times(2)} }}', '')}{times(3)}"
    simulated = drawn(f"start s\nsub each {{ {inside} }}\nend e", "s > each > e")
    assert open_tasks(simulated) == ["ask"] * 6
    for _ in range(6):
        do(simulated, "ask")
    assert (simulated.running(), simulated.trace().count("each")) == (False, 3)


def test_a_repeated_call_runs_the_process_once_for_each() -> None:
    called = process("start cs\nuser inside\nend ce", "cs > inside > ce", process_id="called")
    simulated = simulation(
        process(f"start s\ncall c calledElement=called {{ {times(2)} }}\nend e", "s > c > e"), called
    )
    simulated.start("p")
    do(simulated, "inside")
    do(simulated, "inside")
    assert (simulated.running(), simulated.trace().count("c")) == (False, 2)


def test_a_standard_loop_tests_after_each_round_and_stops_at_its_maximum() -> None:
    loop = (
        '<standardLoopCharacteristics loopMaximum="3"><loopCondition>True</loopCondition></standardLoopCharacteristics>'
    )
    simulated = drawn(f"start s\nmanual work {{ {loop} }}\nend e", "s > work > e")
    assert simulated.trace() == ["s", "work", "work", "work", "e"]


def test_a_standard_loop_that_tests_before_may_not_run_at_all() -> None:
    loop = '<standardLoopCharacteristics testBefore="true"><loopCondition>more == True</loopCondition></standardLoopCharacteristics>'
    simulated = drawn(f"start s\nuser work {{ {loop} }}\nend e", "s > work > e", more=False)
    assert (simulated.running(), simulated.trace()) == (False, ["s", "e"])


def test_a_loop_around_a_subprocess_runs_all_of_it_in_each_round() -> None:
    loop = "<standardLoopCharacteristics><loopCondition>n &lt; 3</loopCondition></standardLoopCharacteristics>"
    inside = body('start i\nscript add do="n = n + 1"\nend d', "i > add > d") + loop
    simulated = drawn(f"start s\nsub box {{ {inside} }}\nend e", "s > box > e", n=0)
    assert (simulated.variables()["n"], simulated.trace().count("add")) == (3, 3)


def test_an_interrupting_boundary_ends_a_loop_in_the_middle_of_its_round() -> None:
    loop = "<standardLoopCharacteristics><loopCondition>True</loopCondition></standardLoopCharacteristics>"
    simulated = drawn(
        f"start s\nuser work {{ {loop} }}\nboundary stop attachedToRef=work message=withdrawn\nuser after\nend e",
        "s > work > e; stop > after",
    )
    do(simulated, "work")
    simulated.send_message("withdrawn")
    assert (open_tasks(simulated), simulated.trace()) == (["after"], ["s", "work", "stop"])


def test_terminate_ends_every_branch_of_the_process() -> None:
    simulated = drawn(
        "start s\nand split\nuser a\nuser b\nend stop terminate=1\nend e", "s > split; split > a > stop; split > b > e"
    )
    do(simulated, "a")
    assert (simulated.running(), open_tasks(simulated), simulated.trace()[-1]) == (False, [], "stop")
