"""A complex gateway goes on when its activation condition is true and starts anew when the other flows have come."""

from __future__ import annotations

from typing import Any

from engine.execution import Simulation
from tests.engine.execution.drawing import do, drawn, open_tasks

WHEN = "<activationCondition>{}</activationCondition>"


def joined(condition: str, **data: Any) -> Simulation:
    join = f"complex join {{ {WHEN.format(condition)} }}"
    return drawn(
        f"start s\nand split\nuser a\nuser b\nuser c\n{join}\nuser after\nend e",
        "s > split; split > a > join; split > b > join; split > c > join; join > after > e",
        **data,
    )


def test_two_of_three_are_enough_and_the_third_starts_nothing() -> None:
    simulated = joined("activationCount &gt;= 2")
    do(simulated, "a")
    assert open_tasks(simulated) == ["b", "c"]
    do(simulated, "b")
    assert open_tasks(simulated) == ["c", "after"]
    do(simulated, "c")
    do(simulated, "after")
    assert (simulated.running(), simulated.trace().count("after"), simulated.incidents()) == (False, 1, [])


def test_the_condition_may_read_variables() -> None:
    simulated = joined("activationCount &gt;= wanted", wanted=1)
    do(simulated, "b")
    assert "after" in open_tasks(simulated)


def test_a_condition_that_never_comes_true_is_a_deadlock_that_names_it() -> None:
    simulated = joined("activationCount &gt; 3")
    for task in ("a", "b", "c"):
        do(simulated, task)
    (incident,) = simulated.incidents()
    assert (incident.code, incident.element_id) == ("deadlock", "join")


def test_after_its_reset_it_goes_on_a_second_time() -> None:
    join = f"complex join {{ {WHEN.format('activationCount &gt;= 1')} }}"
    simulated = drawn(
        f"start s\nxor again\nand split\nuser a\nuser b\n{join}\nuser after\nend e",
        "s > again > split; split > a > join; split > b > join; join > after; after > again",
    )
    for task in ("a", "b", "after", "b", "a"):
        do(simulated, task)
    assert (open_tasks(simulated), simulated.trace().count("join")) == (["after"], 2)


def test_it_splits_like_an_inclusive_gateway() -> None:
    nodes = "start s\ncomplex split\nuser a\nuser b\nuser c"
    simulated = drawn(nodes, "s > split; split > a if n > 1; split > b if n > 2; split > c if n > 9", n=3)
    assert open_tasks(simulated) == ["a", "b"]


def test_its_ways_out_may_ask_whether_it_waits_for_its_start() -> None:
    join = f"complex join {{ {WHEN.format('activationCount &gt;= 1')} }}"
    simulated = drawn(
        f"start s\nand split\nuser a\nuser b\n{join}\nuser first\nuser rest",
        "s > split; split > a > join; split > b > join; join > first if waitingForStart; join > rest if not waitingForStart",
    )
    do(simulated, "a")
    assert open_tasks(simulated) == ["b", "first"]
    do(simulated, "b")
    assert open_tasks(simulated) == ["first", "rest"]
