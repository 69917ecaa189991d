"""Events of subprocesses, calls and repeated activities are caught where BPMN says: inside first, then at the boundary, then further out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.execution.compiler import program_of
from engine.execution.programs import runtime_named
from engine.execution.runtime import MessageWait, Start, WaitOpened
from tests.engine.execution.drawing import body, do, drawn, file, open_tasks, process, simulation

TWO = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
ROW = TWO.replace("Characteristics>", 'Characteristics isSequential="true">', 1)
HOUR = timedelta(hours=1)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def box(node_id: str, nodes: str, arrows: str, *, more: str = "", attributes: str = "") -> str:
    """A subprocess on one line; `more` is XML beside its nodes."""
    return f"sub {node_id} {attributes} {{ {body(nodes, arrows)}{more} }}"


def watch(node_id: str, trigger: str, task: str, *, beside: bool = False, end: str = "") -> str:
    """An event subprocess as XML, with one task and an end."""
    interrupting = "false" if beside else "true"
    inner = body(
        f"start {node_id}_s isInterrupting={interrupting} {trigger}\nuser {task}\nend {node_id}_e {end}",
        f"{node_id}_s > {task} > {node_id}_e",
    )
    return f'<subProcess id="{node_id}" triggeredByEvent="true">{inner}</subProcess>'


def test_an_error_from_one_item_is_caught_at_the_boundary_of_the_whole_body() -> None:
    inside = box(
        "each",
        "start i\nuser try\nxor ok\nend torn error=broken\nend fine",
        "i > try > ok > torn if bad == True; ok > fine if bad != True",
        more=TWO,
    )
    simulated = drawn(
        f"start s\n{inside}\nboundary caught attachedToRef=each error=broken\nuser repair\nend e",
        "s > each > e; caught > repair",
    )
    do(simulated, "try", bad=True)
    assert (open_tasks(simulated), simulated.running()) == (["repair"], True)


def test_an_event_subprocess_inside_each_item_catches_the_error_of_its_own_item_only() -> None:
    inside = box(
        "each",
        "start i\nuser try\nend torn error=broken",
        "i > try > torn",
        more=watch("heal", "error=broken", "mend") + TWO,
    )
    simulated = drawn(f"start s\n{inside}\nend e", "s > each > e")
    do(simulated, "try")
    assert sorted(open_tasks(simulated)) == ["mend", "try"]
    do(simulated, "mend")
    assert (open_tasks(simulated), simulated.running()) == (["try"], True)


def test_an_event_subprocess_in_an_event_subprocess_watches_only_while_that_is_at_work() -> None:
    inner = watch("deeper", "signal=late", "hurry", beside=True)
    outer = (
        '<subProcess id="outer" triggeredByEvent="true">'
        + body("start o isInterrupting=false signal=alarm\nuser check\nend oe", "o > check > oe")
        + inner
        + "</subProcess>"
    )
    simulated = simulation(process("start s\nuser work\nend e", "s > work > e", more=outer))
    simulated.start("p")
    simulated.send_signal("alarm")
    simulated.send_signal("late")
    assert open_tasks(simulated) == ["work", "check", "hurry"]
    do(simulated, "hurry")
    do(simulated, "check")
    assert [wait.name for wait in simulated.waits()] == ["alarm", "work"]


def test_a_signal_starts_an_event_subprocess_beside_the_work_each_time() -> None:
    simulated = simulation(
        process("start s\nuser work\nend e", "s > work > e", more=watch("w", "signal=alarm", "look", beside=True))
    )
    simulated.start("p")
    for _ in range(3):
        simulated.send_signal("alarm")
    assert open_tasks(simulated) == ["work", "look", "look", "look"]
    do(simulated, "work")
    assert (simulated.running(), open_tasks(simulated)) == (True, ["look", "look", "look"])


def test_a_message_starts_an_interrupting_event_subprocess_once() -> None:
    simulated = simulation(
        process("start s\nuser work\nend e", "s > work > e", more=watch("w", "message=asked", "answer"))
    )
    simulated.start("p")
    assert simulated.send_message("asked") == 1
    assert open_tasks(simulated) == ["answer"]
    do(simulated, "answer")
    assert (simulated.running(), simulated.trace()) == (False, ["s", "w_s", "answer", "w_e", "w"])


def test_an_error_that_an_event_subprocess_throws_on_is_caught_outside() -> None:
    inside = box(
        "work",
        "start i\nuser try\nend torn error=broken",
        "i > try > torn",
        more=watch("heal", "error=broken", "mend", end="error=torn"),
    )
    simulated = drawn(
        f"start s\n{inside}\nboundary caught attachedToRef=work error=torn\nuser repair\nend e",
        "s > work > e; caught > repair",
    )
    do(simulated, "try")
    do(simulated, "mend")
    assert open_tasks(simulated) == ["repair"]


def test_an_event_subprocess_does_not_catch_the_error_that_it_throws_itself() -> None:
    inside = box(
        "work",
        "start i\nuser try\nend torn error=broken",
        "i > try > torn",
        more=watch("heal", "error=broken", "mend", end="error=broken"),
    )
    simulated = drawn(
        f"start s\n{inside}\nboundary caught attachedToRef=work error=broken\nuser repair\nend e",
        "s > work > e; caught > repair",
    )
    do(simulated, "try")
    do(simulated, "mend")
    assert open_tasks(simulated) == ["repair"]


def test_an_escalation_from_a_called_process_in_an_item_is_caught_at_the_calls_boundary_and_the_call_goes_on() -> None:
    called = process(
        "start cs\nthrow tell escalation=up\nuser inside\nend ce", "cs > tell > inside > ce", process_id="called"
    )
    caller = process(
        f"start s\ncall many calledElement=called {{ {TWO} }}\n"
        "boundary told attachedToRef=many cancelActivity=false escalation=up\nuser note\nend e",
        "s > many > e; told > note",
    )
    simulated = simulation(caller, called)
    simulated.start("p")
    assert sorted(open_tasks(simulated)) == ["inside", "inside", "note", "note"]


def test_an_interrupting_escalation_boundary_ends_all_items_of_the_call() -> None:
    called = process(
        "start cs\nuser inside\nthrow tell escalation=up\nuser more\nend ce",
        "cs > inside > tell > more > ce",
        process_id="called",
    )
    caller = process(
        f"start s\ncall many calledElement=called {{ {TWO} }}\nboundary told attachedToRef=many escalation=up\nuser note\nend e",
        "s > many > e; told > note",
    )
    simulated = simulation(caller, called)
    simulated.start("p")
    do(simulated, "inside")
    assert open_tasks(simulated) == ["note"]


def test_an_escalation_end_ends_its_branch_and_the_subprocess_goes_on_beside_a_boundary_that_does_not_interrupt() -> (
    None
):
    inside = box(
        "work", "start i\nand both\nend told escalation=up\nuser rest\nend done", "i > both > told; both > rest > done"
    )
    simulated = drawn(
        f"start s\n{inside}\nboundary up attachedToRef=work cancelActivity=false escalation=up\nuser note\nend e",
        "s > work > e; up > note",
    )
    assert sorted(open_tasks(simulated)) == ["note", "rest"]
    do(simulated, "rest")
    assert "e" in simulated.trace()


def test_an_escalation_that_nobody_catches_changes_nothing() -> None:
    simulated = drawn("start s\nthrow up escalation=up\nuser work\nend e escalation=up", "s > up > work > e")
    do(simulated, "work")
    assert (simulated.running(), simulated.incidents(), simulated.trace()) == (False, [], ["s", "up", "work", "e"])


def test_an_escalation_event_subprocess_beside_the_work_begins_for_each_that_is_thrown() -> None:
    inside = box(
        "work",
        "start i\nthrow one escalation=up\nthrow two escalation=up\nuser rest\nend d",
        "i > one > two > rest > d",
        more=watch("w", "escalation=up", "look", beside=True),
    )
    simulated = drawn(f"start s\n{inside}\nend e", "s > work > e")
    assert sorted(open_tasks(simulated)) == ["look", "look", "rest"]


def test_a_boundary_with_the_code_comes_before_one_that_catches_all() -> None:
    inside = box("work", "start i\nend torn error=broken", "i > torn")
    simulated = drawn(
        f"start s\n{inside}\nboundary any attachedToRef=work any_error=1\nboundary exact attachedToRef=work error=broken\n"
        "user loose\nuser strict\nend e",
        "s > work > e; any > loose; exact > strict",
    )
    assert open_tasks(simulated) == ["strict"]


def test_an_error_goes_past_a_subprocess_that_catches_another_code() -> None:
    inner = body("start ii\nend torn error=broken", "ii > torn")
    middle = (
        f'<startEvent id="m"/><subProcess id="inner">{inner}</subProcess>'
        '<boundaryEvent id="wrong" attachedToRef="inner"><errorEventDefinition errorRef="torn"/></boundaryEvent><userTask id="never"/>'
        '<sequenceFlow id="m1" sourceRef="m" targetRef="inner"/><sequenceFlow id="m2" sourceRef="wrong" targetRef="never"/>'
    )
    simulated = drawn(
        f"start s\nsub outer {{ {middle} }}\nboundary right attachedToRef=outer error=broken\nuser repair\nend e",
        "s > outer > e; right > repair",
    )
    assert open_tasks(simulated) == ["repair"]


def test_a_timer_cycle_beside_a_repeated_activity_fires_for_the_body_and_not_for_each_item() -> None:
    simulated = drawn(
        f"start s\nuser each {{ {ROW} }}\nboundary tick attachedToRef=each cancelActivity=false every=R3/PT1H\nuser look\nend e",
        "s > each > e; tick > look",
    )
    simulated.advance(HOUR)
    do(simulated, "each")
    simulated.advance(HOUR * 5)
    assert open_tasks(simulated).count("look") == 3


def test_a_message_beside_an_activity_may_come_again_and_again() -> None:
    simulated = drawn(
        "start s\nuser work\nboundary told attachedToRef=work cancelActivity=false message=asked\nuser note\nend e",
        "s > work > e; told > note",
    )
    for _ in range(3):
        assert simulated.send_message("asked") == 1
    do(simulated, "work")
    assert open_tasks(simulated) == ["note", "note", "note"]


def test_terminate_in_a_called_process_ends_only_that_and_the_call_is_done() -> None:
    called = process(
        "start cs\nand both\nuser never\nend stop terminate=1", "cs > both > never; both > stop", process_id="called"
    )
    simulated = simulation(
        process("start s\ncall c calledElement=called\nuser after\nend e", "s > c > after > e"), called
    )
    simulated.start("p")
    assert (open_tasks(simulated), simulated.trace()) == (["after"], ["s", "cs", "both", "stop", "c"])


def test_terminate_in_one_item_ends_only_that_item() -> None:
    inside = box("each", "start i\nuser try\nend stop terminate=1", "i > try > stop", more=TWO)
    simulated = drawn(f"start s\n{inside}\nuser after\nend e", "s > each > after > e")
    do(simulated, "try")
    assert open_tasks(simulated) == ["try"]
    do(simulated, "try")
    assert open_tasks(simulated) == ["after"]


def test_links_join_within_their_own_subprocess() -> None:
    inside = box(
        "work", "start i\nthrow away link=A\ncatch here link=A\nuser inner\nend d", "i > away; here > inner > d"
    )
    simulated = drawn(
        f"start s\n{inside}\nthrow out link=A\ncatch back link=A\nuser outer\nend e", "s > work > out; back > outer > e"
    )
    assert open_tasks(simulated) == ["inner"]
    do(simulated, "inner")
    assert open_tasks(simulated) == ["outer"]


def test_several_link_throws_lead_to_one_catch() -> None:
    simulated = drawn(
        "start s\nxor which\nthrow one link=A\nthrow two link=A\ncatch here link=A\nuser work\nend e",
        "s > which > one if first == True; which > two if first != True; here > work > e",
        first=False,
    )
    assert simulated.trace() == ["s", "which", "two", "here"]


def test_an_interrupted_subprocess_takes_its_event_subprocesses_and_their_waits_with_it() -> None:
    inside = box(
        "work", "start i\nuser try\nend d", "i > try > d", more=watch("w", "message=asked", "look", beside=True)
    )
    simulated = drawn(
        f"start s\n{inside}\nboundary late attachedToRef=work after=PT1H\nuser after\nend e",
        "s > work > e; late > after",
    )
    simulated.send_message("asked")
    simulated.advance(HOUR)
    assert (open_tasks(simulated), [wait.kind for wait in simulated.waits()]) == (["after"], ["task"])


def test_a_condition_beside_an_activity_fires_on_each_change_to_true() -> None:
    simulated = drawn(
        'start s\nuser work\nboundary dear attachedToRef=work cancelActivity=false when="amount > 5"\nuser look\nend e',
        "s > work > e; dear > look",
        amount=1,
    )
    for amount in (9, 10, 2, 7):
        simulated.set_variables({"amount": amount})
    assert open_tasks(simulated) == ["work", "look", "look"]


def test_what_was_awaited_at_a_subprocess_is_told_without_a_task_that_came_later() -> None:
    """The subprocess ends in the step that began it, and its token goes on to a person's task."""
    inside = box("quick", "start i\nscript work do='x = 1'\nend o", "i > work > o")
    boundary = "boundary asked attachedToRef=quick cancelActivity=false message=asked"
    code = program_of(
        {"p.bpmn": file(process(f"start s\n{inside}\n{boundary}\nuser after\nend e", "s > quick > after > e"))}
    )
    step = runtime_named("machine").advance(code, None, Start("p", {}), NOW)
    awaited = [one.wait for one in step.happenings if isinstance(one, WaitOpened) and isinstance(one.wait, MessageWait)]
    assert [wait.task_wait for wait in awaited] == [""]
