"""What a migration does with work in flight, called versions, forms and faulty mappings."""

from __future__ import annotations

import json
from datetime import timedelta

from engine.execution.compiler import ProgramCode, program_of
from engine.execution.machine import advance
from engine.execution.operations import At, Plan, migrate, plan_faults
from engine.execution.runtime import JobDone, JobWait, Start, Step
from tests.engine.execution.drawing import MONDAY, do, open_tasks, process
from tests.engine.execution.operations.moved import at_work, event_sub, files, finish, reasons, sub

AT = At(MONDAY)


def calling(key: str, more: str = "") -> ProgramCode:
    """A process that asks another system by a connector of this key."""
    service = f"service ask {{ <extensionElements><mg:connector key='{key}'/></extensionElements> }}"
    tail = f"{more} > e" if more else "e"
    return program_of(files((f"start s\n{service}\n{f'user {more}' if more else ''}\nend e", f"s > ask > {tail}")))


def asked(program: ProgramCode) -> Step:
    return advance(program, None, Start("p"), MONDAY)


def test_a_job_in_flight_goes_along_where_the_new_version_does_the_same() -> None:
    old, new = calling("http"), calling("http", "read")
    there = migrate(old, asked(old).state, Plan(new), at=AT).step
    assert there is not None
    (job,) = there.waits
    assert isinstance(job, JobWait)
    assert [wait.element_id for wait in advance(new, there.state, JobDone(job.id), MONDAY).waits] == ["read"]


def test_a_job_in_flight_blocks_where_the_new_version_asks_another_until_it_is_mapped() -> None:
    old, new = calling("http"), calling("mail")
    blocked = migrate(old, asked(old).state, Plan(new), at=AT)
    assert (blocked.blocked, blocked.problems[0].code) == (True, "migrate_job")
    assert not migrate(old, asked(old).state, Plan(new, {"ask": "ask"}), at=AT).blocked


def test_an_instance_in_the_middle_of_a_long_step_stays_for_the_moment() -> None:
    scripts = [f"t{number}" for number in range(1_200)]
    nodes = "\n".join(["start s", "end e", *(f"task {name}" for name in scripts)])
    program = program_of(files((nodes, f"s > {' > '.join(scripts)} > e")))
    step = asked(program)
    assert json.loads(step.state)["queue"]
    found = migrate(program, step.state, Plan(program), at=AT)
    assert [problem.code for problem in found.problems] == ["instance_moving"]


def test_a_mapping_names_what_is_there() -> None:
    old, new = calling("http"), calling("http", "read")
    faults = plan_faults(old, Plan(new, {"ask": "read", "nowhere": "read", "e": "gone", "p": "p"}))
    assert [fault.code for fault in faults] == ["mapping_left", "mapping_right"]


def test_what_was_called_in_another_version_is_finished_there() -> None:
    def version(bound: str, *tasks: str) -> dict[str, bytes]:
        nodes = "\n".join(["start qs", "end qe", *(f"user {task}" for task in tasks)])
        called = process(nodes, f"qs > {' > '.join(tasks)} > qe", "q")
        main = ("start s\nuser first\ncall ask calledElement=q" + f" mg:binding={bound}\nend e", "s > first > ask > e")
        return files(main, called)

    simulated = at_work(version("latest", "one"))
    second = version("latest", "one", "two")
    simulated.migrate({"p.bpmn": second["p.bpmn"].replace(b'"first"', b'"other"')})
    do(simulated, "first")
    third = version("latest", "three")
    assert simulated.migrate(third, {"first": "first"}).moved == ["1"]
    assert finish(simulated) == ["one", "two", "qe", "ask", "e"]


def test_a_changed_form_asks_its_own_fields_and_a_case_that_stays_keeps_the_old_one() -> None:
    def version(field: str, task: str) -> dict[str, bytes]:
        form = {"title": {"en": "Assess"}, "schema": {"type": "object", "properties": {field: {"type": "string"}}}}
        drawn = files((f"start s\nuser {task} mg:form=assess\nend e", f"s > {task} > e"))
        return {**drawn, "assess.json": json.dumps(form).encode()}

    moved, stays = at_work(version("cause", "assess")), at_work(version("cause", "assess"))
    moved.migrate(version("reason", "assess"))
    stays.migrate(version("reason", "examine"))
    do(moved, "assess", reason="hail")
    do(stays, "assess", cause="hail")
    assert (moved.variables(), stays.variables()) == ({"reason": "hail"}, {"cause": "hail"})


def test_what_is_inside_enters_a_subprocess_that_is_at_work() -> None:
    def inner(*tasks: str) -> str:
        return sub("work", "\n".join(["start in", *(f"user {task}" for task in tasks)]), f"in > {tasks[0]}")

    old = files(
        (f"start s\nand split\n{inner('look')}\nuser call\nend e\nend f", "s > split > work > e; split > call > f")
    )
    within = sub("work", "start in\nand part\nuser look\nuser call", "in > part > look; part > call")
    simulated = at_work(old)
    assert simulated.migrate(files((f"start s\n{within}\nend e", "s > work > e"))).moved == ["1"]
    assert finish(simulated) == ["look", "call", "work", "e"]


def test_what_is_open_does_not_enter_an_event_subprocess_or_several_items() -> None:
    plain = files(("start s\nuser assess\nend e", "s > assess > e"))
    told = event_sub("told", "start heard message=asked\nuser assess", "heard > assess")
    several = (
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    many = sub("many", "start in\nuser assess", "in > assess", several)
    for nodes, flows in ((f"start s\ntask t\nend e\n{told}", "s > t > e"), (f"start s\n{many}\nend e", "s > many > e")):
        assert "cannot be begun in its middle" in reasons(at_work(plain).migrate(files((nodes, flows))))


def test_inputs_of_a_new_subprocess_are_worked_out_when_it_is_begun() -> None:
    given = '<extensionElements><mg:input name="n">n + 1</mg:input></extensionElements>'
    inner = sub("work", "start in\nuser look\nuser check", "in > look > check").replace("{ ", f"{{ {given}", 1)
    simulated = at_work(files(("start s\nuser look\nend e", "s > look > e")), n=1)
    simulated.migrate(files((f"start s\n{inner}\nend e", "s > work > e")))
    assert [dict(level.variables) for level in simulated.levels("1")] == [{"n": 1}, {"n": 2}]


def test_a_suspended_case_that_moves_gets_its_new_timer_when_it_is_resumed() -> None:
    simulated = at_work(files(("start s\nuser assess\nend e", "s > assess > e")))
    simulated.suspend("1")
    nodes = "start s\nuser assess\nboundary late attachedToRef=assess after=PT1H\nuser lead\nend e"
    simulated.migrate(files((nodes, "s > assess > e; late > lead")))
    simulated.advance(timedelta(hours=2))
    simulated.resume("1")
    assert open_tasks(simulated) == ["lead"]


def test_an_element_without_an_id_is_known_by_its_name_too() -> None:
    def version(*names: str) -> dict[str, bytes]:
        tasks = "".join(f'<userTask name="{name}"/>' for name in names)
        return files(f'<process id="p" isExecutable="true"><subProcess id="all">{tasks}</subProcess></process>')

    simulated = at_work(version("Call"))
    assert simulated.migrate(version("Call", "Write"), dry_run=True).moved == ["1"]
    assert "“Call”" in reasons(simulated.migrate(version("Write", "Call")))
