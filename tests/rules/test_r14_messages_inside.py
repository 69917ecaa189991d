"""R14: catches in the same root are served before the throwing token moves on; what they interrupt does not move on."""

from __future__ import annotations

from tests.engine.execution.drawing import body, drawn, open_tasks, process, simulation


def test_a_catch_in_the_same_instance_is_served_before_the_thrower_moves_on() -> None:
    nodes = "start s\nand split\ncatch wait message=asked\nscript first do='x = 1'\nthrow tell message=asked\nscript then do='y = x'\nend e\nend f"
    simulated = drawn(nodes, "s > split; split > wait > first > e; split > tell > then > f")
    assert (simulated.variables(), simulated.running()) == ({"x": 1, "y": 1}, False)


def test_a_thrower_that_is_interrupted_does_not_move_on() -> None:
    inner = body("start s2\nthrow tell message=asked\nuser never\nend e2", "s2 > tell > never > e2")
    nodes = f"start s\nsub box {{ {inner} }}\nboundary out attachedToRef=box message=asked\nuser after"
    simulated = drawn(nodes, "s > box; out > after")
    assert (open_tasks(simulated), "tell" in simulated.trace()) == (["after"], False)


def test_a_message_to_nobody_inside_goes_outside_and_starts_a_process() -> None:
    other = process("start begin message=asked\nuser answer", "begin > answer", "other")
    simulated = simulation(process("start s\nthrow tell message=asked\nend e", "s > tell > e"), other)
    simulated.start("p")
    assert (open_tasks(simulated), simulated.running("1")) == (["answer"], False)


def test_a_signal_goes_to_everyone_who_waits_at_that_moment() -> None:
    nodes = (
        "start s\nand split\ncatch a signal=alarm\ncatch b signal=alarm\nuser x\nuser y\nthrow ring signal=alarm\nend e"
    )
    simulated = drawn(nodes, "s > split; split > a > x; split > b > y; split > ring > e")
    assert open_tasks(simulated) == ["x", "y"]


def test_a_message_beside_the_work_may_come_any_number_of_times() -> None:
    nodes = "start s\nuser work\nboundary ask attachedToRef=work cancelActivity=false message=asked mg:action=Ask\nuser expert"
    simulated = drawn(nodes, "s > work; ask > expert")
    assert simulated.tasks()[0].actions == ("Ask",)
    for _ in range(3):
        simulated.send_message("asked")
    assert open_tasks(simulated) == ["work", "expert", "expert", "expert"]


def test_an_event_subprocess_beside_the_work_is_armed_again() -> None:
    watch = body("start s3 isInterrupting=false message=asked\nuser answer\nend e3", "s3 > answer > e3")
    simulated = drawn(f"start s\nuser work\nend e\nsub watch triggeredByEvent=true {{ {watch} }}", "s > work > e")
    simulated.send_message("asked")
    simulated.send_message("asked")
    assert open_tasks(simulated) == ["work", "answer", "answer"]


def test_an_interrupting_event_subprocess_ends_all_else() -> None:
    watch = body("start s3 message=withdrawn\nuser goodbye\nend e3", "s3 > goodbye > e3")
    nodes = f"start s\nand split\nuser a\nuser b\nend e\nsub watch triggeredByEvent=true {{ {watch} }}"
    simulated = drawn(nodes, "s > split; split > a > e; split > b > e")
    simulated.send_message("withdrawn", {"reason": "sold"})
    assert (open_tasks(simulated), simulated.variables(), len(simulated.waits())) == (
        ["goodbye"],
        {"reason": "sold"},
        1,
    )


def test_an_event_gateway_takes_the_first_event_only() -> None:
    nodes = "start s\nevents choice\ncatch reply message=answered\ncatch silence after=PT1H\ncatch other message=other\nuser a\nuser b\nuser c"
    simulated = drawn(nodes, "s > choice; choice > reply > a; choice > silence > b; choice > other > c")
    simulated.send_message("answered", {"text": "yes"})
    assert (open_tasks(simulated), simulated.trace(), simulated.variables()) == (
        ["a"],
        ["s", "choice", "reply"],
        {"text": "yes"},
    )
