"""R29: an escalation that only tells somebody is a notice; where it opens tasks, the main path ends in a terminate end event."""

from __future__ import annotations

from datetime import timedelta

from tests.engine.execution.drawing import do, drawn, open_tasks


def test_a_notice_of_an_escalation_does_not_keep_the_case_open() -> None:
    nodes = "start s\nuser work\nboundary slow attachedToRef=work cancelActivity=false after=PT1H\nsend tell mg:notify=lead mg:letter=slow\nend told\nend e"
    simulated = drawn(nodes, "s > work > e; slow > tell > told")
    simulated.advance(timedelta(hours=1))
    assert ([notice.to for notice in simulated.notices()], open_tasks(simulated)) == (["lead"], ["work"])
    do(simulated, "work")
    assert not simulated.running()


def test_a_terminate_end_takes_the_escalation_s_tasks_along() -> None:
    nodes = "start s\nuser work\nboundary slow attachedToRef=work cancelActivity=false after=PT1H\nuser lead\nend e terminate="
    simulated = drawn(nodes, "s > work > e; slow > lead")
    simulated.advance(timedelta(hours=1))
    do(simulated, "work")
    assert (open_tasks(simulated), simulated.ended("1")) == ([], "terminated")
