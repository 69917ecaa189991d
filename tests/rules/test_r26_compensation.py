"""R26: what was done is undone last first; data is kept only for activities that have a way back, and only with their scope."""

from __future__ import annotations

import json

from engine.execution.compiler import program_of
from engine.execution.machine import advance
from engine.execution.runtime import Start, TaskCompleted
from tests.engine.execution.drawing import MONDAY, body, do, drawn, file, open_tasks, process, simulation


def undoable(*names: str) -> tuple[str, str]:
    nodes = "\n".join(
        f"user {name}\nboundary {name}_b attachedToRef={name} undo=\nuser {name}_back isForCompensation=true"
        for name in names
    )
    lines = "".join(
        f'<association id="{name}_l" associationDirection="One" sourceRef="{name}_b" targetRef="{name}_back"/>'
        for name in names
    )
    return nodes, lines


def test_what_was_done_is_undone_last_first() -> None:
    nodes, lines = undoable("pay", "ship")
    simulated = simulation(
        process(f"start s\n{nodes}\nthrow back undo=\nend e", "s > pay > ship > back > e", more=lines)
    )
    simulated.start("p")
    for name in ("pay", "ship", "ship_back", "pay_back"):
        assert open_tasks(simulated) == [name]
        do(simulated, name)
    assert (simulated.running(), simulated.trace()[-3:]) == (False, ["pay_back", "back", "e"])


def test_one_activity_alone_is_undone_when_it_is_named() -> None:
    nodes, lines = undoable("pay", "ship")
    simulated = simulation(
        process(f"start s\n{nodes}\nthrow back undo_of=pay\nuser after", "s > pay > ship > back > after", more=lines)
    )
    simulated.start("p")
    for name in ("pay", "ship", "pay_back", "after"):
        do(simulated, name)
    assert "ship_back" not in simulated.trace()


def test_what_was_not_done_is_not_undone() -> None:
    nodes, lines = undoable("pay")
    simulated = simulation(process(f"start s\n{nodes}\nend e undo=", "s > e", more=lines))
    simulated.start("p")
    assert (simulated.running(), simulated.trace()) == (False, ["s", "e"])


def test_a_completed_subprocess_is_undone_inside_with_the_variables_it_had() -> None:
    nodes, lines = undoable("pay")
    keep = "<extensionElements><mg:input name='amount'>price * 2</mg:input></extensionElements>"
    inner = body(f"start s2\n{nodes}\nend e2", "s2 > pay > e2") + lines
    script = "script note isForCompensation=true do='seen = amount'"
    inner = inner.replace(
        body("user pay_back isForCompensation=true", ""), body(script.replace("note", "pay_back"), "")
    )
    simulated = simulation(
        process(f"start s\nsub box {{ {keep}{inner} }}\nthrow back undo=\nend e", "s > box > back > e")
    )
    simulated.start("p", {"price": 4})
    do(simulated, "pay")
    assert (simulated.running(), simulated.variables()["seen"]) == (False, 8)


def test_an_event_subprocess_for_compensation_says_how() -> None:
    nodes, lines = undoable("pay")
    way = body("start s3 undo=\nuser ask\nthrow inner undo=\nend e3", "s3 > ask > inner > e3")
    inner = body(f"start s2\n{nodes}\nend e2\nsub way triggeredByEvent=true {{ {way} }}", "s2 > pay > e2") + lines
    simulated = simulation(
        process(f"start s\nsub box {{ {inner} }}\nthrow back undo=\nuser after", "s > box > back > after")
    )
    simulated.start("p")
    for name in ("pay", "ask", "pay_back"):
        assert open_tasks(simulated) == [name]
        do(simulated, name)
    assert open_tasks(simulated) == ["after"]


def test_a_cancelled_transaction_is_undone_and_left_by_its_cancel_event() -> None:
    nodes, lines = undoable("pay")
    inner = (
        body(
            f"start s2\n{nodes}\nand split\nuser other\nend stop cancel=",
            "s2 > pay > split; split > other; split > stop",
        )
        + lines
    )
    outer = f"start s\ntransaction deal {{ {inner} }}\nboundary off attachedToRef=deal cancel=\nuser sorry\nuser done"
    simulated = simulation(process(outer, "s > deal > done; off > sorry"))
    simulated.start("p")
    do(simulated, "pay")
    assert open_tasks(simulated) == ["pay_back"]
    do(simulated, "pay_back")
    assert open_tasks(simulated) == ["sorry"]


def test_data_is_kept_only_for_what_can_be_undone() -> None:
    nodes, lines = undoable("pay")
    text = process(f"start s\nuser plain\n{nodes}\nuser last", "s > plain > pay > last", more=lines)
    program = program_of({"p.bpmn": file(text)})
    step = advance(program, None, Start("p"), MONDAY)
    for _ in range(2):
        step = advance(program, step.state, TaskCompleted(step.waits[0].id), MONDAY)
    (root,) = json.loads(step.state)["scopes"]
    assert [done["node"] for done in root["done"]] == ["pay"]


def test_an_interrupt_ends_an_undoing_half_way() -> None:
    nodes, lines = undoable("pay")
    inner = body(f"start s2\n{nodes}\nthrow back undo=\nend e2", "s2 > pay > back > e2") + lines
    simulated = drawn(
        f"start s\nsub box {{ {inner} }}\nboundary out attachedToRef=box message=withdrawn\nend g", "s > box; out > g"
    )
    do(simulated, "pay")
    simulated.send_message("withdrawn")
    assert (simulated.running(), open_tasks(simulated)) == (False, [])


def test_a_compensation_that_is_not_waited_for_goes_on_beside() -> None:
    nodes, lines = undoable("pay")
    unwaited = 'throw back { <compensateEventDefinition waitForCompletion="false"/> }'
    simulated = simulation(
        process(f"start s\n{nodes}\n{unwaited}\nuser after\nend e", "s > pay > back > after > e", more=lines)
    )
    simulated.start("p")
    do(simulated, "pay")
    assert sorted(open_tasks(simulated)) == ["after", "pay_back"]
    do(simulated, "after")
    assert (simulated.running(), open_tasks(simulated)) == (True, ["pay_back"])
    do(simulated, "pay_back")
    assert (simulated.running(), simulated.trace().count("back")) == (False, 1)
