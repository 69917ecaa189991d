"""SpiffWorkflow's multi-instance and loop tasks: they count rounds and items, which begin in their turn and carry no data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.execution.compiler.code import LoopCode, MultiCode, NodeCode
from engine.execution.expressions import is_true
from engine.execution.machine.run import Run
from engine.execution.machine.state import ScopeKind, Token

KEPT = ("merged", "current", "cardinality")
"""What such a task remembers between steps: how many are done, and how many there are in a row."""

View = Mapping[str, object]


class HowMany:
    """The number of items, from the collection or the cardinality; what is neither was refused before (R9)."""

    def __init__(self, multi: MultiCode) -> None:
        self.multi = multi

    def evaluate(self, view: View) -> int:
        """Count the items that can be seen."""
        if self.multi.collection is not None:
            found = self.multi.collection.evaluate(view)
            return len(found) if isinstance(found, list | tuple) else 0
        return int(str(self.multi.cardinality.evaluate(view))) if self.multi.cardinality is not None else 0


class Enough:
    """A completion condition; only true is enough."""

    def __init__(self, multi: MultiCode) -> None:
        self.multi = multi

    def evaluate(self, view: View) -> bool:
        """Say whether the other items are no longer needed."""
        return self.multi.completion is not None and is_true(self.multi.completion.evaluate(view))


class Again:
    """A loop's condition; without one only a maximum makes a further round."""

    def __init__(self, loop: LoopCode) -> None:
        self.loop = loop

    def evaluate(self, view: View) -> bool:
        """Say whether another round begins."""
        rounds, most = view.get("loopCounter"), self.loop.maximum
        if self.loop.condition is None or (most is not None and isinstance(rounds, int) and rounds >= most):
            return most is not None
        return is_true(self.loop.condition.evaluate(view))


class AllAtOnce(defaults.ParallelMultiInstanceTask):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """Items side by side."""

    def _update_hook(self, my_task: Any) -> Any:
        return True

    def _run_hook(self, my_task: Any) -> Any:
        if "merged" in my_task.internal_data:
            return True
        my_task.internal_data["merged"] = []
        self.create_children(my_task)
        return None  # STARTED, until enough items are done


class OneByOne(defaults.SequentialMultiInstanceTask):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """Items one after the other."""

    def _update_hook(self, my_task: Any) -> Any:
        return True

    def _run_hook(self, my_task: Any) -> Any:
        if "merged" in my_task.internal_data:
            return True
        total = my_task.workflow.script_engine.evaluate(my_task, self.cardinality)
        my_task.internal_data.update(merged=[], current=0, cardinality=total)
        if total:
            self.add_next_child(my_task)
        return None


class Rounds(defaults.StandardLoopTask):  # type: ignore[misc]  # SpiffWorkflow ships no types
    """Rounds of a standard loop."""

    def _update_hook(self, my_task: Any) -> Any:
        return True

    def _run_hook(self, my_task: Any) -> Any:
        if "merged" in my_task.internal_data:
            return True
        my_task.internal_data["merged"] = []
        if not (self.test_before and self.loop_complete(my_task)):
            self.create_child(my_task)
        return None


def around_items(body: Any, node: NodeCode, inner: Any) -> Any:
    """Put the task that counts around the one that is repeated; it takes the place of both in the diagram."""
    name = f"all:{node.id}"
    if node.multi is not None:
        kind = OneByOne if node.multi.sequential else AllAtOnce
        around = kind(body, name, inner.name, cardinality=HowMany(node.multi), condition=Enough(node.multi))
    else:
        loop = node.loop or LoopCode(None, test_before=False, maximum=None)
        around = Rounds(body, name, inner.name, loop.maximum, Again(loop), loop.test_before)
    inner.inputs = [around]
    inner.completed_event.connect(around.merge_child)
    return around


def write_count(task: Any) -> dict[str, int]:
    """What has to be saved of a task that counts."""
    kept = {name: task.internal_data[name] for name in KEPT if name in task.internal_data}
    if "merged" in kept:
        kept["merged"] = len(kept["merged"])
    return kept


def read_count(task: Any, saved: Mapping[str, int]) -> None:
    """Put back what `write_count` gave."""
    task.internal_data.update(saved)
    task.internal_data["merged"] = [""] * saved["merged"]


def children_of(task: Any) -> list[Any]:
    """The items or rounds at work, in their order."""
    return [
        child
        for child in task.children
        if child.task_spec.name == task.task_spec.task_spec and not child.has_state(TaskState.FINISHED_MASK)
    ]


def view_after(run: Run, token: Token) -> dict[str, object]:
    """What the condition of a repeated activity sees when this item or round is done."""
    scope, counts = token.scope, dict[str, object]()
    around = scope.parent
    if scope.kind is ScopeKind.LOOP:
        done = scope.vars.get("loopCounter")
        counts["loopCounter"] = done + 1 if isinstance(done, int) else 1
    elif around is not None and around.progress is not None:
        progress = around.progress
        counts["nrOfActiveInstances"] = progress.next - progress.done - 1
        counts["nrOfCompletedInstances"] = progress.done + 1
    return dict(run.view(scope, counts))
