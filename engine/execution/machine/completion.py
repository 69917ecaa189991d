"""An activity's work is done: what it gave is taken over, the trace grows, and its token goes on, or its item counts."""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.machine.ad_hoc import is_over
from engine.execution.machine.compensation import remember
from engine.execution.machine.flows import leave
from engine.execution.machine.multiple import item_ends, round_ends
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Role, Scope, ScopeKind, Token, Waiting, WaitKind
from engine.model.values import bounded

Data = dict[str, object]


# An enumeration's member costs a look-up each time it is named; these are named at every move.
_ITEM, _LOOP, _AD_HOC = ScopeKind.ITEM, ScopeKind.LOOP, ScopeKind.AD_HOC
_TAKE, _PASS_ON, _LEAVE = Phase.TAKE, Phase.PASS_ON, Phase.LEAVE


def complete(run: Run, token: Token) -> None:
    """Take over what the node gave, record its completion and go on; nothing has changed where an expression fails."""
    token.phase = _TAKE
    node = token.node
    if node.outputs or token.data:
        take_over(run, token)
    if node.keeps:
        remember(token)
    if token.waits:
        for waiting in list(token.waits.values()):
            run.close(waiting, "ended")
    if token.below:
        for scope in list(token.below.values()):
            run.close_scope(scope)
    token.data = None
    run.log.append(node.completed)
    if node.quick and token.scope.kind is not _AD_HOC:
        leave(run, token)
    else:
        pass_on(run, token)


def pass_on(run: Run, token: Token) -> None:
    """Go on behind the node without taking anything over."""
    scope, node = token.scope, token.node
    token.phase = _PASS_ON
    if scope.node is node and (scope.kind is _ITEM or scope.kind is _LOOP):
        (item_ends if scope.kind is _ITEM else round_ends)(run, token)
    elif scope.kind is _AD_HOC and is_over(run, token):
        return
    elif node.pauses_after:
        token.phase = _LEAVE
        pause(run, token)
    else:
        leave(run, token)


def pause(run: Run, token: Token) -> None:
    """End the step before the token goes on; a job carries it further (R4)."""
    waiting = Waiting(WaitKind.JOB, Role.OWN, token.node, {"go": token.phase.value})
    run.open(waiting, token)


def take_over(run: Run, token: Token) -> None:
    """Write what the completion gave: mapped names where the mapping says, the others by their own name (R1)."""
    node, data = token.node, token.data or {}
    raw = _part(data, "raw")
    if not node.outputs:
        for name, value in raw.items():
            run.write(token.scope, name, value)
        return
    local = _part(data, "local")
    inner = next(iter(token.below.values()), None)
    view = run.view(inner, local) if inner is not None else run.view(token.scope, local, token.inputs)
    mapped: list[tuple[str, object]] = []
    used: set[str] = set()
    for mapping in node.outputs:
        if mapping.everything and inner is not None:
            mapped += list(inner.vars.items())
        elif mapping.source is not None:
            mapped.append((mapping.target, bounded(mapping.source.evaluate(view), mapping.target)))
            used |= mapping.source.names
    for name, value in raw.items():
        if name not in used:
            run.write(token.scope, name, value)
    outside = _outside(token)
    for name, value in mapped:
        run.write(outside, name, value)


def _part(data: Mapping[str, object], name: str) -> Data:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _outside(token: Token) -> Scope:
    """Where an output mapping writes: beside the activity, for an item beside the whole body (R9)."""
    scope = token.scope
    if scope.kind is ScopeKind.ITEM and scope.node is token.node and scope.holder is not None:
        return scope.holder.scope
    return scope
