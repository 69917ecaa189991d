"""The machine has no limit of depth or length: it is iterative everywhere, and a step costs the same after any history."""

from __future__ import annotations

from time import perf_counter

from engine.execution.compiler import program_of
from engine.execution.machine import advance
from engine.execution.runtime import JobDone, JobWait, Start, TaskCompleted, TaskWait
from tests.engine.execution.drawing import MONDAY, body, do, drawn, file, flows, node, open_tasks, process, simulation


def test_five_thousand_tasks_in_a_row_run_to_the_end() -> None:
    nodes = "".join(node(f"manual t{number}") for number in range(5_000))
    arrows = " > ".join(["s", *(f"t{number}" for number in range(5_000)), "last"])
    text = f'<process id="p" isExecutable="true">{node("start s")}{nodes}{node("user last")}{flows(arrows)}</process>'
    simulated = simulation(text)
    simulated.start("p")
    assert (len(simulated.trace()), open_tasks(simulated)) == (5_001, ["last"])


def test_two_hundred_nested_subprocesses_run_and_end() -> None:
    inner = body("start s_in\nuser deep\nend e_in", "s_in > deep > e_in")
    for level in range(200):
        inner = (
            f'<startEvent id="s{level}"/><subProcess id="box{level}">{inner}</subProcess><endEvent id="e{level}"/>'
            f'<sequenceFlow id="a{level}" sourceRef="s{level}" targetRef="box{level}"/>'
            f'<sequenceFlow id="b{level}" sourceRef="box{level}" targetRef="e{level}"/>'
        )
    simulated = simulation(f'<process id="p" isExecutable="true">{inner}</process>')
    simulated.start("p")
    do(simulated, "deep")
    assert (simulated.running(), len(simulated.trace())) == (False, 3 + 200 * 3)


def test_an_interrupt_clears_two_hundred_levels() -> None:
    inner = body("start s_in\nuser deep\nend e_in", "s_in > deep > e_in")
    for level in range(200):
        inner = f'<subProcess id="box{level}">{inner}</subProcess>'
    more = f'<startEvent id="s"/>{inner}<sequenceFlow id="f" sourceRef="s" targetRef="box199"/>'
    more += node("boundary out attachedToRef=box199 message=withdrawn") + node("end away")
    more += '<sequenceFlow id="g" sourceRef="out" targetRef="away"/>'
    simulated = simulation(f'<process id="p" isExecutable="true">{more}</process>')
    simulated.start("p")
    simulated.send_message("withdrawn")
    assert (simulated.running(), open_tasks(simulated), simulated.waits()) == (False, [], [])


def test_a_thousand_items_are_open_and_done() -> None:
    items = '<multiInstanceLoopCharacteristics camunda:collection="parts" camunda:elementVariable="part"/>'
    simulated = drawn(
        f"start s\nscript each do='x = part' {{ {items} }}\nend e", "s > each > e", parts=list(range(1_000))
    )
    assert (simulated.running(), simulated.trace().count("each")) == (False, 1_000)


def test_a_step_costs_no_more_after_a_long_history() -> None:
    program = program_of({"p.bpmn": file(process("start s\nxor again\nuser work", "s > again > work > again"))})
    step = advance(program, None, Start("p", {"subject": "Hail"}), MONDAY)
    times: list[float] = []
    for _ in range(2_000):
        begun = perf_counter()
        step = advance(program, step.state, TaskCompleted(step.waits[0].id), MONDAY)
        times.append(perf_counter() - begun)
    first, last = sorted(times[100:500])[200], sorted(times[-400:])[200]
    assert last < first * 2


def test_state_stays_well_under_a_kilobyte_beside_the_business_data() -> None:
    nodes = "start s\nand split\nuser a\nuser b\nuser c\nboundary late attachedToRef=a after=P3D\nend e"
    program = program_of(
        {
            "p.bpmn": file(
                process(nodes.replace("late ", "too_late "), "s > split; split > a; split > b; split > c; too_late > e")
            )
        }
    )
    step = advance(program, None, Start("p"), MONDAY)
    assert (len(step.waits), len(step.state) < 1_024) == (4, True)
    assert not any(isinstance(wait, JobWait) for wait in step.waits)


def test_a_continued_step_keeps_its_tokens_in_order() -> None:
    chain = "".join(node(f"manual t{number}") for number in range(1_500))
    arrows = " > ".join(["split", *(f"t{number}" for number in range(1_500)), "a"])
    text = f"{node('start s')}{node('and split')}{chain}{node('user a')}{node('user b')}{flows('s > split; ' + arrows + '; split > b')}"
    program = program_of({"p.bpmn": file(f'<process id="p" isExecutable="true">{text}</process>')})
    step = advance(program, None, Start("p"), MONDAY)
    (job,) = step.waits
    step = advance(program, step.state, JobDone(job.id), MONDAY)
    assert [wait.element_id for wait in step.waits if isinstance(wait, TaskWait)] == ["a", "b"]
