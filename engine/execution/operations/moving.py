"""A token is moved: what it holds is cancelled, it may leave what it is alone in, and enters the target from outside in."""

from __future__ import annotations

from engine.execution.compiler import ProgramCode
from engine.execution.compiler.code import Does, NodeCode
from engine.execution.machine.arming import arm_scope
from engine.execution.machine.run import Run, body_of, is_repeated
from engine.execution.machine.state import DEADLOCK, Scope, ScopeKind, Token
from engine.execution.operations.balance import Faults, unbalanced
from engine.execution.operations.bodies import container_of, is_undoing, way_in
from engine.execution.operations.entering import (
    allowed,
    enter,
    refusal,
    refusal_to_begin,
    refuse_second,
    refuse_unreset,
)
from engine.execution.operations.looking import join_of
from engine.execution.operations.records import At, Change, ChangeKind, Operated
from engine.execution.operations.telling import changes_of, naming
from engine.execution.operations.working import begun, finished, named, token_of
from engine.execution.runtime import IncidentRaised, Step
from engine.model.errors import Conflict, Message, NotFound

CANCELLED = "cancelled"


def move_token(program: ProgramCode, state: str, token: str, *, to: str, at: At) -> Operated:
    """Move a place's token, or what waits at a half-filled join, to another element.

    Raises Conflict where that would leave something behind, need something that is not said, or never end.
    """
    run = begun(program, state, at)
    before = unbalanced(run.state)
    join = join_of(run, token)
    moving = token_of(run, token) if join is None else _released(run, *join)
    change = _move(run, moving, to)
    refuse_unbalanced(run, before)
    step = finished(run)
    refuse_deadlock(step)
    return Operated(step, (change, *changes_of(step.happenings, naming(program))))


def _released(run: Run, scope: Scope, index: int) -> Token:
    """What came to the join becomes one token that stands there."""
    node = scope.process.nodes[index]
    scope.joins.pop(index)
    scope.resets.pop(index, None)
    run.settle_joins(scope, node)
    return run.spawn(scope, node)


def _move(run: Run, token: Token, to: str) -> Change:
    if is_undoing(token.scope) or any(scope.kind is ScopeKind.UNDO for scope in token.below.values()):
        raise Conflict(
            "move_undoing",
            "“{element}” belongs to what is being made undone; let that come to its end first.",
            element=named(token.node),
        )
    moving, target, way = _way(token, to)
    _check_target(moving, target, way)
    start, left = token.node, moving.node
    run.clear(moving, CANCELLED)
    enter(run, moving, way, target)
    if left.does is Does.EVENT_SUBPROCESS:
        arm_scope(run, moving.scope)  # what it had interrupted is at work again
    message = Message(
        "operation_moved",
        "The case goes on at “{target}” instead of “{element}”.",
        {"element": named(start), "target": named(target)},
    )
    return Change(ChangeKind.TOKEN_MOVED, target.id, message)


def _way(token: Token, to: str) -> tuple[Token, NodeCode, list[NodeCode]]:
    """Go outward until the target lies inside: give who moves then, the target, and the subprocesses that it enters."""
    while True:
        scope = token.scope
        refuse_unreset(scope)
        if is_repeated(token):
            raise Conflict(
                "move_item",
                "“{element}” is one of several items; move something inside it, or the whole activity.",
                element=named(token.node),
            )
        target = scope.process.by_id.get(to)
        way = way_in(scope.process, target, container_of(scope)) if target is not None else None
        if target is not None and way is not None:
            return token, target, way
        token = _leave(token, to)


def _leave(token: Token, to: str) -> Token:
    """Give the token around; raise Conflict where something else is at work beside this one."""
    scope = token.scope
    if scope.holder is None:
        raise NotFound("target_unknown", "There is no “{element}” that the case could go on at.", element=to)
    others = [named(other.node) for other in scope.tokens.values() if other is not token]
    others += [named(scope.process.nodes[index]) for index in scope.joins]
    if others:
        raise Conflict(
            "move_leaves_others",
            "Moving “{element}” out of “{scope}” would leave behind what is open there: {others}. Move or finish that first.",
            element=named(token.node),
            scope=named(scope.holder.node),
            others=", ".join(others),
        )
    return scope.holder


def _check_target(moving: Token, target: NodeCode, way: list[NodeCode]) -> None:
    allowed(refusal(target))
    for outer in way:
        allowed(refusal_to_begin(outer))
    if way:
        refuse_second(moving, way[0])
    if moving.node.does is Does.EVENT_SUBPROCESS and not interrupts(moving):
        raise Conflict(
            "move_beside",
            "“{element}” runs beside the rest of the case; what is open in it can only be finished there.",
            element=named(moving.node),
        )


def interrupts(holder: Token) -> bool:
    """Whether the event subprocess at work here has interrupted all else in its scope."""
    starters = body_of(holder.scope).starters
    return any(starter.interrupting for starter in starters if starter.node == holder.node.index)


def refuse_unbalanced(run: Run, before: Faults) -> None:
    """Raise Conflict where a parallel join could no longer be filled, or would be filled twice."""
    for scope_id, join, _ in sorted(unbalanced(run.state) - before):
        node = run.state.scopes[scope_id].process.by_id[join]
        raise Conflict(
            "move_unbalances",
            "“{join}” brings ways together; one of them would be missing there, or come twice. Choose an "
            "element on the same way, or move each of these ways.",
            join=named(node),
        )


def refuse_deadlock(step: Step) -> None:
    """Raise Conflict where something would now wait for ever."""
    for happening in step.happenings:
        if isinstance(happening, IncidentRaised) and happening.message.code == DEADLOCK:
            raise Conflict(
                "move_deadlocks",
                "“{join}” would wait for a token that can never come; choose another element.",
                join=str(happening.message.params["element"]),
            )
