"""A token is moved to where the case can go on from; everything else is refused with a sentence that says why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.execution import Simulation
from engine.model.errors import Conflict, NotFound
from tests.engine.execution.drawing import do, drawn, open_tasks, process, simulation
from tests.engine.execution.operations.moved import (
    at_work,
    event_sub,
    files,
    finish,
    sub,
)

WATCHED = "start s\nuser assess\nboundary late attachedToRef=assess after=PT1H\nuser lead\nuser decide\nend e"
SPLIT = "start s\nuser register\nand split\nuser call\nuser read\nuser write\nand join\nuser close\nend e"
WAYS = "s > register > split > call > read > join > close > e; split > write > join"
INNER = sub("work", "start in\nuser look\nuser check\nend out", "in > look > check > out")
SEVERAL = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"


def refused(simulated: Simulation, place: str, to: str) -> str:
    """The sentence; and nothing has changed."""
    before = simulated.save()
    with pytest.raises((Conflict, NotFound)) as caught:
        simulated.move_token("1", place, to=to)
    assert simulated.save() == before
    return str(caught.value)


def test_what_it_held_is_cancelled_and_it_goes_on_at_the_target() -> None:
    simulated = drawn(WATCHED, "s > assess > decide > e; late > lead")
    simulated.move_token("1", "assess", to="decide")
    simulated.advance(timedelta(hours=2))
    assert (open_tasks(simulated), finish(simulated)) == (["decide"], ["decide", "e"])


def test_it_may_go_back_and_forth_on_its_own_parallel_way() -> None:
    simulated = drawn(SPLIT, WAYS)
    do(simulated, "register")
    simulated.move_token("1", "call", to="read")
    simulated.move_token("1", "read", to="call")
    assert open_tasks(simulated) == ["write", "call"]


@pytest.mark.parametrize("target", ["register", "close", "write", "split"])
def test_it_does_not_leave_its_parallel_way(target: str) -> None:
    simulated = drawn(SPLIT, WAYS)
    do(simulated, "register")
    assert "“join” brings ways together" in refused(simulated, "call", target)


def test_a_half_filled_join_names_what_it_would_miss() -> None:
    simulated = drawn(SPLIT, WAYS)
    do(simulated, "register")
    do(simulated, "write")
    assert "“join”" in refused(simulated, "join", "close")


def test_a_join_that_nothing_can_fill_is_moved_on() -> None:
    simulated = drawn(
        "start s\nxor one\nuser call\nuser write\nand join\nuser close\nend e",
        "s > one > call > join > close > e; one > write if no; write > join",
    )
    do(simulated, "call")
    assert [incident.code for incident in simulated.incidents()] == ["deadlock"]
    simulated.move_token("1", "join", to="close")
    assert (open_tasks(simulated), simulated.incidents()) == (["close"], [])


def test_it_enters_a_subprocess_from_outside_in() -> None:
    nodes = f"start s\nuser first\n{INNER}\nboundary late attachedToRef=work after=PT1H\nuser lead\nend e"
    simulated = drawn(nodes, "s > first > work > e; late > lead")
    simulated.move_token("1", "first", to="check")
    assert [wait.element_id for wait in simulated.waits()] == ["late", "check"]
    assert finish(simulated) == ["check", "out", "work", "e"]


def test_it_leaves_a_subprocess_where_it_is_alone() -> None:
    simulated = drawn(f"start s\n{INNER}\nuser last\nend e", "s > work > last > e")
    simulated.move_token("1", "look", to="last")
    assert finish(simulated) == ["last", "e"]


def test_it_does_not_leave_others_behind() -> None:
    inner = sub(
        "work",
        "start in\nand split\nuser look\nuser check\nend one\nend two",
        "in > split > look > one; split > check > two",
    )
    simulated = drawn(f"start s\n{inner}\nuser last\nend e", "s > work > last > e")
    assert "check" in refused(simulated, "look", "last")


def test_a_whole_subprocess_may_be_moved() -> None:
    inner = sub(
        "work",
        "start in\nand split\nuser look\nuser check\nend one\nend two",
        "in > split > look > one; split > check > two",
    )
    simulated = drawn(f"start s\n{inner}\nuser last\nend e", "s > work > last > e")
    simulated.move_token("1", "work", to="last")
    assert open_tasks(simulated) == ["last"]


def test_an_item_is_moved_inside_itself_only() -> None:
    inner = sub(
        "work",
        "start in\nuser look\nuser check\nend out",
        "in > look > check > out",
        SEVERAL,
    )
    simulated = drawn(f"start s\n{inner}\nuser last\nend e", "s > work > last > e")
    token = next(place.token for place in simulated.places("1") if place.element_id == "look")
    assert "one of several items" in refused(simulated, token, "last")
    simulated.move_token("1", token, to="check")
    assert open_tasks(simulated) == ["look", "check"]


def test_a_place_that_is_there_twice_is_named_by_its_token() -> None:
    simulated = drawn(f"start s\nuser ask {{ {SEVERAL} }}\nuser last\nend e", "s > ask > last > e")
    assert "several times" in refused(simulated, "ask", "last")
    holder = simulated.places("1")[0]
    simulated.move_token("1", holder.token, to="last")
    assert open_tasks(simulated) == ["last"]


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("late", "boundary event"),
        ("join", "several ways"),
        ("nowhere", "no “nowhere”"),
        ("heard", "own event"),
        ("told", "own event"),
        ("note", "own event"),
        ("item", "several times"),
    ],
)
def test_some_elements_are_no_target(target: str, why: str) -> None:
    told = event_sub("told", "start heard message=asked\nuser note", "heard > note")
    many = sub("many", "start in\nuser item\nend out", "in > item > out", SEVERAL)
    nodes = f"{WATCHED}\n{told}\n{many}\nand split\nand join"
    simulated = drawn(
        nodes,
        "s > assess > decide > split > join > many > e; split > join; late > lead",
    )
    assert why in refused(simulated, "assess", target)


def test_an_event_subprocess_that_interrupted_is_left_and_armed_again() -> None:
    told = event_sub("told", "start heard message=asked\nuser note", "heard > note")
    simulated = drawn(f"start s\nuser assess\nend e\n{told}", "s > assess > e")
    simulated.send_message("asked")
    simulated.move_token("1", "note", to="assess")
    assert (open_tasks(simulated), simulated.send_message("asked")) == (["assess"], 1)


def test_what_runs_beside_is_not_moved_into_the_main_flow() -> None:
    told = event_sub(
        "told",
        "start heard message=asked isInterrupting=false\nuser note",
        "heard > note",
    )
    simulated = drawn(f"start s\nuser assess\nend e\n{told}", "s > assess > e")
    simulated.send_message("asked")
    assert "runs beside" in refused(simulated, "note", "assess")


def test_a_called_process_is_left_by_moving_what_is_alone_in_it() -> None:
    called = process("start qs\nuser one\nuser two\nend qe", "qs > one > two > qe", "q")
    simulated = simulation(
        process("start s\ncall ask calledElement=q\nuser last\nend e", "s > ask > last > e"),
        called,
    )
    simulated.start("p")
    simulated.move_token("1", "one", to="two")
    simulated.move_token("1", "two", to="last")
    assert finish(simulated) == ["last", "e"]


def test_the_cancel_end_of_a_transaction_is_no_target() -> None:
    inner = 'start in\nuser look\nend out\nend stop cancel=""'
    booked = sub("book", inner, "in > look > out").replace("sub book", "transaction book")
    simulated = at_work(files((f"start s\n{booked}\nend e", "s > book > e")))
    assert "cancels its transaction" in refused(simulated, "look", "stop")
