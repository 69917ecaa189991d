"""R8: an instance completes when no token is left; tokens that nothing can ever move are an incident that names the join."""

from __future__ import annotations

from tests.engine.execution.drawing import body, do, drawn, open_tasks


def test_an_instance_completes_when_its_last_token_ends() -> None:
    simulated = drawn("start s\nand split\nuser a\nuser b\nend e\nend f", "s > split; split > a > e; split > b > f")
    do(simulated, "a")
    assert simulated.running()
    do(simulated, "b")
    assert (simulated.running(), simulated.ended("1")) == (False, "completed")


def test_a_join_that_can_never_be_filled_is_a_deadlock() -> None:
    nodes = "start s\nxor way\nmanual a\nmanual b\nand join\nend e"
    simulated = drawn(nodes, "s > way; way > a if n > 1; way > b if n <= 1; a > join; b > join; join > e", n=5)
    assert [(i.element_id, i.code) for i in simulated.incidents()] == [("join", "deadlock")]
    assert simulated.running()


def test_a_join_with_hope_is_no_deadlock() -> None:
    nodes = "start s\nand split\nmanual a\nuser b\nand join\nend e"
    simulated = drawn(nodes, "s > split; split > a > join; split > b > join; join > e")
    assert simulated.incidents() == []
    do(simulated, "b")
    assert not simulated.running()


def test_two_joins_that_wait_for_each_other_are_both_dead() -> None:
    nodes = "start s\nand split\nand one\nand two\nend e\nend f"
    arrows = "s > split; split > one; split > two; one > two; two > one; one > e; two > f"
    assert [i.element_id for i in drawn(nodes, arrows).incidents()] == ["one", "two"]


def test_an_activity_without_outgoing_flow_ends_its_branch() -> None:
    simulated = drawn("start s\nuser a", "s > a")
    do(simulated, "a")
    assert not simulated.running()


def test_terminate_ends_everything_in_its_scope_only() -> None:
    inner = body("start s2\nand split\nuser x\nend stop terminate=", "s2 > split; split > x; split > stop")
    simulated = drawn(f"start s\nsub box {{ {inner} }}\nuser after\nend e", "s > box > after > e")
    assert open_tasks(simulated) == ["after"]


def test_a_body_without_a_start_event_starts_where_nothing_leads_to() -> None:
    assert sorted(open_tasks(drawn("user a\nuser b\nuser c", "a > c"))) == ["a", "b"]


def test_an_activity_may_need_several_tokens_and_send_several() -> None:
    nodes = (
        "start s\nmanual a completionQuantity=3\nscript b startQuantity=2 do='n = (0 if n == None else n) + 1'\nend e"
    )
    simulated = drawn(nodes, "s > a > b > e")
    assert (simulated.variables(), [(i.element_id, i.code) for i in simulated.incidents()]) == (
        {"n": 1},
        [("b", "deadlock")],
    )
