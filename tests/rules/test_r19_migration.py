"""R19: a running case moves to a changed diagram where all that it stands on has a place there; else it stays, with the reasons."""

from __future__ import annotations

from datetime import timedelta

from engine.execution import Simulation
from tests.engine.execution.drawing import MONDAY, do, node, open_tasks, process
from tests.engine.execution.operations.moved import at_work, event_sub, files, finish, reasons, sub

ASSESS = files(("start s\nuser assess\nend e", "s > assess > e"))
LONGER = files(("start s\nuser assess\nuser second\nend e", "s > assess > second > e"))
WATCHED = files(
    (
        "start s\nuser assess\nboundary late attachedToRef=assess after=PT1H\nuser lead\nend e",
        "s > assess > e; late > lead",
    )
)
SPLIT = "start s\nand split\nuser call\nuser write\nand join\nuser close\nend e"
BRANCHES = files((SPLIT, "s > split > call > join > close > e; split > write > join"))
SEVERAL = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"


def test_a_moved_case_goes_on_by_the_new_diagram_with_its_values() -> None:
    simulated = at_work(ASSESS, n=1)
    report = simulated.migrate(LONGER)
    do(simulated, "assess")
    assert (report.moved, open_tasks(simulated), simulated.variables()) == (["1"], ["second"], {"n": 1})


def test_a_dry_run_says_the_same_and_moves_nothing() -> None:
    simulated = at_work(ASSESS)
    told = simulated.migrate(LONGER, dry_run=True)
    do(simulated, "assess")
    assert (told.moved, told.blocked, simulated.running()) == (["1"], {}, False)
    assert told.changes == {"1": ["The task “assess” stays as it is."]}


def test_an_element_that_is_gone_blocks_until_it_is_mapped() -> None:
    simulated = at_work(ASSESS)
    renamed = files(("start s\nuser examine\nend e", "s > examine > e"))
    assert "“assess”" in reasons(simulated.migrate(renamed))
    assert simulated.migrate(renamed, {"assess": "examine"}).moved == ["1"]
    assert open_tasks(simulated) == ["examine"]


def test_an_element_takes_no_place_of_another_kind() -> None:
    simulated = at_work(ASSESS)
    message = files(("start s\ncatch assess message=asked\nend e", "s > assess > e"))
    assert "another kind" in reasons(simulated.migrate(message))


def test_one_blocked_case_does_not_hold_the_others() -> None:
    simulated = at_work(files(("start s\nuser first\nuser last\nend e", "s > first > last > e")))
    simulated.start("p")
    do(simulated, "first")
    report = simulated.migrate(files(("start s\nuser last\nend e", "s > last > e")))
    assert (report.moved, list(report.blocked)) == (["1"], ["2"])
    assert open_tasks(simulated) == ["last", "first"]


def test_a_blocked_case_ends_on_the_version_that_it_is_on() -> None:
    simulated = at_work(files(("start s\nuser first\nuser last\nend e", "s > first > last > e")))
    simulated.migrate(ASSESS)
    assert finish(simulated) == ["first", "last", "e"]


def test_new_boundary_events_are_armed_from_the_migration() -> None:
    simulated = at_work(ASSESS)
    simulated.advance(timedelta(hours=5))
    simulated.migrate(WATCHED)
    assert [wait.due for wait in simulated.waits() if wait.kind == "timer"] == [MONDAY + timedelta(hours=6)]
    simulated.advance(timedelta(hours=1))
    assert open_tasks(simulated) == ["lead"]


def test_removed_boundary_events_are_cancelled() -> None:
    simulated = at_work(WATCHED)
    simulated.migrate(ASSESS)
    simulated.advance(timedelta(hours=2))
    assert open_tasks(simulated) == ["assess"]


def test_a_timer_keeps_its_due_whatever_the_new_version_says() -> None:
    simulated = at_work(WATCHED)
    nodes = "start s\nuser assess\nboundary late attachedToRef=assess after=PT9H\nuser lead\nend e"
    simulated.migrate(files((nodes, "s > assess > e; late > lead")))
    simulated.advance(timedelta(hours=1))
    assert open_tasks(simulated) == ["lead"]


