"""A complex gateway goes on when its activation condition is true, and starts anew when the other flows have come (13.4.5)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.compiler.code import Does, NodeCode
from engine.execution.expressions import is_true
from engine.execution.machine.joins import is_expected
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Scope, Token
from engine.model.errors import MakegoodError

Counts = dict[str, int]


def arrive_at_complex(run: Run, token: Token) -> None:
    """Count the token in; the first that makes the condition true lets the gateway go on, later ones wait for its reset."""
    scope, node = token.scope, token.node
    counts = dict(scope.joins.get(node.index, {}))
    counts[token.via] = counts.get(token.via, 0) + 1
    active = node.index not in scope.resets and _is_active(run, scope, node, counts)
    run.remove(token)
    scope.joins[node.index] = counts
    if active:
        _start(run, scope, node)


def _is_active(run: Run, scope: Scope, node: NodeCode, counts: Mapping[str, int]) -> bool:
    if node.activation is None:
        return True
    seen = {**{flow: counts.get(flow, 0) for flow in node.incoming}, **_told(sum(counts.values()), start=True)}
    return is_true(node.activation.evaluate(run.view(scope, seen)))


def _told(count: int, *, start: bool) -> dict[str, object]:
    """The gateway's own attributes, under the names that BPMN gives them."""
    return {"activationCount": count, "waitingForStart": start}


def _start(run: Run, scope: Scope, node: NodeCode) -> None:
    """First phase: one token of each flow that holds some goes in; the gateway remembers from which."""
    counts = scope.joins[node.index]
    scope.resets[node.index] = [flow for flow in node.incoming if flow in counts]
    total = sum(counts.values())
    _take(scope, node, set(counts))
    if run.state.troubles:
        run.settle_joins(scope, node)
    run.log.append(node.entered)
    _send(run, scope, node, _told(total, start=True))


def _take(scope: Scope, node: NodeCode, flows: set[str]) -> None:
    left = {flow: count - (flow in flows) for flow, count in scope.joins[node.index].items()}
    left = {flow: count for flow, count in left.items() if count}
    if left:
        scope.joins[node.index] = left
    else:
        del scope.joins[node.index]


def _send(run: Run, scope: Scope, node: NodeCode, told: dict[str, object]) -> None:
    token = run.spawn(scope, node)
    token.phase = Phase.PERFORM
    token.inputs = told
    run.queue.appendleft(token)


def judge_resets(run: Run) -> bool:
    """Reset the first gateway whose other flows have come or cannot come any more; say whether one did."""
    for scope in run.state.scopes.values():
        for index in sorted(scope.resets):
            node = scope.process.nodes[index]
            if node.does is Does.COMPLEX and _may_reset(scope, node):
                _reset(run, scope, node)
                return True
    return False


def _may_reset(scope: Scope, node: NodeCode) -> bool:
    came = {*scope.resets[node.index], *scope.joins.get(node.index, {})}
    return not is_expected(scope, node, came)


def _reset(run: Run, scope: Scope, node: NodeCode) -> None:
    """Second phase: what came on the other flows goes in; then the gateway waits for its start again."""
    first = set(scope.resets.pop(node.index))
    counts = scope.joins.get(node.index, {})
    taken = set(counts) - first
    if counts:
        _take(scope, node, taken)
    _send(run, scope, node, _told(len(taken), start=False))
    left = scope.joins.get(node.index)
    if left and _is_active_again(run, scope, node, left):
        _start(run, scope, node)


def _is_active_again(run: Run, scope: Scope, node: NodeCode, counts: Mapping[str, int]) -> bool:
    try:
        return _is_active(run, scope, node, counts)
    except MakegoodError:  # the next arrival judges it again and shows what is wrong
        return False
