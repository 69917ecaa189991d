"""Tokens move over SpiffWorkflow's tree: it says what follows a task, when a join fires and when a body is complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Scope, ScopeKind, Token
from engine.execution.machine.throwing import end_instance
from engine.execution.spiff.specs import CAME, OurRules
from engine.execution.spiff.tree import TOKEN, Tree, below, is_fresh, lost, node_of, place_of
from engine.model.errors import Conflict


class Walk(Run):
    """A step that lets SpiffWorkflow know where boundary events and event subprocesses put tokens."""

    __slots__ = ("move",)
    move: Movement

    def crossed(self, host: Token, token: Token) -> None:
        """The token stands at SpiffWorkflow's boundary task beside the host's."""
        task = self.move.tree.tasks.get(host.id)
        if task is None:
            raise lost(host.scope)
        hand_over(self.move, task, token)

    def began_inside(self, holder: Token, token: Token, *, interrupting: bool) -> None:
        """SpiffWorkflow gets a task for the event subprocess, with a body inside."""
        begin_beside(self.move, holder, token, interrupting=interrupting)


@dataclass(slots=True)
class Movement:
    """One step at work: our run with scopes, waits and happenings, and SpiffWorkflow's tree beside it."""

    run: Run
    tree: Tree
    rules: OurRules


def begin_body(move: Movement, scope: Scope) -> None:
    """Put a workflow inside the holder's task, run its hidden first task and put tokens at its starts, before all others."""
    body = move.tree.workflow
    if scope.holder is not None:
        body = _open_inside(move, scope)
    body.task_tree.run()
    _run_hidden(body)
    first = [_token_at(move, task, scope) for task in _fresh(body.task_tree)]
    move.run.queue.extendleft(reversed(first))
    close_when_done(move, body, scope)


def begin_at(move: Movement, token: Token) -> None:
    """Begin a body at one start event, whose trigger has come; its other starts are left alone."""
    scope = token.scope
    body = move.tree.workflow if scope.holder is None else _open_inside(move, scope)
    start = body.task_tree
    start._drop_children(force=True)
    start._set_state(TaskState.COMPLETED)
    move.tree.put(token.id, _added(start, body.spec.task_specs[f"node:{token.node.id}"]))


def _open_inside(move: Movement, scope: Scope) -> Any:
    body = move.tree.open_body(scope)
    if scope.holder is not None:
        move.tree.tasks[scope.holder.id]._set_state(TaskState.STARTED)
    return body


def begin_beside(move: Movement, holder: Token, token: Token, *, interrupting: bool) -> None:
    """An event subprocess begins in a body: SpiffWorkflow would not end what it interrupts, so all of that is cancelled."""
    body = move.tree.body_of(holder.scope)
    if body is None:
        raise lost(holder.scope)
    if interrupting:
        for task in list(body.tasks.values()):
            if task.has_state(TaskState.NOT_FINISHED_MASK) and task.id in body.tasks:
                task.internal_data.pop(TOKEN, None)
                task.cancel()
    move.tree.put(holder.id, _added(body.task_tree, body.spec.task_specs[f"node:{holder.node.id}"]))
    begin_at(move, token)


def _added(above: Any, spec: Any) -> Any:
    """A task below another that no flow leads to."""
    task = above._add_child(spec, TaskState.READY)
    task.triggered = True
    spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
    return task


def run_task(move: Movement, token: Token) -> None:
    """Let SpiffWorkflow complete the token's task, with what the token sees."""
    move.rules.view = move.run.view(token.scope)
    complete_task(move, token)


def complete_task(move: Movement, token: Token) -> None:
    """Let SpiffWorkflow complete a task; a gateway without a way out leaves it as it was."""
    task = move.tree.tasks.get(token.id)
    if task is None:
        raise lost(token.scope)
    try:
        if isinstance(task.task_spec, CatchingEvent) and task.state == TaskState.WAITING:
            task.task_spec.catch(task, None)
            task.task_spec._update(task)
        if task.state != TaskState.COMPLETED:  # else its ways out could not be chosen, and are tried again
            task.run()
    except SpiffWorkflowException as error:
        task._set_state(TaskState.READY)
        raise Conflict(
            "spiff_failed",
            "SpiffWorkflow could not go on at “{element}”: {reason}",
            element=token.node.source.name or token.node.id,
            reason=str(error),
        ) from error
    finally:
        if task.state == TaskState.ERROR:
            task._set_state(TaskState.READY)
    _run_hidden(task.workflow)


