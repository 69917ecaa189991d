"""SpiffWorkflow's task specs, subclassed where its own behaviour would break a rule; data never lies on its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.operators import Operator
from SpiffWorkflow.util.task import TaskState

from engine.execution.expressions import Expression, is_true
from engine.execution.machine.run import Stuck
from engine.model.errors import Conflict

Values = Mapping[str, object]
CAME = "came"
"""Where an event-based gateway's task keeps the place of the event that came."""


class ClosedLanguage(BasePythonScriptEngineEnvironment):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """Evaluates compiled expressions of the closed language; nothing written in a diagram ever reaches eval or exec."""

    def evaluate(self, expression: Expression, context: Values, external_context: Values | None = None) -> object:
        """Give the expression's value over what can be seen."""
        return expression.evaluate(context)

    def execute(self, script: Any, context: Values, external_context: Values | None = None) -> object:
        """Refuse: scripts run as our own compiled assignments, outside SpiffWorkflow."""
        raise Conflict("spiff_script", "SpiffWorkflow runs no scripts here; use a script task of the diagram.")


class OurRules(PythonScriptEngine):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """Answers SpiffWorkflow's conditions from our scopes (R1); `view` is what the moving token sees."""

    def __init__(self) -> None:
        super().__init__(ClosedLanguage())
        self.view: Values = {}

    def evaluate(self, task: Any, expression: Expression, external_context: Values | None = None) -> object:
        """Give the value with our own errors, which SpiffWorkflow would wrap."""
        return self.environment.evaluate(expression, self.view)


class OnlyTrue(Operator):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """A flow's condition: only true takes it, and what is neither true nor false is an incident (R21)."""

    def __init__(self, condition: Expression | None) -> None:
        super().__init__(condition)
        self.condition = condition

    def _matches(self, task: Any) -> bool:
        if self.condition is None:
            return True
        return is_true(task.workflow.script_engine.evaluate(task, self.condition))


class Outside(EventDefinition):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """Comes true only when the host says so for this very task: no clock is read, and no sibling is reached."""

    def catches(self, my_task: Any, event: Any) -> bool:
        """Nothing is caught by being broadcast."""
        return False


class Choice(defaults.ExclusiveGateway):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """An exclusive gateway; where nothing is true and nothing is the default, people are told (R6)."""

    def _run_hook(self, my_task: Any) -> Any:
        try:
            return super()._run_hook(my_task)
        except WorkflowException as error:
            raise no_flow(self) from error


class Both(defaults.ParallelGateway):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """A parallel gateway; its join counts earlier rounds of a loop again, so each arrival waits until our count lets it go."""

    def _update_hook(self, my_task: Any) -> Any:
        return _parks(self, my_task)

    def _run_hook(self, my_task: Any) -> Any:
        return True


class Ways(defaults.InclusiveGateway):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """An inclusive gateway: SpiffWorkflow takes the ways out that are true, and rule R7 says when its join fires."""

    def _update_hook(self, my_task: Any) -> Any:
        return _parks(self, my_task)

    def _run_hook(self, my_task: Any) -> Any:
        taken, otherwise = self._get_matching_outputs(my_task)
        if not taken and not otherwise:
            raise no_flow(self)
        my_task._sync_children(taken or otherwise, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


def _parks(spec: Any, my_task: Any) -> bool:
    if len(spec.inputs) == 1:
        return True
    my_task._set_state(TaskState.WAITING)
    return False


class FirstEvent(defaults.EventBasedGateway):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """An event-based gateway; its events stay where they are drawn, and the one that came is named by the host."""

    def connect(self, child: Any) -> None:
        """Connect without taking the event away from the child, of which only one due time would be kept."""
        CatchingEvent.connect(self, child)

    def _run_hook(self, my_task: Any) -> Any:
        came = [spec for spec in self.outputs if spec.place == my_task.internal_data[CAME]]
        my_task._sync_children(came, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class Inside(defaults.SubWorkflowTask):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """A subprocess or called process that begins when its token's turn comes; no data passes in or out but ours (R18)."""

    def _update_hook(self, my_task: Any) -> Any:
        return True

    def _run_hook(self, my_task: Any) -> Any:
        return True

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        my_task._set_state(TaskState.READY)


def no_flow(spec: Any) -> Stuck:
    """What people are told where none of a gateway's ways out is true."""
    return Stuck(
        "no_flow",
        "None of the ways out of “{element}” is true, and none is the default; correct the values and try again.",
        element=spec.bpmn_name or spec.bpmn_id,
    )
