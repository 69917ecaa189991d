"""Multi-instance and loops on both pictures: our scopes hold the values and outputs, SpiffWorkflow counts what is done."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine.execution.machine.multiple import begin, item_ends, round_ends
from engine.execution.machine.state import Phase, ScopeKind, Token
from engine.execution.spiff.moving import Movement, complete_task
from engine.execution.spiff.repeats import children_of, view_after
from engine.execution.spiff.tree import lost


def begin_repeated(move: Movement, token: Token) -> None:
    """Open the body with its first items or its first round; nothing to do makes the activity done at once."""
    move.rules.view = dict(move.run.view(token.scope, {"loopCounter": 0}))
    begin(move.run, token)
    task = move.tree.tasks.get(token.id)
    if task is None:
        raise lost(token.scope)
    task.run()
    _stand(move, token)
    if not children_of(task):
        task._set_state(TaskState.READY)
    _check(move, token)


def end_repeated(move: Movement, token: Token) -> None:
    """An item or round is done: outputs are collected, and SpiffWorkflow begins the next or says that it was the last."""
    holder = token.scope.holder
    if holder is None:
        raise lost(token.scope)
    move.rules.view = view_after(move.run, token)
    (item_ends if token.scope.kind is ScopeKind.ITEM else round_ends)(move.run, token)
    complete_task(move, token)
    _stand(move, holder)
    _check(move, holder)


def _stand(move: Movement, holder: Token) -> None:
    """Put new items at the tasks that SpiffWorkflow has made for them, in their order."""
    tasks = children_of(move.tree.tasks[holder.id])
    inside = [token for scope in holder.below.values() for token in scope.tokens.values()]
    if len(tasks) != len(inside):
        raise lost(holder.scope)
    for token, task in zip(inside, tasks, strict=True):
        if token.id not in move.tree.tasks:
            move.tree.put(token.id, task)


def _check(move: Movement, holder: Token) -> None:
    done = move.tree.tasks[holder.id].state == TaskState.READY
    if done != (holder.phase is Phase.PASS_ON):
        raise lost(holder.scope)
