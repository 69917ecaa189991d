"""R7: an inclusive join fires when no token can still come to an empty flow, unless it could as well come to a filled one."""

from __future__ import annotations

import pytest

from tests.engine.execution.drawing import body, do, drawn, open_tasks

NODES = "start s\nor split\nuser a\nuser b\nor join\nuser after\nend e"
ARROWS = "s > split; split > a if x; split > b if y; a > join; b > join; join > after > e"


@pytest.mark.parametrize(("x", "y", "opened"), [(True, True, ["a", "b"]), (True, False, ["a"]), (False, True, ["b"])])
def test_it_waits_for_as_many_as_were_sent(x: bool, y: bool, opened: list[str]) -> None:
    simulated = drawn(NODES, ARROWS, x=x, y=y)
    assert open_tasks(simulated) == opened
    for element in opened:
        assert "after" not in open_tasks(simulated)
        do(simulated, element)
    assert open_tasks(simulated) == ["after"]


def test_it_waits_for_a_token_that_has_a_long_way_to_go() -> None:
    nodes = "start s\nand split\nuser quick\nuser slow\nuser slower\nor join\nuser after\nend e"
    simulated = drawn(nodes, "s > split; split > quick > join; split > slow > slower > join; join > after > e")
    for element in ("quick", "slow"):
        do(simulated, element)
        assert "after" not in open_tasks(simulated)
    do(simulated, "slower")
    assert open_tasks(simulated) == ["after"]


def test_it_fires_when_the_other_branch_can_no_longer_come() -> None:
    nodes = "start s\nand split\nuser a\nuser b\nxor way\nor join\nuser after\nend e\nuser away"
    arrows = (
        "s > split; split > a > join; split > b > way; way > join if back; way > away if not back; join > after > e"
    )
    simulated = drawn(nodes, arrows, back=False)
    do(simulated, "a")
    assert open_tasks(simulated) == ["b"]
    do(simulated, "b")
    assert sorted(open_tasks(simulated)) == ["after", "away"]


def test_a_token_that_has_a_path_to_a_filled_flow_too_does_not_block() -> None:
    nodes = "start s\nand split\nuser a\nxor back\nor join\nuser after\nxor again\nuser b\nend e"
    arrows = "s > split; split > a > back; split > b > back; back > join; join > after > again; again > e if done; again > join if not done"
    simulated = drawn(nodes, arrows, done=True)
    do(simulated, "a")
    assert sorted(open_tasks(simulated)) == ["after", "b"]


def test_a_loop_through_the_join_itself_is_no_path() -> None:
    nodes = "start s\nor join\nuser work\nxor way\nend e"
    arrows = "s > join; join > work > way; way > join if again; way > e if not again"
    simulated = drawn(nodes, arrows, again=True)
    do(simulated, "work", again=True)
    do(simulated, "work", again=False)
    assert not simulated.running()


def test_an_active_subprocess_counts_as_a_token_and_a_boundary_flow_as_a_path() -> None:
    inner = body("start s2\nuser inside\nend e2", "s2 > inside > e2")
    nodes = f"start s\nand split\nuser a\nsub box {{ {inner} }}\nboundary out attachedToRef=box message=asked\nend gone\nor join\nuser after"
    simulated = drawn(nodes, "s > split; split > a > join; split > box > gone; out > join; join > after")
    do(simulated, "a")
    assert open_tasks(simulated) == ["inside"]
    do(simulated, "inside")
    assert open_tasks(simulated) == ["after"]


def test_a_link_pair_is_a_path() -> None:
    nodes = "start s\nand split\nuser a\nuser b\nthrow jump link=x\ncatch land link=x\nor join\nuser after"
    simulated = drawn(nodes, "s > split; split > a > join; split > b > jump; land > join; join > after")
    do(simulated, "a")
    assert open_tasks(simulated) == ["b"]
    do(simulated, "b")
    assert open_tasks(simulated) == ["after"]
