"""R20: performers and priority are worked out when a task opens; a failed task raises an error; manual tasks pass through."""

from __future__ import annotations

from tests.engine.execution.drawing import drawn, open_tasks, process, simulation


def test_a_task_says_who_and_how_urgent() -> None:
    task = "user work mg:assignee=owner camunda:candidateGroups=\"desk,experts\" mg:priority='level + 1' mg:queue=technical mg:form=work"
    (open_task,) = drawn(f"start s\n{task}", "s > work", owner="anna", level=2).tasks()
    assert (open_task.assignee, open_task.candidate_groups, open_task.priority) == ("anna", ("desk", "experts"), 3)
    assert (open_task.queue, open_task.form) == ("technical", "work")


def test_a_queue_may_be_computed() -> None:
    assert drawn("start s\nuser work mg:queue='=queue'", "s > work", queue="fraud").tasks()[0].queue == "fraud"


def test_a_failed_task_raises_an_error_that_the_diagram_may_catch() -> None:
    simulated = drawn("start s\nuser work\nboundary no attachedToRef=work error=broken\nuser fix", "s > work; no > fix")
    simulated.fail(simulated.tasks()[0].id, "broken", {"why": "no parts"})
    assert (open_tasks(simulated), simulated.variables()) == (["fix"], {"why": "no parts"})


def test_a_failure_that_nothing_catches_opens_the_task_again_on_retry() -> None:
    simulated = drawn("start s\nuser work\nend e", "s > work > e")
    simulated.fail(simulated.tasks()[0].id, "torn")
    assert open_tasks(simulated) == []
    simulated.retry(simulated.incidents()[0])
    assert open_tasks(simulated) == ["work"]


def test_a_task_that_is_left_out_goes_on_without_output_and_is_not_done() -> None:
    simulated = drawn("start s\nuser work\nuser more\nend e", "s > work > more > e")
    simulated.skip(simulated.tasks()[0].id)
    assert (open_tasks(simulated), simulated.trace(), simulated.variables()) == (["more"], ["s"], {})


def test_manual_and_abstract_tasks_pass_through() -> None:
    assert drawn("start s\nmanual a\ntask b\nend e", "s > a > b > e").trace() == ["s", "a", "b", "e"]


def test_a_notice_completes_by_itself_and_is_recorded() -> None:
    simulated = simulation(process("start s\nsend tell mg:notify=customer mg:letter=answer\nend e", "s > tell > e"))
    simulated.start("p")
    assert [(n.letter, n.to, n.element_id) for n in simulated.notices()] == [("answer", "customer", "tell")]
    assert not simulated.running()
