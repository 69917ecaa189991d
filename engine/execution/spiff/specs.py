"""SpiffWorkflow's task specs, subclassed where its own behaviour would break a rule; data never lies on its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.operators import Operator
from SpiffWorkflow.util.task import TaskState

from engine.execution.expressions import Expression, is_true
from engine.execution.machine.run import Stuck
from engine.model.errors import Conflict

Values = Mapping[str, object]


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
            raise Stuck(
                "no_flow",
                "None of the ways out of “{element}” is true, and none is the default; correct the values and try again.",
                element=self.bpmn_name or self.bpmn_id,
            ) from error


class Both(defaults.ParallelGateway):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """A parallel gateway; SpiffWorkflow would merge lists of its branches and drop what an earlier firing set going."""

    def _run_hook(self, my_task: Any) -> Any:
        return True


class Subprocess(defaults.SubWorkflowTask):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """An embedded subprocess that begins when its token's turn comes, not as soon as the task before it is done."""

    def _update_hook(self, my_task: Any) -> bool:
        return my_task.workflow.top_workflow.get_subprocess(my_task) is None

    def _run_hook(self, my_task: Any) -> Any:
        if my_task.workflow.top_workflow.get_subprocess(my_task) is not None:
            return True
        self.start_workflow(my_task)
        return None  # STARTED, until the body inside is complete

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        my_task._set_state(TaskState.READY)

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Nothing: scopes hold the variables."""

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Nothing: scopes hold the variables."""
