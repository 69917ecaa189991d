"""A case goes back to a task that was done: what came from it is cancelled, what runs beside it stays."""

from __future__ import annotations

import pytest

from engine.execution import Simulation
from engine.model.errors import Conflict, NotFound
from tests.engine.execution.drawing import do, drawn, open_tasks, process, simulation
from tests.engine.execution.operations.moved import event_sub, finish, sub

LINE = "start s\nuser first\nuser second\nuser third\nend e"
SPLIT = "start s\nuser register\nand split\nuser call\nuser read\nuser write\nand join\nuser close\nend e"
WAYS = "s > register > split > call > read > join > close > e; split > write > join"


def refused(simulated: Simulation, to: str) -> str:
    """The sentence; and nothing has changed."""
    before = simulated.save()
    with pytest.raises((Conflict, NotFound)) as caught:
        simulated.rewind("1", to)
    assert simulated.save() == before
    return str(caught.value)


def test_what_was_open_is_cancelled_and_the_task_is_open_again() -> None:
    simulated = drawn(LINE, "s > first > second > third > e")
    do(simulated, "first", n=1)
    do(simulated, "second")
    simulated.rewind("1", "first")
    assert (open_tasks(simulated), simulated.variables()) == (["first"], {"n": 1})
    assert finish(simulated) == ["first", "second", "third", "e"]


def test_what_runs_beside_it_stays() -> None:
    simulated = drawn(SPLIT, WAYS)
    do(simulated, "register")
    do(simulated, "call")
    simulated.rewind("1", "call")
    assert open_tasks(simulated) == ["write", "call"]


def test_its_token_at_a_half_filled_join_is_taken_back() -> None:
    simulated = drawn(SPLIT, WAYS)
    for task in ("register", "call", "read"):
        do(simulated, task)
    simulated.rewind("1", "call")
    assert finish(simulated) == ["write", "call", "read", "join", "close", "e"]


def test_before_the_split_all_ways_are_cancelled() -> None:
    simulated = drawn(SPLIT, WAYS)
    for task in ("register", "call", "read"):
        do(simulated, task)
    simulated.rewind("1", "register")
    assert finish(simulated) == [
        "register",
        "split",
        "call",
        "write",
        "read",
        "join",
        "close",
        "e",
    ]


def test_ways_that_were_joined_since_are_refused() -> None:
    simulated = drawn(SPLIT, WAYS)
    for task in ("register", "call", "read", "write"):
        do(simulated, task)
    assert "“join” has brought “call” together" in refused(simulated, "call")


def test_a_subprocess_that_has_ended_is_begun_again_in_its_middle() -> None:
    inner = sub("work", "start in\nuser look\nuser check\nend out", "in > look > check > out")
    simulated = drawn(f"start s\n{inner}\nuser last\nend e", "s > work > last > e")
    do(simulated, "look")
    do(simulated, "check")
    simulated.rewind("1", "check")
    assert finish(simulated) == ["check", "out", "work", "last", "e"]


def test_inside_a_subprocess_only_what_is_inside_is_cancelled() -> None:
    inner = sub("work", "start in\nuser look\nuser check\nend out", "in > look > check > out")
    nodes = f"start s\nand split\n{inner}\nuser beside\nand join\nend e"
    simulated = drawn(nodes, "s > split > work > join > e; split > beside > join")
    do(simulated, "look")
    simulated.rewind("1", "look")
    assert open_tasks(simulated) == ["beside", "look"]


def test_a_round_of_a_loop_goes_back_to_its_beginning() -> None:
    nodes = "start s\nxor again\nuser try_it\nuser judge\nxor done\nend e"
    simulated = drawn(nodes, "s > again > try_it > judge > done > e if ok; done > again if not ok")
    do(simulated, "try_it")
    do(simulated, "judge", ok=False)
    do(simulated, "try_it")
    simulated.rewind("1", "try_it")
    assert open_tasks(simulated) == ["try_it"]


def test_what_was_never_done_or_is_open_is_refused() -> None:
    simulated = drawn(LINE, "s > first > second > third > e")
    do(simulated, "first")
    assert "has not been done" in refused(simulated, "third")
    do(simulated, "second")
    simulated.rewind("1", "second")
    assert "is open now" in refused(simulated, "second")


def test_events_and_gateways_are_nothing_to_go_back_to() -> None:
    simulated = drawn(SPLIT, WAYS)
    do(simulated, "register")
    assert "nothing that is done" in refused(simulated, "split")


def test_several_parts_at_work_are_several_readings() -> None:
    several = (
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    inner = sub(
        "work",
        "start in\nuser look\nuser check\nend out",
        "in > look > check > out",
        several,
    )
    simulated = drawn(f"start s\n{inner}\nend e", "s > work > e")
    do(simulated, "look")
    assert "several times" in refused(simulated, "look")


def test_a_called_process_that_has_ended_is_called_again_as_a_whole() -> None:
    called = process("start qs\nuser one\nend qe", "qs > one > qe", "q")
    simulated = simulation(
        process("start s\ncall ask calledElement=q\nuser last\nend e", "s > ask > last > e"),
        called,
    )
    simulated.start("p")
    do(simulated, "one")
    assert "called process" in refused(simulated, "one")
    simulated.rewind("1", "ask")
    assert open_tasks(simulated) == ["one"]


def test_what_was_interrupted_is_not_gone_back_to() -> None:
    told = event_sub("told", "start heard message=asked\nuser note", "heard > note")
    simulated = drawn(f"{LINE}\n{told}", "s > first > second > third > e")
    do(simulated, "first")
    simulated.send_message("asked")
    assert "interrupted by “told”" in refused(simulated, "first")


def test_what_lies_ahead_is_not_gone_back_to() -> None:
    simulated = drawn(LINE, "s > first > second > third > e")
    do(simulated, "first", n=1)
    do(simulated, "second")
    simulated.rewind("1", "first")
    assert "lies ahead of “first”" in refused(simulated, "second")
    assert open_tasks(simulated) == ["first"]
