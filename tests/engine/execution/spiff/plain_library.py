"""SpiffWorkflow as it comes, with its own parser and engine: what the second runtime guards against is shown on it."""

from __future__ import annotations

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from tests.engine.execution.drawing import body, file


def parsed(nodes: str, arrows: str, more: str = "", *others: str) -> BpmnWorkflow:
    """Read a drawing with the library's own parser and begin it."""
    parser = SpiffBpmnParser()
    xml = file(f'<process id="p" isExecutable="true">{body(nodes, arrows)}{more}</process>', *others)
    parser.add_bpmn_xml(etree.fromstring(xml))
    return settled(BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p")))


def settled(workflow: Any) -> Any:
    """Let the library run until nothing moves."""
    while True:
        workflow.do_engine_steps()
        if workflow.get_next_task(state=TaskState.READY, manual=False) is None:
            return workflow


def open_in(workflow: Any) -> list[str]:
    """The tasks that wait for people."""
    return sorted(task.task_spec.name for task in workflow.get_tasks(state=TaskState.READY, manual=True))


def done(workflow: Any, name: str, **data: object) -> None:
    """A person completes a task."""
    task = workflow.get_next_task(spec_name=name, state=TaskState.READY)
    task.data.update(data)
    task.run()
    settled(workflow)
