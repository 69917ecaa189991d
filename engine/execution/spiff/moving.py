"""Tokens move over SpiffWorkflow's tree: it says what follows a task, when a join fires and when a body is complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.execution.compiler.code import Does, NodeCode
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Scope, ScopeKind, Token, Trouble
from engine.execution.machine.throwing import end_instance
from engine.execution.runtime import IncidentRaised
from engine.execution.spiff.building import place_of
from engine.execution.spiff.specs import OurRules
from engine.execution.spiff.tree import ARRIVED, TOKEN, Tree, below, is_fresh, lost
from engine.model.errors import Conflict, Message


@dataclass(slots=True)
class Movement:
    """One step at work: our run with scopes, waits and happenings, and SpiffWorkflow's tree beside it."""

    run: Run
    tree: Tree
    rules: OurRules


def begin_body(move: Movement, body: Any, scope: Scope) -> None:
    """Run a body's hidden first task and put tokens at its starts, before all others."""
    if body is move.tree.workflow:
        body.task_tree.run()
    _run_hidden(body)
    first = [_token_at(move, task, scope) for task in _fresh(body.task_tree)]
    move.run.queue.extendleft(reversed(first))
    close_when_done(move, body, scope)


def run_task(move: Movement, token: Token) -> None:
    """Let SpiffWorkflow complete the token's task; a gateway without a way out leaves it as it was."""
    task = move.tree.tasks.get(token.id)
    if task is None:
        raise lost(token.scope)
    move.rules.view = move.run.view(token.scope)
    try:
        if isinstance(task.task_spec, CatchingEvent) and task.state == TaskState.WAITING:
            task.task_spec.catch(task, None)
            task.task_spec._update(task)
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


def follow(move: Movement, token: Token) -> None:
    """Carry the token to what has become alive behind its task; several places make new tokens in their order (R3)."""
    run, scope = move.run, token.scope
    done = move.tree.tasks.pop(token.id)
    fresh = [task for task in _fresh(done) if not (_is_join(scope, task) and not _joins(move, task, scope))]
    if len(fresh) == 1 and not _is_join(scope, fresh[0]):
        _settle_at(move, token, fresh[0])
        run.queue.appendleft(token)
    else:
        run.remove(token)
        tokens = [_token_at(move, task, scope) for task in fresh]
        if len(tokens) == 1:
            run.queue.appendleft(tokens[0])
        else:
            run.queue.extend(tokens)
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
        hidden[0].run()


def _fresh(above: Any) -> list[Any]:
    """Tasks of the diagram's elements below a task that have become alive and have no token yet, in the order of their flows."""
    return [task for task in below(above) if is_fresh(task)]


def _node(scope: Scope, task: Any) -> NodeCode:
    place = place_of(task.task_spec)
    if place is None:
        raise lost(scope)
    return scope.process.nodes[place]


def _is_join(scope: Scope, task: Any) -> bool:
    node = _node(scope, task)
    return node.does is Does.PARALLEL and len(node.incoming) > 1


def _joins(move: Movement, task: Any, scope: Scope) -> bool:
    """Count the arrival at a join; say whether it fires. Where SpiffWorkflow and the count differ, people are told."""
    node = _node(scope, task)
    source = _node(scope, task.parent)
    flow = next(flow for flow in source.outgoing if flow.target == node.index)
    counts = scope.joins.setdefault(node.index, {})
    counts[flow.id] = counts.get(flow.id, 0) + 1
    full, fires = len(counts) == len(node.incoming), task.state == TaskState.READY
    if full != fires:
        _raise_difference(move.run, scope, node)
    task.internal_data[ARRIVED] = flow.id
    if not fires:
        return False
    left = {flow_id: count - 1 for flow_id, count in counts.items() if count > 1}
    if left:
        scope.joins[node.index] = left
    else:
        del scope.joins[node.index]
    _forget_arrivals(task, left)
    if move.run.state.troubles:
        move.run.settle_joins(scope, node)
    return True


def _forget_arrivals(join: Any, left: dict[str, int]) -> None:
    """SpiffWorkflow would count the arrivals that a join has used up again in the next round of a loop."""
    body, left = join.workflow, dict(left)
    for task in list(body.tasks.values()):
        if task.task_spec is join.task_spec and task is not join and ARRIVED in task.internal_data:
            flow_id = task.internal_data[ARRIVED]
            if left.get(flow_id, 0) > 0:
                left[flow_id] -= 1
            elif task.state == TaskState.CANCELLED:
                body._remove_task(task.id)


def _raise_difference(run: Run, scope: Scope, node: NodeCode) -> None:
    trouble = Trouble(str(run.state.number()), "spiff_join", scope, node)
    run.state.troubles[trouble.id] = trouble
    message = Message(
        "spiff_join",
        "SpiffWorkflow counts the tokens at “{element}” differently from BPMN; remove mg:runtime from the process.",
        {"element": node.source.name or node.id},
    )
    run.happenings.append(IncidentRaised(trouble.id, node.id, message))


def _token_at(move: Movement, task: Any, scope: Scope) -> Token:
    token = move.run.spawn(scope, _node(scope, task))
    _settle_at(move, token, task)
    return token


def _settle_at(move: Movement, token: Token, task: Any) -> None:
    token.node = _node(token.scope, task)
    token.via = ""
    token.phase = Phase.ENTER
    token.inputs = None
    token.data = None
    move.tree.put(token.id, task)
