"""The shipped complaint process, reduced to what SpiffWorkflow runs too: tables, letters and services are equal scripts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from engine.execution.compiler import compile_program
from engine.execution.machine import advance
from engine.execution.machine.in_memory import LiveInstance
from engine.execution.runtime import Start, TaskCompleted, TaskWait, WaitOpened

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SHIPPED = Path(__file__).resolve().parents[2] / "processes" / "complaint" / "complaint.bpmn"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DATA: dict[str, object] = {"subject": "Hail", "medium": "email", "outcome": "", "decision": ""}
ANSWERS: dict[str, dict[str, object]] = {
    "triage": {"outcome": "complaint"},
    "decide": {"outcome": "accept", "decision": "accept"},
}
SCRIPTS = {
    "classify_text": 'category = "defect"',
    "route": 'queue = "technical"\npriority = 2',
    "check_limit": "second_person = False",
}
_WORK = {f"{BPMN}{tag}" for tag in ("serviceTask", "sendTask", "businessRuleTask")}


def same_diagram() -> bytes:
    """Take out what only one of the two runs (event subprocesses, starts by message), and put scripts for all work."""
    root: Any = etree.fromstring(SHIPPED.read_bytes())
    _remove(root.iter(f"{BPMN}extensionElements", f"{BPMN}incoming", f"{BPMN}outgoing"))
    _put_plain_times(root)
    started = root.findall(f"{BPMN}process/{BPMN}startEvent")
    _remove(found for found in started if found.find(f"{BPMN}messageEventDefinition") is not None)
    ids = {element.get("id") for element in root.iter()}
    flows = root.iter(f"{BPMN}sequenceFlow")
    _remove(flow for flow in flows if not {flow.get("sourceRef"), flow.get("targetRef")} <= ids)
    _remove(root.iter("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"))
    for element in root.iter(f"{BPMN}timeDuration"):
        element.text = f'"{element.text}"'
    for element in [found for found in root.iter() if found.tag in _WORK]:
        for attribute in [name for name in element.attrib if name.startswith("{")]:
            del element.attrib[attribute]
        task = element.get("id")
        element.tag = f"{BPMN}scriptTask"
        element.set("scriptFormat", "python")
        etree.SubElement(element, f"{BPMN}script").text = SCRIPTS.get(task, f"{task} = True")
    return etree.tostring(root)


def _put_plain_times(root: Any) -> None:
    """The clocks are the host's: each threshold becomes a time of its own."""
    for number, timer in enumerate(root.iter(f"{BPMN}timerEventDefinition"), 5):
        for attribute in [name for name in timer.attrib if name.startswith("{")]:
            del timer.attrib[attribute]
        if not len(timer):
            etree.SubElement(timer, f"{BPMN}timeDuration").text = f"P{number}D"
    for element in root.iter(f"{BPMN}subProcess"):
        for attribute in [name for name in element.attrib if name.startswith("{")]:
            del element.attrib[attribute]


def _remove(elements: Iterable[Any]) -> None:
    for element in list(elements):
        element.getparent().remove(element)


def ours() -> Callable[[], list[str]]:
    """The same on the machine, in memory, without saving."""
    program = compile_program({"complaint.bpmn": same_diagram()})

    def run() -> list[str]:
        done: list[str] = []
        instance = LiveInstance(program, Start("complaint", DATA), NOW)
        while instance.running:
            task, element = next(instance.tasks)
            done.append(element)
            instance.advance(TaskCompleted(task, ANSWERS.get(element, {})), NOW)
        return done

    return run


def ours_saved() -> Callable[[], list[str]]:
    """The same on the machine; every step reads and writes the saved state, and tasks are known by what happened, as on the desk."""
    program = compile_program({"complaint.bpmn": same_diagram()})

    def run() -> list[str]:
        done: list[str] = []
        step = advance(program, None, Start("complaint", DATA), NOW)
        while step.running:
            opened = (happening.wait for happening in step.happenings if isinstance(happening, WaitOpened))
            wait = next(wait for wait in opened if isinstance(wait, TaskWait))
            done.append(wait.element_id)
            step = advance(program, step.state, TaskCompleted(wait.id, ANSWERS.get(wait.element_id, {})), NOW)
        return done

    return run


def theirs() -> Callable[[], list[str]]:
    """The same instance on SpiffWorkflow, in memory, without saving."""
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(same_diagram()), "complaint.bpmn")
    spec, inner = parser.get_spec("complaint"), parser.get_subprocess_specs("complaint")

    def run() -> list[str]:
        done: list[str] = []
        workflow: Any = BpmnWorkflow(spec, inner)
        workflow.task_tree.data.update(DATA)
        workflow.do_engine_steps()
        while not workflow.is_completed():
            task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
            done.append(task.task_spec.bpmn_id)
            task.data.update(ANSWERS.get(task.task_spec.bpmn_id, {}))
            task.run()
            workflow.do_engine_steps()
        return done

    return run
