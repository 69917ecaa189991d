"""One suite for every runtime: the same diagrams and answers give the same traces, waits, variables and happenings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.commands.scenario import deployment_files, play_file
from engine.execution import Simulation
from engine.execution.programs import RUNTIMES
from engine.execution.runtime import (
    Cancelled,
    Entered,
    IncidentRaised,
    IncidentRetried,
    JobFailed,
    JobWait,
    MessageThrown,
    MessageWait,
    TaskCompleted,
    TaskWait,
    TimerWait,
    VariablesSet,
    WaitClosed,
)
from engine.model.errors import Conflict, Invalid
from tests.contract.runtime_bench import Starts
from tests.engine.execution.decisions.tables_in_xml import one
from tests.engine.execution.drawing import MONDAY, do, file, open_tasks, process

pytestmark = pytest.mark.contract
PROCESSES = Path(__file__).parents[2] / "processes"
STORIES = sorted(PROCESSES.glob("*/scenarios/*.toml"))


# ---- tasks, gateways, data


def test_a_way_of_tasks_is_walked_to_its_end(started: Starts) -> None:
    bench = started("start s\nuser assess\nmanual note\nuser answer\nend e", "s > assess > note > answer > e")
    bench.complete("assess", verdict="fair")
    bench.complete("answer")
    assert bench.trace == ["s", "assess", "note", "answer", "e"]
    assert (bench.ended, bench.running, bench.variables) == ("completed", False, {"verdict": "fair"})


WAYS = (
    '<sequenceFlow id="f1" sourceRef="amount" targetRef="small"/>'
    '<sequenceFlow id="f2" sourceRef="amount" targetRef="large"><conditionExpression>n &gt; 1000</conditionExpression></sequenceFlow>'
    '<sequenceFlow id="f3" sourceRef="amount" targetRef="middle"><conditionExpression>n &gt; 100</conditionExpression></sequenceFlow>'
)


@pytest.mark.parametrize(("n", "way"), [(5000, "large"), (500, "middle"), (5, "small"), (None, "small")])
def test_an_exclusive_gateway_takes_the_first_true_flow_else_the_default(
    started: Starts, n: int | None, way: str
) -> None:
    nodes = "start s\nxor amount default=f1\nuser large\nuser middle\nuser small"
    assert started(nodes, "s > amount", more=WAYS, n=n).open == [way]


def test_where_no_flow_is_true_people_are_told_and_a_retry_goes_on(started: Starts) -> None:
    bench = started("start s\nxor way\nuser a\nuser b", "s > way; way > a if n > 1; way > b if n < 0", n=0)
    assert (bench.incidents, bench.open, bench.running) == (["no_flow"], [], True)
    bench.take(VariablesSet({"n": 5}))
    incident = next(each for each in bench.happened if isinstance(each, IncidentRaised))
    bench.take(IncidentRetried(incident.incident_id))
    assert bench.open == ["a"]


def test_a_condition_that_is_not_boolean_is_an_incident(started: Starts) -> None:
    bench = started("start s\nxor way\nuser a\nuser b", "s > way; way > a if n; way > b", n="yes")
    assert len(bench.incidents) == 1
    assert bench.open == []


def test_branches_run_side_by_side_and_are_joined(started: Starts) -> None:
    bench = started(
        "start s\nand f\nuser a\nuser b\nscript c do='x = 1'\nand j\nuser last",
        "s > f; f > a > j; f > b > j; f > c > j; j > last",
    )
    assert bench.open == ["a", "b"]
    bench.complete("b", seen=["C", "A"])
    bench.complete("a", seen=["A", "B", "C"])
    assert bench.open == ["last"]
    assert bench.trace == ["s", "f", "c", "b", "a", "j"]
    assert bench.variables == {"x": 1, "seen": ["A", "B", "C"]}, "lists are replaced, never merged"


def test_a_loop_comes_round_many_times_in_a_small_state(started: Starts) -> None:
    bench = started(
        "start s\nxor a\nscript b do='n = n + 1'\nxor c\nuser stop", "s > a > b > c; c > a if n < 200; c > stop", n=0
    )
    assert (bench.open, bench.variables) == (["stop"], {"n": 200})
    assert bench.state is not None
    assert len(bench.state) < 800


def test_a_join_that_nothing_can_fill_is_told(started: Starts) -> None:
    bench = started("start s\nxor x\nscript a\nscript b\nand j\nend e", "s > x; x > a > j; x > b > j; j > e")
    assert (bench.incidents, bench.running, bench.open) == (["deadlock"], True, [])


def test_values_keep_their_types_in_the_saved_state(started: Starts) -> None:
    bench = started("start s\nuser a\nuser b", "s > a > b", amount=Decimal("12.50"), first=MONDAY.date(), at=MONDAY)
    bench.complete("a", lines=[{"price": Decimal("0.10")}])
    assert bench.variables == {
        "amount": Decimal("12.50"),
        "first": MONDAY.date(),
        "at": MONDAY,
        "lines": [{"price": Decimal("0.10")}],
    }


def test_a_completion_may_write_declared_names_only(started: Starts) -> None:
    bench = started("start s\nuser a\nend e", "s > a > e")
    with pytest.raises(Invalid):
        bench.take(TaskCompleted(bench.at("a").id, {"grade": 1}, declared=frozenset({"verdict"})))
    assert bench.open == ["a"]


def test_facts_are_read_and_never_saved(started: Starts) -> None:
    bench = started("start s\nuser a\nxor x\nuser small\nuser large", "s > a > x; x > large if amount > 10; x > small")
    bench.facts = {"amount": 100}
    bench.complete("a")
    assert bench.open == ["large"]
    assert "amount" not in bench.variables


def test_a_task_shows_who_and_until_when(started: Starts) -> None:
    bench = started(
        'start s\nuser a mg:queue="technical" mg:role="=level" mg:assignee="owner" mg:outcomes="yes no" mg:form="f"',
        "s > a",
        level="director",
        owner="anna",
    )
    task = bench.at("a")
    assert isinstance(task, TaskWait)
    assert (task.queue, task.role, task.assignee, task.outcomes, task.form, task.process_id) == (
        "technical",
        "director",
        "anna",
        ("yes", "no"),
        "f",
        "p",
    )


def test_a_table_decides_inside_the_step(started: Starts) -> None:
    bench = started(
        'start s\nrule choose mg:decision="d"\nuser a mg:role="=level"',
        "s > choose > a",
        tables=one("UNIQUE", ["amount"], ["level"], [("<= 500", '"regional"'), ("> 500", '"director"')]),
        amount=900,
    )
    task = bench.at("a")
    assert isinstance(task, TaskWait)
    assert (task.role, bench.variables["level"]) == ("director", "director")


# ---- jobs


SERVICE = '{<extensionElements><mg:connector key="erp.warranty"><mg:input name="serial">serial</mg:input></mg:connector></extensionElements>}'


def test_a_service_ends_the_step_and_its_result_goes_on(started: Starts) -> None:
    bench = started(f"start s\nservice look {SERVICE}\nuser a", "s > look > a", serial="S-9")
    job = bench.at("look")
    assert isinstance(job, JobWait)
    assert (job.kind, job.key, dict(job.inputs)) == ("connector", "erp.warranty", {"serial": "S-9"})
    bench.done("look", {"covered": True})
    assert (bench.open, bench.variables) == (["a"], {"serial": "S-9", "covered": True})


def test_a_service_that_failed_is_an_incident_and_can_be_skipped(started: Starts) -> None:
    bench = started(f"start s\nservice look {SERVICE}\nuser a", "s > look > a", serial="S-9")
    bench.take(JobFailed(bench.at("look").id, "no answer."))
    incident = next(each for each in bench.happened if isinstance(each, IncidentRaised))
    assert (incident.message.code, bench.open) == ("job_failed", [])
    bench.take(IncidentRetried(incident.incident_id, skip=True))
    assert bench.open == ["a"]


def test_a_letter_is_a_job_and_a_message_goes_out(started: Starts) -> None:
    bench = started(
        'start s\nsend letter mg:notify="customer" mg:letter="answer"\nthrow tell message=asked\nend e',
        "s > letter > tell > e",
    )
    job = bench.at("letter")
    assert isinstance(job, JobWait)
    assert (job.kind, job.key, job.letter) == ("notify", "customer", "answer")
    bench.done("letter")
    assert [each.name for each in bench.happened if isinstance(each, MessageThrown)] == ["asked"]
    assert bench.ended == "completed"


# ---- events


def test_a_timer_and_a_message_are_waited_for(started: Starts) -> None:
    bench = started("start s\ncatch pause after=PT1H\ncatch reply message=answered\nend e", "s > pause > reply > e")
    timer = bench.at("pause")
    assert isinstance(timer, TimerWait)
    assert timer.due == MONDAY + timedelta(hours=1)
    bench.fire("pause")
    assert isinstance(bench.at("reply"), MessageWait)
    bench.receive("reply", text="Photo attached")
    assert (bench.trace, bench.variables) == (["s", "pause", "reply", "e"], {"text": "Photo attached"})


def test_an_interrupting_boundary_timer_takes_the_task_away(started: Starts) -> None:
    bench = started(
        "start s\nuser a\nboundary late attachedToRef=a after=P2D\nuser lead\nend e", "s > a > e; late > lead > e"
    )
    bench.fire("late")
    assert bench.open == ["lead"]
    closed = {each.element_id: each.how for each in bench.happened if isinstance(each, WaitClosed)}
    assert closed == {"late": "fired", "a": "interrupted"}
    bench.complete("lead")
    assert bench.trace == ["s", "late", "lead", "e"]


def test_a_boundary_event_is_over_with_its_task(started: Starts) -> None:
    bench = started(
        "start s\nuser a\nboundary late attachedToRef=a after=P2D\nuser lead\nuser b", "s > a > b; late > lead"
    )
    bench.complete("a")
    assert bench.open == ["b"]


def test_a_reminder_beside_the_work_outlives_it(started: Starts) -> None:
    bench = started(
        "start s\nuser a\nboundary remind attachedToRef=a cancelActivity=false after=P2D\nuser nudge\nend e\nend n",
        "s > a > e; remind > nudge > n",
    )
    bench.fire("remind")
    assert bench.open == ["a", "nudge"]
    bench.complete("a")
    assert (bench.open, bench.running) == (["nudge"], True)
    bench.complete("nudge")
    assert bench.ended == "completed"


def test_a_repeated_reminder_comes_again_and_its_tasks_stay(started: Starts) -> None:
    bench = started(
        "start s\nuser a\nboundary remind attachedToRef=a cancelActivity=false every=R3/P1D\nuser nudge\nend e",
        "s > a > e; remind > nudge",
    )
    for day in (1, 2, 3):
        bench.fire("remind", MONDAY + timedelta(days=day))
    assert bench.open == ["a", "nudge", "nudge", "nudge"]
    bench.complete("a")
    assert bench.open == ["nudge", "nudge", "nudge"]


def test_a_message_beside_the_work_may_come_again(started: Starts) -> None:
    bench = started(
        "start s\nuser a\nboundary asked attachedToRef=a cancelActivity=false message=asked mg:action=Ask\nuser reply\nend e",
        "s > a > e; asked > reply",
    )
    button = bench.at("asked")
    assert isinstance(button, MessageWait)
    assert (button.action, button.task_wait) == ("Ask", bench.at("a").id)
    bench.receive("asked")
    bench.receive("asked")
    assert bench.open == ["a", "asked", "reply", "reply"]


def test_a_threshold_is_left_to_the_host(started: Starts) -> None:
    bench = started("start s\nuser a\nboundary half attachedToRef=a clock=50%\nuser lead", "s > a; half > lead")
    timer = bench.at("half")
    assert isinstance(timer, TimerWait)
    assert timer.threshold is not None
    assert (timer.threshold.clock, timer.threshold.at, timer.due) == ("contract", "50%", None)


def test_a_wait_that_is_over_refuses_what_comes_late(started: Starts) -> None:
    bench = started("start s\nuser a\nboundary late attachedToRef=a after=P2D\nuser b", "s > a > b; late > b")
    task = bench.at("a").id
    bench.fire("late")
    with pytest.raises(Conflict):
        bench.take(TaskCompleted(task))


# ---- subprocesses and ends


INNER = '<subProcess id="box"><startEvent id="bs"/><userTask id="inside"/><endEvent id="be"/><sequenceFlow id="b1" sourceRef="bs" targetRef="inside"/><sequenceFlow id="b2" sourceRef="inside" targetRef="be"/></subProcess>'


def test_a_subprocess_ends_before_its_process_goes_on(started: Starts) -> None:
    bench = started("start s\nuser after\nend e", "s > box > after > e", more=INNER)
    assert bench.open == ["inside"]
    bench.complete("inside", x=1)
    assert bench.open == ["after"]
    bench.complete("after")
    assert (bench.trace, bench.ended) == (["s", "bs", "inside", "be", "box", "after", "e"], "completed")


def test_a_boundary_event_ends_a_whole_subprocess(started: Starts) -> None:
    bench = started(
        "start s\nboundary stop attachedToRef=box message=withdrawn\nuser close\nend e",
        "s > box > e; stop > close",
        more=INNER,
    )
    bench.receive("stop")
    assert (bench.open, bench.trace) == (["close"], ["s", "bs", "stop"])


def test_a_terminate_end_ends_all_branches(started: Starts) -> None:
    bench = started("start s\nand f\nuser a\nuser b\nend t terminate=1\nend e", "s > f; f > a > t; f > b > e")
    bench.complete("a")
    assert (bench.ended, bench.open, bench.running) == ("terminated", [], False)


def test_a_terminate_end_inside_ends_its_subprocess_only(started: Starts) -> None:
    inner = INNER.replace('<endEvent id="be"/>', '<endEvent id="be"><terminateEventDefinition/></endEvent>')
    bench = started("start s\nuser after", "s > box > after", more=inner)
    bench.complete("inside")
    assert bench.open == ["after"]


def test_a_cancelled_instance_takes_nothing_more(started: Starts) -> None:
    bench = started("start s\nuser a\nend e", "s > a > e")
    bench.take(Cancelled("withdrawn"))
    assert (bench.ended, bench.open, bench.running) == ("cancelled", [], False)
    with pytest.raises(Conflict):
        bench.take(VariablesSet({"x": 1}))


def test_stages_are_told_on_entering(started: Starts) -> None:
    bench = started("start s\nuser a mg:stage=assessed", "s > a")
    assert [each.stage for each in bench.happened if isinstance(each, Entered)] == ["", "assessed"]


# ---- whole processes


@pytest.mark.parametrize("runtime", sorted(RUNTIMES))
@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_a_shipped_process_ends_as_its_stories_say(story: Path, runtime: str) -> None:
    files = deployment_files(story.parent.parent)
    assert play_file(story.read_bytes(), story.name, files, runtime=runtime).differences == ()


@pytest.mark.parametrize("runtime", sorted(RUNTIMES))
def test_a_saved_simulation_goes_on_where_it_was(runtime: str) -> None:
    files = {"p.bpmn": file(process("start s\nuser a\nuser b\nend e", "s > a > b > e"))}
    simulated = Simulation.load(files, now=MONDAY, runtime=runtime)
    simulated.start("p")
    restored = Simulation.restore(simulated.save(), files, now=MONDAY)
    do(restored, "a")
    assert open_tasks(restored) == ["b"]