def test_a_reminder_that_has_fired_is_not_armed_again() -> None:
    nodes = "start s\nuser assess\nboundary late attachedToRef=assess after=PT1H cancelActivity=false\nuser lead\nend e"
    simulated = at_work(files((nodes, "s > assess > e; late > lead")))
    simulated.advance(timedelta(hours=1))
    simulated.migrate(files((nodes + "\nuser more", "s > assess > more > e; late > lead")))
    assert [wait.element_id for wait in simulated.waits()] == ["assess", "lead"]


def test_a_renamed_message_is_subscribed_again_with_its_key() -> None:
    def version(message: str) -> dict[str, bytes]:
        drawn = files((f"start s\ncatch reply message={message}\nend e", "s > reply > e"))["p.bpmn"].decode()
        key = '<extensionElements><zeebe:subscription correlationKey="=number"/></extensionElements>'
        plain = f'<message id="{message}_m" name="{message}"/>'
        return {"p.bpmn": drawn.replace(plain, plain.replace("/>", f">{key}</message>")).encode()}

    simulated = at_work(version("asked"), number=1)
    simulated.set_variables({"number": 2})
    simulated.migrate(version("answered"))
    assert [wait.name for wait in simulated.waits()] == ["answered"]
    assert simulated.send_message("answered", correlation={"correlationKey": 2}) == 0
    assert (simulated.send_message("answered", correlation={"correlationKey": 1}), simulated.running()) == (1, False)


def test_a_half_filled_join_blocks_until_it_is_mapped() -> None:
    simulated = at_work(BRANCHES, "call")
    renamed = files(
        (SPLIT.replace("and join", "and both"), "s > split > call > both > close > e; split > write > both")
    )
    assert "join" in reasons(simulated.migrate(renamed))
    assert simulated.migrate(renamed, {"join": "both"}).moved == ["1"]
    assert finish(simulated) == ["write", "both", "close", "e"]


def test_a_half_filled_join_blocks_where_a_way_is_new_that_nobody_goes() -> None:
    simulated = at_work(BRANCHES, "call")
    wider = files(
        (f"{SPLIT}\nuser ask", "s > split > call > join > close > e; split > write > join; split > ask > join")
    )
    assert "“join”" in reasons(simulated.migrate(wider))


def test_a_half_filled_join_goes_along_where_its_ways_are_the_same() -> None:
    simulated = at_work(BRANCHES, "call")
    longer = files((f"{SPLIT}\nuser read", "s > split > call > join > close > e; split > write > read > join"))
    assert simulated.migrate(longer).moved == ["1"]
    assert finish(simulated) == ["write", "read", "join", "close", "e"]


def test_a_new_subprocess_is_begun_around_what_is_open() -> None:
    inner = sub("work", "start in\nuser assess\nend out", "in > assess > out")
    watched = f"start s\n{inner}\nboundary late attachedToRef=work after=PT1H\nuser lead\nend e"
    simulated = at_work(ASSESS)
    assert simulated.migrate(files((watched, "s > work > e; late > lead"))).moved == ["1"]
    simulated.advance(timedelta(hours=1))
    assert open_tasks(simulated) == ["lead"]


def test_parallel_tasks_enter_one_subprocess_together() -> None:
    inner = sub(
        "both",
        "start in\nand split\nuser call\nuser write\nand join\nend out",
        "in > split > call > join > out; split > write > join",
    )
    simulated = at_work(BRANCHES)
    assert simulated.migrate(files((f"start s\n{inner}\nuser close\nend e", "s > both > close > e"))).moved == ["1"]
    assert finish(simulated) == ["call", "write", "join", "out", "both", "close", "e"]


def test_a_subprocess_is_not_left() -> None:
    inner = sub("work", "start in\nuser assess\nend out", "in > assess > out")
    simulated = at_work(files((f"start s\n{inner}\nend e", "s > work > e")))
    beside = sub("work", "start in\nend out", "in > out")
    outside = files((f"start s\n{beside}\nuser assess\nend e", "s > work > assess > e"))
    assert "not left" in reasons(simulated.migrate(outside))


