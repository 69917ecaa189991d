"""Joins keep counts of tokens per incoming flow; R7 decides when an inclusive one fires, R8 when none ever will."""

from __future__ import annotations

from collections.abc import Container, Mapping

from engine.execution.compiler.code import Does, NodeCode
from engine.execution.machine.run import Run
from engine.execution.machine.state import DEADLOCK, Phase, Scope, Token, Trouble
from engine.execution.runtime import IncidentRaised
from engine.model.errors import Message


def arrive_at_join(run: Run, token: Token) -> None:
    """Count the token in; a parallel join that is full fires at once, an inclusive one is judged at rest."""
    scope, node = token.scope, token.node
    counts = scope.joins.setdefault(node.index, {})
    counts[token.via] = counts.get(token.via, 0) + 1
    run.remove(token)
    if node.needs > 1:
        if sum(counts.values()) >= node.needs:
            _fire(run, scope, node, _first(counts, node))
    elif node.does is Does.PARALLEL and len(counts) == len(node.incoming):
        _fire(run, scope, node, dict.fromkeys(counts, 1))


def _first(counts: dict[str, int], node: NodeCode) -> dict[str, int]:
    """As many tokens as the node needs, by the order of its flows."""
    left, taken = node.needs, dict[str, int]()
    for flow in node.incoming:
        taken[flow] = min(counts.get(flow, 0), left)
        left -= taken[flow]
    return taken


def _fire(run: Run, scope: Scope, node: NodeCode, taken: Mapping[str, int]) -> None:
    """Take these tokens from the flows and go on with one."""
    counts = scope.joins.pop(node.index)
    if taken != counts:  # most take all that came
        left = {flow: count - taken.get(flow, 0) for flow, count in counts.items() if count > taken.get(flow, 0)}
        if left:
            scope.joins[node.index] = left
    if run.state.troubles:
        run.settle_joins(scope, node)
    run.log.append(node.entered)
    token = run.spawn(scope, node)
    token.phase = Phase.PERFORM
    run.queue.appendleft(token)


def judge_inclusive(run: Run) -> bool:
    """Fire the first inclusive join that may, now that nothing else can move; say whether one did."""
    for scope in run.state.scopes.values():
        for index in sorted(scope.joins):
            node = scope.process.nodes[index]
            if node.does is Does.INCLUSIVE and _may_fire(scope, node):
                _fire(run, scope, node, dict.fromkeys(scope.joins[index], 1))
                return True
    return False


def _may_fire(scope: Scope, join: NodeCode) -> bool:
    return not is_expected(scope, join, scope.joins[join.index])


def is_expected(scope: Scope, join: NodeCode, came: Container[str]) -> bool:
    """BPMN 2.0.2, 13.4.3: whether a token has a path to a flow on which none came, and none to a flow on which one did."""
    reaches = scope.process.reaches[join.index]
    filled = empty = 0
    for flow, mask in zip(join.incoming, reaches, strict=True):
        if flow in came:
            filled |= mask
        else:
            empty |= mask
    blocking = empty & ~filled
    return any(blocking >> place & 1 for place in _places(scope, join.index))


def _places(scope: Scope, but: int) -> set[int]:
    """Where the scope's tokens are: active nodes, and the other joins that hold some."""
    return {token.node.index for token in scope.tokens.values()} | {index for index in scope.joins if index != but}


def judge_deadlocks(run: Run) -> None:
    """Raise an incident for each join that no token can ever fill (R8)."""
    for scope in run.state.scopes.values():
        if not scope.joins:
            continue
        known = {
            trouble.node.index
            for trouble in run.state.troubles.values()
            if trouble.token is None and trouble.scope is scope
        }
        for index in _dead(scope):
            if index not in known:
                _raise_deadlock(run, scope, scope.process.nodes[index])


def _dead(scope: Scope) -> list[int]:
    """The joins with an empty flow that neither a live token nor a join with hope has a path to."""
    hopeful = {token.node.index for token in scope.tokens.values()}
    waiting = sorted(scope.joins)
    grew = True
    while grew and waiting:
        places = sum(1 << place for place in hopeful)
        filled = [index for index in waiting if _has_hope(scope, index, places)]
        grew = bool(filled)
        hopeful.update(filled)
        waiting = [index for index in waiting if index not in hopeful]
    return waiting


def _has_hope(scope: Scope, index: int, places: int) -> bool:
    join = scope.process.nodes[index]
    if join.does is Does.INCLUSIVE:
        return bool(places)
    counts = scope.joins[index]
    reaches = scope.process.reaches[index]
    if join.needs > 1 or join.does is Does.COMPLEX:
        return any(mask & places for mask in reaches)
    return all(flow in counts or mask & places for flow, mask in zip(join.incoming, reaches, strict=True))


def _raise_deadlock(run: Run, scope: Scope, join: NodeCode) -> None:
    trouble = Trouble(str(run.state.number()), DEADLOCK, scope, join)
    run.state.troubles[trouble.id] = trouble
    message = Message(
        "deadlock",
        "“{element}” waits for a token that can never come; move the token on, or correct the diagram.",
        {"element": join.source.name or join.id},
    )
    run.log.append(IncidentRaised(trouble.id, join.id, message))
