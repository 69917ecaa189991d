"""An ad hoc subprocess offers its activities without an order, until its completion condition is true (BPMN 2.0.2, 13.3.5)."""

from __future__ import annotations

from engine.execution.compiler.code import AdHocCode, Does
from engine.execution.expressions import is_true
from engine.execution.machine.run import Run, body_of
from engine.execution.machine.state import Scope, Token
from engine.model.bpmn import NodeKind

CLOSING = -1
_EVENTS = frozenset({NodeKind.CATCH_EVENT, NodeKind.THROW_EVENT, NodeKind.BOUNDARY_EVENT})


def offer(run: Run, scope: Scope) -> bool:
    """Begin what may begin now that nothing is at work: all that is there, or the next; say whether there was something.

    `number` counts what was begun. When all has been done and the condition is not yet true, what people do is offered
    again; what runs by itself is not repeated.
    """
    body = body_of(scope)
    code = body.ad_hoc
    if code is None or scope.number == CLOSING:
        return False
    first, nodes = body.starts, scope.process.nodes
    if scope.number < len(first):
        chosen = first[scope.number : scope.number + 1] if code.sequential else first
    else:
        again = [index for index in first if nodes[index].does is Does.USER] if code.until is not None else []
        turn = (scope.number - len(first)) % len(again) if again else 0
        chosen = tuple(again[turn : turn + 1] if code.sequential else again)
    scope.number += len(chosen)
    tokens = [run.spawn(scope, nodes[index]) for index in chosen]
    run.queue.extendleft(reversed(tokens))
    return bool(tokens)


def is_over(run: Run, token: Token) -> bool:
    """An activity inside is done: when that ends the ad hoc subprocess, its token goes nowhere."""
    scope = token.scope
    code = body_of(scope).ad_hoc
    if code is None or token.node.source.kind in _EVENTS:
        return False
    if scope.number != CLOSING:
        if code.until is None or not is_true(code.until.evaluate(run.view(scope))):
            return False
        scope.number = CLOSING
    _close(run, token, code)
    return True


def _close(run: Run, token: Token, code: AdHocCode) -> None:
    """Cancel what is still at work, or wait for it without beginning anything more."""
    scope = token.scope
    if code.cancels_rest:
        for each in run.empty(scope, "cancelled"):
            run.clear(each, "cancelled")
        run.finished.append(scope)
        return
    if len(scope.tokens) == 1:
        scope.joins.clear()  # what waits at a join waits for something that no longer begins
        scope.resets.clear()
    run.drop(token)