def test_the_items_of_a_multi_instance_activity_go_on() -> None:
    simulated = at_work(files((f"start s\nuser ask {{ {SEVERAL} }}\nend e", "s > ask > e")), "ask")
    simulated.migrate(files((f"start s\nuser ask {{ {SEVERAL} }}\nuser sum\nend e", "s > ask > sum > e")))
    assert finish(simulated) == ["ask", "ask", "sum", "e"]


def test_what_is_done_once_does_not_become_several() -> None:
    simulated = at_work(ASSESS)
    several = files((f"start s\nuser assess {{ {SEVERAL} }}\nend e", "s > assess > e"))
    assert "several times" in reasons(simulated.migrate(several))


def test_a_called_process_goes_on_in_its_new_version() -> None:
    call = ("start s\ncall ask calledElement=q\nend e", "s > ask > e")
    simulated = at_work(files(call, process("start qs\nuser one\nend qe", "qs > one > qe", "q")))
    longer = process("start qs\nuser one\nuser two\nend qe", "qs > one > two > qe", "q")
    assert simulated.migrate(files(call, longer)).moved == ["1"]
    assert finish(simulated) == ["one", "two", "qe", "ask", "e"]


def test_another_called_process_blocks_until_it_is_mapped() -> None:
    simulated = at_work(
        files(
            ("start s\ncall ask calledElement=q\nend e", "s > ask > e"),
            process("start qs\nuser one\nend qe", "qs > one > qe", "q"),
        )
    )
    other = files(
        ("start s\ncall ask calledElement=r\nend e", "s > ask > e"),
        process("start qs\nuser one\nend qe", "qs > one > qe", "r"),
    )
    assert "“q”" in reasons(simulated.migrate(other))
    assert simulated.migrate(other, {"q": "r"}).moved == ["1"]


def test_the_triggers_of_a_new_event_subprocess_are_armed() -> None:
    told = event_sub("told", "start heard message=asked isInterrupting=false\nuser note\nend n", "heard > note > n")
    simulated = at_work(ASSESS)
    simulated.migrate(files((f"start s\nuser assess\nend e\n{told}", "s > assess > e")))
    assert simulated.send_message("asked") == 1
    assert open_tasks(simulated) == ["assess", "note"]


def test_a_condition_that_is_new_and_true_fires_at_once() -> None:
    alarm = event_sub("alarm", "start rings when='n > 0'\nuser look\nend n", "rings > look > n")
    simulated = at_work(ASSESS, n=1)
    simulated.migrate(files((f"start s\nuser assess\nend e\n{alarm}", "s > assess > e")))
    assert open_tasks(simulated) == ["look"]


def test_what_has_stopped_may_go_on_as_another_kind() -> None:
    broken = files(("start s\nscript work do='x = 1 + name'\nend e", "s > work > e"))
    simulated = at_work(broken, name="Anna")
    simulated.migrate(files(("start s\nuser work\nend e", "s > work > e")))
    simulated.retry(simulated.incidents()[0])
    assert (open_tasks(simulated), simulated.incidents()) == (["work"], [])


def test_what_waits_at_a_join_for_ever_goes_on_where_it_is_said() -> None:
    nodes = "start s\nxor one\nuser call\nuser write\nand join\nuser close\nend e"
    flows = "s > one > call > join > close > e; one > write if no; write > join"
    simulated = at_work(files((nodes, flows)), "call")
    mended = files((nodes.replace("and join", "xor join"), flows))
    assert "“join”" in reasons(simulated.migrate(mended))
    assert simulated.migrate(mended, {"join": "join"}).moved == ["1"]
    assert (open_tasks(simulated), simulated.incidents()) == (["close"], [])


def test_an_event_subprocess_at_work_goes_on() -> None:
    def version(*tasks: str) -> dict[str, bytes]:
        nodes = "\n".join(["start heard message=asked", *(f"user {task}" for task in tasks), "end n"])
        told = event_sub("told", nodes, f"heard > {' > '.join(tasks)} > n")
        return files((f"start s\nuser assess\nend e\n{told}", "s > assess > e"))

    simulated = at_work(version("note"))
    simulated.send_message("asked")
    simulated.migrate(version("note", "answer"))
    assert finish(simulated) == ["note", "answer", "n", "told"]


