"""A case goes back to a task that was done: what came from it since is cancelled, what runs beside it stays."""

from __future__ import annotations

from collections.abc import Collection

from engine.execution.compiler import ProgramCode
from engine.execution.compiler.code import Does, NodeCode
from engine.execution.machine.run import Run
from engine.execution.machine.state import Scope, ScopeKind
from engine.execution.operations.balance import unbalanced
from engine.execution.operations.bodies import container_of, downstream, is_undoing, way_in
from engine.execution.operations.entering import allowed, enter, refusal, refusal_to_begin, refuse_unreset
from engine.execution.operations.moving import CANCELLED, interrupts, refuse_deadlock
from engine.execution.operations.records import At, Change, ChangeKind, Operated
from engine.execution.operations.telling import changes_of, naming
from engine.execution.operations.working import begun, finished, named
from engine.model.errors import Conflict, Message, NotFound

_BODIES = frozenset({ScopeKind.ROOT, ScopeKind.CALL, ScopeKind.SUBPROCESS, ScopeKind.EVENT, ScopeKind.AD_HOC})
_NO_TASKS = frozenset(
    {
        Does.EXCLUSIVE,
        Does.PARALLEL,
        Does.INCLUSIVE,
        Does.COMPLEX,
        Does.EVENT_BASED,
        Does.END,
        Does.BOUNDARY,
        Does.EVENT_SUBPROCESS,
    }
)


def rewind(program: ProgramCode, state: str, to: str, *, history: Collection[str], at: At) -> Operated:
    """Go back to an activity of the history. Raises Conflict where it was not done, is open, or several readings are possible."""
    run = begun(program, state, at)
    if to not in history:
        raise Conflict(
            "rewind_not_done",
            "“{element}” has not been done in this case; choose something that has.",
            element=naming(program)(to),
        )
    scope, target, way = _home(run, to)
    _check(scope, target, way)
    before = unbalanced(run.state)
    _cancel(run, scope, way[0] if way else target)
    _refuse_ahead(scope, way[0] if way else target)
    enter(run, run.spawn(scope, target), way, target)
    for scope_id, join, _ in sorted(unbalanced(run.state) - before):
        raise Conflict(
            "rewind_joined",
            "“{join}” has brought “{element}” together with other ways since; going back to it alone would leave "
            "“{join}” without these. Go back to an element before the ways part, or move what is open.",
            join=named(run.state.scopes[scope_id].process.by_id[join]),
            element=named(target),
        )
    step = finished(run)
    refuse_deadlock(step)
    message = Message("operation_rewound", "The case goes back to “{element}”.", {"element": named(target)})
    told = changes_of(step.happenings, naming(program))
    return Operated(step, (Change(ChangeKind.TOKEN_MOVED, target.id, message), *told))


def _home(run: Run, to: str) -> tuple[Scope, NodeCode, list[NodeCode]]:
    """Give the innermost live level around the element, the element, and the subprocesses to begin again on the way to it."""
    found: list[tuple[Scope, NodeCode, list[NodeCode]]] = []
    for scope in run.state.scopes.values():
        target = scope.process.by_id.get(to) if scope.kind in _BODIES else None
        way = way_in(scope.process, target, container_of(scope)) if target is not None else None
        if target is not None and way is not None:
            found.append((scope, target, way))
    if not found:
        raise NotFound(
            "rewind_gone",
            "“{element}” lies in a called process that has ended; go back to the element that called it.",
            element=to,
        )
    shortest = min(len(way) for _, _, way in found)
    nearest = [place for place in found if len(place[2]) == shortest]
    if len(nearest) > 1:
        raise Conflict(
            "rewind_several",
            "“{element}” lies in a part of the process that is at work several times, and it is not said which is meant; "
            "move what is open there instead.",
            element=named(nearest[0][1]),
        )
    return nearest[0]


def _check(scope: Scope, target: NodeCode, way: list[NodeCode]) -> None:
    if target.does in _NO_TASKS:
        raise Conflict(
            "rewind_no_task", "“{element}” is nothing that is done; choose a task before it.", element=named(target)
        )
    refuse_unreset(scope)
    allowed(refusal(target))
    for outer in way:
        allowed(refusal_to_begin(outer))
    first = way[0] if way else target
    if any(token.node is first for token in scope.tokens.values()):
        raise Conflict("rewind_open", "“{element}” is open now; there is nothing to go back to.", element=named(first))
    if is_undoing(scope):
        raise Conflict(
            "move_undoing",
            "“{element}” belongs to what is being made undone; let that come to its end first.",
            element=named(target),
        )
    for token in scope.tokens.values():
        if token.node.does is Does.EVENT_SUBPROCESS and interrupts(token):
            raise Conflict(
                "rewind_interrupted",
                "“{element}” was interrupted by “{event}”, which is at work now; move what is open there instead.",
                element=named(target),
                event=named(token.node),
            )


def _refuse_ahead(scope: Scope, start: NodeCode) -> None:
    """What stays open and comes to the start by itself would come there a second time."""
    for token in scope.tokens.values():
        if start.index in downstream(scope.process, token.node):
            raise Conflict(
                "rewind_ahead",
                "“{element}” lies ahead of “{open}”, where the case is now: it comes there by itself. Move what is open, if "
                "it is to go there at once.",
                element=named(start),
                open=named(token.node),
            )


def _cancel(run: Run, scope: Scope, start: NodeCode) -> None:
    """Cancel what came from the start: the tokens behind it, and what they brought to half-filled joins."""
    behind = downstream(scope.process, start)
    for token in [token for token in scope.tokens.values() if token.node.index in behind]:
        run.clear(token, CANCELLED)
        run.remove(token)
    sources = {flow.id: flow.source for node in scope.process.nodes for flow in node.outgoing}
    for index in [index for index in scope.joins if index in behind]:
        counts = scope.joins[index]
        left = {flow: count for flow, count in counts.items() if sources[flow] not in {*behind, start.index}}
        if left != counts:
            run.settle_joins(scope, scope.process.nodes[index])
        if left:
            scope.joins[index] = left
        else:
            del scope.joins[index]
