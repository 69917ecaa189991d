"""SpiffWorkflow's task tree between steps: only what is alive and what it still needs above it; history is dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.execution.machine.state import Scope, State
from engine.execution.spiff.building import Built, body_name, place_of
from engine.execution.spiff.specs import OurRules
from engine.model.errors import Conflict

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
TOKEN, ARRIVED = "token", "arrived"

Row: TypeAlias = dict[str, Any]  # a JSON object: spec, state, parent, token, arrived


@dataclass(slots=True)
class Tree:
    """A running SpiffWorkflow instance; `tasks` finds the task of a token."""

    workflow: Any
    tasks: dict[int, Any]

    def put(self, token_id: int, task: Any) -> None:
        """Let a token stand at a task."""
        task.internal_data[TOKEN] = token_id
        self.tasks[token_id] = task

    def body_of(self, scope: Scope) -> Any:
        """The workflow whose tasks are the scope's tokens; None where SpiffWorkflow has lost it."""
        if scope.holder is None:
            return self.workflow
        holder = self.tasks.get(scope.holder.id)
        return None if holder is None else self.workflow.get_subprocess(holder)


def new_tree(built: Built, rules: OurRules) -> Tree:
    """Begin an instance before its first task."""
    return Tree(BpmnWorkflow(built.spec, built.bodies, script_engine=rules), {})


def write_tree(tree: Tree, state: State) -> list[Row]:
    """Give a row for each body at work: whose it is, and its tasks from the root down."""
    bodies: list[Row] = []
    for scope in state.scopes.values():
        body = tree.body_of(scope)
        if body is None:
            raise lost(scope)
        row: Row = {"tasks": list(_rows(body, _needed(body, scope)))}
        if scope.holder is not None:
            row["holder"] = scope.holder.id
        if body.completed:
            row["completed"] = True
        bodies.append(row)
    return bodies


def lost(scope: Scope) -> Conflict:
    """The alarm for what SpiffWorkflow drops in silence; the step is refused and nothing has changed."""
    return Conflict(
        "spiff_lost",
        "SpiffWorkflow lost track of “{element}”; the step was not taken. Remove mg:runtime from the process “{process}”.",
        element=scope.node.id if scope.node is not None else scope.process.id,
        process=scope.process.id,
    )


def below(above: Any) -> Iterator[Any]:
    """All tasks of a branch, parents first, in the order of their flows; without recursion and without a limit of depth."""
    pending = [above]
    while pending:
        task = pending.pop()
        yield task
        pending.extend(reversed(task.children))


def is_fresh(task: Any) -> bool:
    """Whether an element's task has become alive and nobody has put a token there yet."""
    if TOKEN in task.internal_data or place_of(task.task_spec) is None:
        return False
    if task.state == TaskState.READY:
        return True
    return bool(
        task.state == TaskState.WAITING
        and ARRIVED not in task.internal_data
        and not isinstance(task.task_spec, BoundaryEvent)
    )


def _needed(body: Any, scope: Scope) -> set[Any]:
    """What later steps look at: the root, live tasks, the pair around a live activity, and arrivals at open joins."""
    needed = {body.task_tree.id}
    for task in body.tasks.values():
        if is_fresh(task):
            raise lost(scope)
        if task.has_state(LIVE):
            needed.add(task.id)
            if isinstance(task.parent.task_spec if task.parent else None, BoundaryEventSplit) and TOKEN in (
                task.internal_data
            ):
                needed |= {task.parent.id, *(child.id for child in task.parent.children)}
        elif task.internal_data.get(ARRIVED) and place_of(task.task_spec) in scope.joins:
            needed.add(task.id)
        else:
            continue
        if place_of(task.task_spec) in scope.joins:
            needed.add(task.parent.id)
    return needed


def _rows(body: Any, needed: set[Any]) -> Iterator[Row]:
    """What is not needed falls out, and what hung below it hangs on the next needed task above."""
    number = 0
    pending: list[tuple[Any, int]] = [(body.task_tree, -1)]
    while pending:
        task, parent = pending.pop()
        if not task.has_state(LIVE | TaskState.FINISHED_MASK):
            continue  # a prediction; it is made again on reading
        if task.id in needed:
            row: Row = {"spec": task.task_spec.name, "state": TaskState.get_name(task.state)}
            if parent >= 0:
                row["parent"] = parent
            row.update({key: task.internal_data[key] for key in (TOKEN, ARRIVED) if key in task.internal_data})
            yield row
            parent = number
            number += 1
        pending.extend((child, parent) for child in reversed(task.children))


def read_tree(rows: list[Row], built: Built, state: State, rules: OurRules) -> Tree:
    """Put the tree together again on the shared specs, and let SpiffWorkflow predict what follows."""
    workflow = BpmnWorkflow(built.spec, built.bodies, script_engine=rules, deserializing=True)
    tree = Tree(workflow, {})
    holders = {scope.holder.id: scope for scope in state.scopes.values() if scope.holder is not None}
    for row in rows:
        body = workflow
        if "holder" in row:
            body = _body_below(tree, holders[row["holder"]], built)
        _fill(tree, body, row["tasks"])
        body.completed = bool(row.get("completed"))
    return tree


def _body_below(tree: Tree, scope: Scope, built: Built) -> Any:
    if scope.holder is None or scope.node is None:
        raise lost(scope)
    task = tree.tasks[scope.holder.id]
    body = BpmnSubWorkflow(built.body(body_name(scope.node)), task.id, tree.workflow, deserializing=True)
    tree.workflow.subprocesses[task.id] = body
    body.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
    return body


def _fill(tree: Tree, body: Any, rows: list[Row]) -> None:
    made: list[Any] = []
    for row in rows:
        task = _task(body, row, made[row["parent"]] if "parent" in row else None)
        made.append(task)
        if TOKEN in row:
            tree.put(row[TOKEN], task)
    body.task_tree = made[0]
    for task in made:
        if task.has_state(LIVE):
            task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)


def _task(body: Any, row: Mapping[str, Any], parent: Any) -> Any:
    spec = body.spec.task_specs.get(row["spec"])
    if spec is None:
        raise Conflict(
            "element_gone",
            "The process “{process}” has no element “{element}”, where the instance stands.",
            process=body.spec.name,
            element=row["spec"].partition(":")[2],
        )
    task = Task(body, spec, parent, state=TaskState.get_value(row["state"]))
    if ARRIVED in row:
        task.internal_data[ARRIVED] = row[ARRIVED]
    if task.has_state(TaskState.WAITING) and isinstance(spec, CatchingEvent):
        body.top_workflow.event_manager.add_task(task)
    return task