def test_a_task_that_is_new_in_an_ad_hoc_subprocess_is_offered() -> None:
    def version(*tasks: str) -> dict[str, bytes]:
        inner = "".join(node(f"user {task}") for task in tasks)
        return files((f"start s\nadhoc some {{ {inner} }}\nend e", "s > some > e"))

    simulated = at_work(version("call", "write"), "call")
    simulated.migrate(version("call", "write", "visit"))
    assert finish(simulated) == ["write", "visit", "some", "e"]


def test_compensation_goes_along_as_long_as_the_new_version_has_it() -> None:
    nodes = 'start s\nuser book\nboundary gone attachedToRef=book undo=""\nuser unbook isForCompensation=true\nuser pay\nend e undo=""'
    line = '<association id="as" sourceRef="gone" targetRef="unbook" associationDirection="One"/>'
    booked = files(process(nodes, "s > book > pay > e", more=line))
    longer = files(process(f"{nodes}\nuser later", "s > book > pay > later > e", more=line))
    simulated = at_work(booked, "book")
    simulated.migrate(longer)
    assert finish(simulated) == ["pay", "later", "unbook", "e"]
    plain = at_work(booked, "book")
    told = plain.migrate(files(("start s\nuser book\nuser pay\nend e", "s > book > pay > e"))).changes["1"]
    assert any("can no longer be made undone" in sentence for sentence in told)


def test_a_changed_threshold_follows_its_clock() -> None:
    def version(at: str) -> dict[str, bytes]:
        nodes = f"start s\nuser assess\nboundary near attachedToRef=assess clock={at} cancelActivity=false\nuser lead\nend e"
        return files((nodes, "s > assess > e; near > lead"))

    simulated = Simulation.load(version("50%"), now=MONDAY)
    simulated.start("p", clocks={"contract": "PT10H"})
    simulated.migrate(version("80%"))
    assert [wait.due for wait in simulated.waits() if wait.kind == "timer"] == [MONDAY + timedelta(hours=8)]


def test_performers_are_worked_out_again_unless_the_task_has_its_own() -> None:
    def version(who: str, groups: str) -> dict[str, bytes]:
        nodes = f"start s\nand split\nuser own camunda:assignee={who}\nuser free camunda:candidateGroups={groups}\nend e\nend f"
        return files((nodes, "s > split > own > e; split > free > f"))

    simulated = at_work(version("anna", "clerks"))
    simulated.migrate(version("ben", "experts"))
    own, free = simulated.tasks()
    assert (own.assignee, free.candidate_groups) == ("anna", ("experts",))


def test_only_the_newest_versions_start_timers_are_armed() -> None:
    def version(hours: int, task: str) -> dict[str, bytes]:
        return files((f"start s every=R/PT{hours}H\nuser {task}\nend e", f"s > {task} > e"))

    simulated = at_work(version(1, "old"))
    simulated.migrate(files(("start other every=R/PT2H\nuser fresh\nend e", "other > fresh > e")))
    simulated.advance(timedelta(hours=2))
    assert open_tasks(simulated) == ["old", "fresh"]


def test_everything_survives_saving_after_a_move_of_some() -> None:
    simulated = at_work(files(("start s\nuser first\nuser last\nend e", "s > first > last > e")))
    simulated.start("p")
    do(simulated, "first")
    newer = files(("start s\nuser last\nuser more\nend e", "s > last > more > e"))
    simulated.migrate(newer)
    restored = Simulation.restore(simulated.save(), newer, now=MONDAY)
    finish(restored)
    assert restored.trace("1") == ["s", "first", "last", "more", "e"]
    assert restored.trace("2") == ["s", "first", "last", "e"]


def test_spiff_instances_end_on_the_version_that_they_started_on() -> None:
    simulated = Simulation.load(ASSESS, now=MONDAY, runtime="spiff")
    simulated.start("p")
    assert "SpiffWorkflow" in reasons(simulated.migrate(LONGER))
