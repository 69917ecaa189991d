"""Data objects and properties live in their process or subprocess; associations carry values to and from activities (R1)."""

from __future__ import annotations

from tests.engine.execution.drawing import body, do, drawn, open_tasks, process, simulation

NOTE = '<dataObject id="note_id" name="note"/>'
INSIDE = body("start t\nscript write do='note = \"inner\"'\nuser look\nend f", "t > write > look > f")


def test_a_data_object_of_a_subprocess_hides_the_one_around_it() -> None:
    simulated = drawn(f"start s\nsub box {{ {NOTE}{INSIDE} }}\nuser after\nend e", "s > box > after > e", note="outer")
    do(simulated, "look")
    assert (open_tasks(simulated), simulated.variables()) == (["after"], {"note": "outer"})


def test_without_a_data_object_of_its_own_a_subprocess_writes_outside() -> None:
    simulated = drawn(f"start s\nsub box {{ {INSIDE} }}\nuser after\nend e", "s > box > after > e", note="outer")
    assert simulated.variables() == {"note": "inner"}


def test_associations_carry_values_in_and_out() -> None:
    task = (
        '<ioSpecification><dataInput id="i" name="amount"/><dataOutput id="o" name="sum"/>'
        "<inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet><dataOutputRefs>o</dataOutputRefs></outputSet>"
        "</ioSpecification>"
        "<dataInputAssociation><sourceRef>claim_ref</sourceRef><targetRef>i</targetRef></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>o</sourceRef><targetRef>total_ref</targetRef></dataOutputAssociation>"
    )
    objects = (
        '<dataObject id="claim_id" name="claim"/><dataObjectReference id="claim_ref" dataObjectRef="claim_id"/>'
        '<dataObject id="total_id" name="total"/><dataObjectReference id="total_ref" dataObjectRef="total_id"/>'
    )
    nodes = f"start s\nscript add do='sum = amount * 2' {{ {task} }}\nend e"
    simulated = simulation(process(nodes, "s > add > e", more=objects))
    simulated.start("p", {"claim": 21})
    assert simulated.variables() == {"claim": 21, "total": 42}


def test_each_call_of_a_process_has_data_objects_of_its_own() -> None:
    called = process(
        "start t\nscript add do='count = (0 if count == None else count) + 1'\nend f", "t > add > f", "q", NOTE
    )
    out = '<extensionElements><camunda:out source="count" target="{0}"/></extensionElements>'
    nodes = f"start s\ncall one calledElement=q {{ {out.format('first')} }}\ncall two calledElement=q {{ {out.format('second')} }}\nend e"
    simulated = simulation(process(nodes, "s > one > two > e"), called)
    simulated.start("p")
    assert simulated.variables() == {"first": 1, "second": 1}
