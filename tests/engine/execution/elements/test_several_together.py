"""An event with parallelMultiple fires when all that it waits for has come, wherever it stands."""

from __future__ import annotations

from datetime import timedelta

from tests.engine.execution.drawing import body, drawn, open_tasks, process, simulation

BOTH = "parallelMultiple=true message=asked signal=alarm"


def test_at_a_boundary_the_activity_is_interrupted_by_the_last_of_them() -> None:
    simulated = drawn(
        f"start s\nuser work\nboundary both attachedToRef=work {BOTH}\nuser late", "s > work; both > late"
    )
    simulated.send_message("asked", {"who": "Anna"})
    assert open_tasks(simulated) == ["work"]
    simulated.send_signal("alarm", {"loud": True})
    assert (open_tasks(simulated), simulated.variables()) == (["late"], {"who": "Anna", "loud": True})


def test_beside_the_activity_it_waits_for_all_of_them_again() -> None:
    boundary = f"boundary both attachedToRef=work cancelActivity=false {BOTH}"
    simulated = drawn(f"start s\nuser work\n{boundary}\nuser note", "s > work; both > note")
    for _ in range(2):
        simulated.send_signal("alarm")
        simulated.send_message("asked")
    assert open_tasks(simulated) == ["work", "note", "note"]


def test_an_event_subprocess_starts_with_the_last_of_them() -> None:
    inside = body(f"start told isInterrupting=false {BOTH}\nuser note", "told > note")
    simulated = drawn(f"start s\nuser work\nsub watch triggeredByEvent=true {{ {inside} }}", "s > work")
    simulated.send_signal("alarm")
    assert open_tasks(simulated) == ["work"]
    simulated.send_message("asked")
    assert open_tasks(simulated) == ["work", "note"]


def test_a_process_begins_with_the_first_and_goes_on_with_the_last() -> None:
    simulated = simulation(
        process("start s parallelMultiple=true message=asked message=answered\nuser work", "s > work")
    )
    simulated.send_message("answered", {"a": 1})
    assert (open_tasks(simulated), simulated.running()) == ([], True)
    simulated.send_message("asked", {"b": 2})
    assert (open_tasks(simulated), simulated.variables()) == (["work"], {"a": 1, "b": 2})


def test_a_timer_may_be_one_of_them() -> None:
    simulated = drawn(
        "start s\ncatch both parallelMultiple=true message=asked after=PT1H\nuser work", "s > both > work"
    )
    simulated.advance(timedelta(hours=2))
    assert open_tasks(simulated) == []
    simulated.send_message("asked")
    assert open_tasks(simulated) == ["work"]
