"""SpiffWorkflow as it comes, told by its own parser and moved by its own engine, with what it completes noted step by step."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

LONG_AGO = "2001-01-01T00:00:00+00:00"
MOST_STEPS = 2_000
"""After so many the library is held to be going round for ever."""


class Endless(RuntimeError):
    """The library did not come to rest."""


def quoted_times(xml: bytes) -> bytes:
    """The library reads a time as an expression, so the text has to be one."""
    return re.sub(rb"<(timeDuration|timeDate|timeCycle)>([^<]*)</", rb'<\1>"\2"</', xml)


class PlainInstance:
    """One instance on the plain library; `took` is what the last event completed, in its order."""

    def __init__(self, xml: bytes, **data: object) -> None:
        parser = SpiffBpmnParser()
        parser.add_bpmn_xml(etree.fromstring(quoted_times(xml)))
        self.workflow: Any = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        counted = {str(name): None for name in re.findall(rb"\bloop\d+\b", xml)}
        self.workflow.task_tree.data.update({name[2:-1]: 0 for name in counted} | data)
        self.trace: list[str] = []
        self.settle()

    def settle(self) -> None:
        """Let it run until nothing moves; tasks without an executor pass through, as rule R20 says."""
        for _ in range(MOST_STEPS):
            self.workflow.do_engine_steps(did_complete_task=self.note)
            passing = [t for t in self.ready() if type(t.task_spec).__name__ in ("NoneTask", "ManualTask")]
            for task in passing[:1]:
                self.run(task)
            if not passing and self.workflow.get_next_task(state=TaskState.READY, manual=False) is None:
                return
        raise Endless

    def note(self, task: Any) -> None:
        """Write down an element; items and rounds count, the bodies around them do not."""
        element = element_of(task)
        if element and not isinstance(task.task_spec, LoopTask):
            self.trace.append(element)

    def run(self, task: Any) -> None:
        """Complete a task by hand."""
        task.run()
        self.note(task)

    def ready(self) -> list[Any]:
        """What is ready for people, in the library's order."""
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    def complete(self, element: str, **data: object) -> None:
        """A person completes the first open task of an element."""
        task = next(task for task in self.ready() if element_of(task) == element)
        task.data.update(data)
        self.run(task)
        self.settle()

    def receive(self, element: str) -> None:
        """What a catching element, or the gateway before it, waits for comes to it alone."""
        task, spec = self.waiting(element)
        definition = spec.event_definition
        if spec is not task.task_spec:
            definition = task.task_spec.event_definition.event_definitions[task.task_spec.outputs.index(spec)]
        task.task_spec.catch(task, BpmnEvent(definition, payload={}))
        task.task_spec._update(task)
        self.settle()

    def waiting(self, element: str) -> tuple[Any, Any]:
        """The task that waits at an element, or at the gateway before it, and the element's spec."""
        for task in list(self.workflow.event_manager.tasks.values()):
            for spec in (task.task_spec, *task.task_spec.outputs):
                if getattr(spec, "bpmn_id", "") == element and task.state == TaskState.WAITING:
                    return task, spec
        raise LookupError(element)

    def fire(self, element: str) -> None:
        """The time of one timer has come: the library finds a due time of long ago where it keeps it."""
        task, _ = self.waiting(element)
        task.internal_data["event_value"] = LONG_AGO
        task.task_spec._update(task)
        self.settle()

    @property
    def open_tasks(self) -> Counter[str]:
        """How often each element waits for a person."""
        return Counter(element_of(task) for task in self.ready())

    @property
    def running(self) -> bool:
        """Whether the library holds it to be unfinished."""
        return not self.workflow.is_completed()


def element_of(task: Any) -> str:
    """The id in the diagram; empty for what the library needs for itself."""
    return getattr(task.task_spec, "bpmn_id", None) or ""