def take_branch(move: Movement, token: Token) -> None:
    """The event-based gateway is decided: SpiffWorkflow goes on behind it, at the event that came."""
    task = move.tree.tasks.get(token.id)
    if task is None or place_of(task.task_spec) == token.node.index:
        return
    task.internal_data[CAME] = token.node.index
    run_task(move, token)
    move.tree.put(token.id, task.children[0])


def follow(move: Movement, token: Token) -> None:
    """Carry the token to what has become alive behind its task; several places make new tokens in their order (R3)."""
    run, scope = move.run, token.scope
    done = move.tree.tasks.pop(token.id)
    fresh = _fresh(done)
    if len(fresh) == 1:
        _settle_at(move, token, fresh[0])
        run.queue.appendleft(token)
    else:
        run.queue.extend([_token_at(move, task, scope) for task in fresh])
        run.remove(token)
    close_when_done(move, done.workflow, scope)


def close_when_done(move: Movement, body: Any, scope: Scope) -> None:
    """A body that SpiffWorkflow says is complete ends the activity around it, or the instance."""
    run = move.run
    if not body.completed or scope.joins or run.state.ended or scope.id not in run.state.scopes:
        return
    if scope.tokens:
        raise lost(scope)
    if scope.kind is ScopeKind.ROOT:
        end_instance(run, "completed")
    elif scope.holder is not None:
        scope.holder.phase = Phase.TAKE
        run.queue.appendleft(scope.holder)


def hand_over(move: Movement, host: Any, token: Token) -> None:
    """A boundary event fired: its token stands at SpiffWorkflow's boundary task beside the host's."""
    split = host.parent
    if split is None:
        raise lost(token.scope)
    boundary = next(
        (
            task
            for task in split.children
            if place_of(task.task_spec) == token.node.index and task.state == TaskState.WAITING
        ),
        None,
    )
    if boundary is None:
        raise lost(token.scope)
    if token.node.source.interrupting:
        host.internal_data.pop(TOKEN, None)
        host.cancel()
    else:
        _arm_again(split, boundary.task_spec)
    move.tree.put(token.id, boundary)


def _arm_again(split: Any, spec: Any) -> None:
    """SpiffWorkflow's own repeating events drop their running branches with the activity; a new sibling does not."""
    again = split._add_child(spec, state=TaskState.WAITING)
    again.triggered = True
    spec._predict(again, mask=TaskState.NOT_FINISHED_MASK)
    spec._update(again)


def _run_hidden(body: Any) -> None:
    """Run what SpiffWorkflow has put between the diagram's elements, until only those are left."""
    while True:
        hidden = [t for t in body.tasks.values() if t.state == TaskState.READY and place_of(t.task_spec) is None]
        if not hidden:
            return
        try:
            hidden[0].run()
        finally:
            if hidden[0].state == TaskState.ERROR:
                hidden[0]._set_state(TaskState.READY)


def _fresh(above: Any) -> list[Any]:
    """Tasks of the diagram's elements below a task that have become alive and have no token yet, in the order of their flows."""
    return [task for task in below(above) if is_fresh(task)]


def _way_to(scope: Scope, task: Any) -> str:
    """The flow that led to a join."""
    before = task.parent
    source = node_of(scope, before if place_of(before.task_spec) is not None else before.parent)
    return next(flow.id for flow in source.outgoing if flow.target == place_of(task.task_spec))


def _token_at(move: Movement, task: Any, scope: Scope) -> Token:
    token = move.run.spawn(scope, node_of(scope, task))
    _settle_at(move, token, task)
    return token


def _settle_at(move: Movement, token: Token, task: Any) -> None:
    token.node = node_of(token.scope, task)
    token.via = _way_to(token.scope, task) if token.node.joins else ""
    token.phase = Phase.ENTER
    token.inputs = None
    token.data = None
    move.tree.put(token.id, task)
