"""An ad hoc subprocess offers what is in it without an order, until its completion condition is true."""

from __future__ import annotations

from typing import Any

from engine.execution import Simulation
from tests.engine.execution.drawing import MONDAY, body, do, drawn, file, open_tasks, process


def ad_hoc(inside: str, *, until: str = "", attributes: str = "", arrows: str = "", **data: Any) -> Simulation:
    done = f"<completionCondition>{until}</completionCondition>" if until else ""
    box = f"adhoc box {attributes} {{ {body(inside, arrows)}{done} }}"
    return drawn(f"start s\n{box}\nuser after\nend e", "s > box > after > e", **data)


def test_user_tasks_are_offered_together_and_the_subprocess_ends_with_the_last() -> None:
    simulated = ad_hoc("user call\nuser write")
    assert open_tasks(simulated) == ["call", "write"]
    do(simulated, "write")
    do(simulated, "call")
    assert (open_tasks(simulated), simulated.trace()) == (["after"], ["s", "write", "call", "box"])


def test_automatic_activities_start_by_themselves() -> None:
    simulated = ad_hoc("script sum do='total = n + 1'\nuser call", n=1)
    assert (open_tasks(simulated), simulated.variables()["total"]) == (["call"], 2)


def test_a_true_condition_cancels_what_is_left() -> None:
    simulated = ad_hoc("user call\nuser write", until="outcome == &quot;enough&quot;")
    do(simulated, "call", outcome="more")
    assert open_tasks(simulated) == ["write"]
    do(simulated, "write", outcome="enough")
    assert (open_tasks(simulated), simulated.trace()[-1]) == (["after"], "box")


def test_the_rest_may_be_waited_for_but_nothing_more_begins() -> None:
    simulated = ad_hoc(
        "user call\nuser write\nuser send",
        until="n &gt; 0",
        attributes="cancelRemainingInstances=false",
        arrows="call > send",
        n=0,
    )
    do(simulated, "call", n=1)
    assert open_tasks(simulated) == ["write"]
    do(simulated, "write")
    assert open_tasks(simulated) == ["after"]


def test_what_people_do_is_offered_again_until_the_condition_is_true() -> None:
    simulated = ad_hoc("user call\nscript note do='noted = True'", until="reached == True")
    do(simulated, "call", reached=False)
    assert (open_tasks(simulated), simulated.trace().count("note")) == (["call"], 1)
    do(simulated, "call", reached=True)
    assert open_tasks(simulated) == ["after"]


def test_a_sequential_one_offers_one_thing_at_a_time() -> None:
    simulated = ad_hoc("user call\nscript note do='noted = True'\nuser write", attributes="ordering=Sequential")
    assert (open_tasks(simulated), "noted" in simulated.variables()) == (["call"], False)
    do(simulated, "call")
    assert (open_tasks(simulated), simulated.variables()["noted"]) == (["write"], True)
    do(simulated, "write")
    assert open_tasks(simulated) == ["after"]


def test_flows_inside_keep_their_order() -> None:
    simulated = ad_hoc("user call\nuser write\nuser ask", arrows="call > write")
    assert open_tasks(simulated) == ["call", "ask"]
    do(simulated, "call")
    assert open_tasks(simulated) == ["ask", "write"]


def test_it_is_saved_and_restored_between_its_tasks() -> None:
    inside = body("user call\nuser write", "")
    box = f"adhoc box ordering=Sequential {{ {inside} }}"
    files = {"p.bpmn": file(process(f"start s\n{box}\nuser after", "s > box > after"))}
    simulated = Simulation.load(files, now=MONDAY)
    simulated.start("p")
    for task in ("call", "write"):
        simulated = Simulation.restore(simulated.save(), files, now=MONDAY)
        do(simulated, task)
    assert open_tasks(simulated) == ["after"]


def test_a_condition_that_fails_is_an_incident_that_can_be_retried() -> None:
    simulated = ad_hoc("user call\nuser write", until="n &gt; 1", n="many")
    do(simulated, "call")
    (incident,) = simulated.incidents()
    assert (incident.element_id, open_tasks(simulated)) == ("call", ["write"])
    simulated.set_variables({"n": 2})
    simulated.retry(incident)
    assert open_tasks(simulated) == ["after"]


def test_what_was_done_in_it_is_undone_after_it_has_ended() -> None:
    inside = body("user pay\nboundary pay_b attachedToRef=pay undo=\nuser pay_back isForCompensation=true", "")
    line = '<association id="l" associationDirection="One" sourceRef="pay_b" targetRef="pay_back"/>'
    simulated = drawn(
        f"start s\nadhoc box {{ {inside}{line} }}\nthrow back undo=\nuser after\nend e", "s > box > back > after > e"
    )
    for task in ("pay", "pay_back", "after"):
        assert open_tasks(simulated) == [task]
        do(simulated, task)
    assert (simulated.running(), simulated.trace().count("box")) == (False, 1)
