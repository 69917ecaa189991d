"""SpiffWorkflow's task tree between steps: only what is alive and what it still needs above it; history is dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.execution.compiler.code import NodeCode
from engine.execution.machine.state import Scope, ScopeKind, State
from engine.execution.spiff.building import body_of_scope
from engine.execution.spiff.repeats import read_count, write_count
from engine.execution.spiff.specs import OurRules
from engine.model.errors import Conflict

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
TOKEN, ARRIVED = "token", "arrived"
_WITHIN = (ScopeKind.BODY, ScopeKind.ITEM, ScopeKind.LOOP)
"""Scopes of repeated activities; their tokens move in the body around them."""

Row: TypeAlias = dict[str, Any]  # a JSON object: spec, state, parent, token, arrived, count


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
        inner = scope
        while inner.kind in _WITHIN and inner.parent is not None:
            inner = inner.parent
        if inner.holder is None:
            return self.workflow
        holder = self.tasks.get(inner.holder.id)
        return None if holder is None else self.workflow.get_subprocess(holder)

    def open_body(self, scope: Scope, *, restored: bool = False) -> Any:
        """Put a workflow inside the task of the scope's holder."""
        task = self.tasks.get(scope.holder.id) if scope.holder is not None else None
        if task is None:
            raise lost(scope)
        body = BpmnSubWorkflow(body_of_scope(scope), task.id, self.workflow, deserializing=restored)
        self.workflow.subprocesses[task.id] = body
        body.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
        return body


def new_tree(root: Scope, rules: OurRules) -> Tree:
    """Begin an instance before its first task."""
    return Tree(BpmnWorkflow(body_of_scope(root), script_engine=rules), {})


def write_tree(tree: Tree, state: State) -> list[Row]:
    """Give a row for each body at work: whose it is, and its tasks from the root down."""
    bodies: list[Row] = []
    for scope in state.scopes.values():
        if scope.kind in _WITHIN:
            continue
        body = tree.body_of(scope)
        if body is None:
            raise lost(scope)
        row: Row = {"tasks": list(_rows(body, _needed(tree, body, scope)))}
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


def place_of(spec: Any) -> int | None:
    """The index of the node that a spec stands for; None for those that SpiffWorkflow needs for itself."""
    return getattr(spec, "place", None)


def node_of(scope: Scope, task: Any) -> NodeCode:
    """The node that a task stands for."""
    place = place_of(task.task_spec)
    if place is None:
        raise lost(scope)
    return scope.process.nodes[place]


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


def _needed(tree: Tree, body: Any, scope: Scope) -> set[Any]:
    """What later steps look at: the root, live tasks, those with a token, and the pair around a live activity."""
    needed = {body.task_tree.id}
    for task in body.tasks.values():
        if is_fresh(task):
            raise lost(scope)
        if task.has_state(LIVE) or (TOKEN in task.internal_data and tree.tasks.get(task.internal_data[TOKEN]) is task):
            needed.add(task.id)
            if isinstance(task.parent.task_spec if task.parent else None, BoundaryEventSplit) and TOKEN in (
                task.internal_data
            ):
                needed |= {task.parent.id, *(child.id for child in task.parent.children)}
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
            if "merged" in task.internal_data:
                row["count"] = write_count(task)
            yield row
            parent = number
            number += 1
        pending.extend((child, parent) for child in reversed(task.children))


def read_tree(rows: list[Row], state: State, rules: OurRules) -> Tree:
    """Put the tree together again on the shared specs, and let SpiffWorkflow predict what follows."""
    workflow = BpmnWorkflow(body_of_scope(state.root), script_engine=rules, deserializing=True)
    tree = Tree(workflow, {})
    inside = [scope for scope in state.scopes.values() if scope.kind not in _WITHIN]
    holders = {scope.holder.id: scope for scope in inside if scope.holder is not None}
    for row in rows:
        body = tree.open_body(holders[row["holder"]], restored=True) if "holder" in row else workflow
        _fill(tree, body, row["tasks"])
        body.completed = bool(row.get("completed"))
    return tree


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
    task.triggered = parent is not None and isinstance(parent.task_spec, LoopTask)  # no flow leads to an item
    if ARRIVED in row:
        task.internal_data[ARRIVED] = row[ARRIVED]
    if "count" in row:
        read_count(task, row["count"])
    if task.has_state(TaskState.WAITING) and isinstance(spec, CatchingEvent):
        body.top_workflow.event_manager.add_task(task)
    return task
