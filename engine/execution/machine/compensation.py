"""What was done is made undone in reverse order of completion, by the activities that the diagram draws for it (R26)."""

from __future__ import annotations

from engine.execution.compiler.code import EventCode
from engine.execution.machine.firing import at_boundary, start_event_subprocess
from engine.execution.machine.run import Run, Stuck, is_repeated
from engine.execution.machine.state import Done, Phase, Scope, ScopeKind, Token
from engine.model.bpmn import EventKind, NodeKind

UNWAITED = "unwaited"
_INSIDE = frozenset({ScopeKind.SUBPROCESS, ScopeKind.RESTORED})


def remember(token: Token) -> None:
    """Keep of a completed activity what its compensation needs; it is dropped with the scope around it."""
    scope, inner = token.scope, next(iter(token.below.values()), None)
    kept = {**(scope.vars if scope.kind is ScopeKind.ITEM else {}), **(inner.vars if inner is not None else {})}
    home = scope.holder.scope if is_repeated(token) and scope.holder is not None else scope
    home.done.append(Done(token.node, kept, inner.done if inner is not None else []))


def throw_compensation(run: Run, token: Token, event: EventCode) -> None:
    """Undo what was done around the token, or one activity; the token waits for it, or goes on beside it."""
    activity = event.activity
    around = _around(token.scope)
    chosen = [done for done in around.done if activity in ("", done.node.id)]
    around.done = [done for done in around.done if done not in chosen]
    if event.waits:
        _undo(run, token, chosen, around)
        return
    beside = run.spawn(token.scope, token.node)
    beside.data = {UNWAITED: True}
    _undo(run, beside, chosen, around)
    token.phase = Phase.TAKE
    run.queue.appendleft(token)


def _around(scope: Scope) -> Scope:
    """An event subprocess undoes what was done in the scope that it watches."""
    while scope.kind is ScopeKind.EVENT and scope.holder is not None:
        scope = scope.holder.scope
    return scope


def _undo(run: Run, holder: Token, chosen: list[Done], around: Scope) -> None:
    undo = run.open_scope(ScopeKind.UNDO, around.process, holder, around)
    undo.done = chosen
    holder.phase = Phase.HOLD
    run.finished.append(undo)


def undo_next(run: Run, undo: Scope) -> None:
    """Undo the last that is left; when nothing is, whoever waited goes on."""
    if not undo.done:
        _all_undone(run, undo)
        return
    done = undo.done.pop()
    node = done.node
    if node.undo >= 0:
        undo.vars = done.vars
        run.queue.appendleft(run.spawn(undo, undo.process.nodes[node.undo]))
        return
    holder = run.spawn(undo, node)
    restored = run.open_scope(ScopeKind.RESTORED, undo.process, holder, undo)
    restored.vars, restored.done = done.vars, done.inner
    if node.body is not None and node.body.undo is not None:
        holder.phase = Phase.HOLD
        start_event_subprocess(run, restored, node.body.undo, None)
    else:
        inner, restored.done = restored.done, []
        _undo(run, holder, inner, restored)


def _all_undone(run: Run, undo: Scope) -> None:
    holder = undo.holder
    if holder is None:
        return
    run.close_scope(undo)
    if holder.node.source.kind in (NodeKind.SUBPROCESS, NodeKind.TRANSACTION, NodeKind.AD_HOC):
        give_up(run, holder)
    elif any(event.kind is EventKind.CANCEL for event in holder.node.events):
        _leave_transaction(run, holder)
    elif holder.data and holder.data.get(UNWAITED):
        run.drop(holder)
    else:
        holder.phase = Phase.TAKE
        run.queue.appendleft(holder)


def give_up(run: Run, holder: Token) -> None:
    """A completed subprocess has been undone: what was restored for it goes away."""
    run.clear(holder, "ended")
    run.drop(holder)


def cancel_transaction(run: Run, token: Token) -> None:
    """End everything in the transaction around the token, undo what was done in it, and leave it by its cancel event."""
    scope: Scope | None = token.scope
    while scope is not None and not (scope.kind in _INSIDE and _is_transaction(scope)):
        scope = scope.holder.scope if scope.holder is not None else None
    if scope is None:
        raise Stuck("cancel_outside", "“{element}” cancels, but no transaction is around it.", element=token.node.id)
    run.log.append(token.node.completed)
    for each in run.empty(scope, "cancelled"):
        run.clear(each, "cancelled")
    canceller = run.spawn(scope, token.node)
    chosen, scope.done = scope.done, []
    _undo(run, canceller, chosen, scope)


def _is_transaction(scope: Scope) -> bool:
    return scope.node is not None and scope.node.source.kind is NodeKind.TRANSACTION


def _leave_transaction(run: Run, canceller: Token) -> None:
    """Go on at the cancel boundary event, which belongs to all items of a repeated transaction (R9); without one it just ends."""
    scope, holder = canceller.scope, canceller.scope.holder
    while holder is not None and is_repeated(holder):
        holder = holder.scope.holder
    if holder is None:
        return
    nodes = scope.process.nodes
    for index in holder.node.boundaries:
        if any(event.kind is EventKind.CANCEL for event in nodes[index].events):
            at_boundary(run, holder, nodes[index], None)
            return
    run.drop(canceller)
