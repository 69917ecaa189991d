"""Errors and escalations go outward, innermost scope first, an event subprocess before a boundary, never to a sibling (R6)."""

from __future__ import annotations

from typing import TypeVar

from engine.execution.compiler.code import NodeCode, Starter
from engine.execution.machine.firing import Data, at_boundary, start_event_subprocess
from engine.execution.machine.run import Run, body_of, is_repeated
from engine.execution.machine.state import Scope, ScopeKind, State, Token
from engine.execution.runtime import InstanceEnded
from engine.model.bpmn import EventKind

_BODIES = frozenset({ScopeKind.ROOT, ScopeKind.CALL, ScopeKind.SUBPROCESS, ScopeKind.AD_HOC, ScopeKind.EVENT})
Catcher = TypeVar("Catcher")


def throw_code(run: Run, token: Token, thrown: tuple[EventKind, str | None], *, data: Data | None, own: bool) -> bool:
    """Find who catches the error or escalation and go on there; `own` asks the boundary of the token's node first."""
    boundary = _boundary(token, thrown) if own else None
    if boundary is not None:
        at_boundary(run, token, boundary, data)
        return True
    scope: Scope | None = token.scope
    beside = False
    while scope is not None:
        starter = _starter(scope, thrown) if scope.kind in _BODIES and not beside else None
        if starter is not None:
            start_event_subprocess(run, scope, starter, data)
            return True
        holder = scope.holder
        boundary = _boundary(holder, thrown) if holder is not None else None
        if holder is not None and boundary is not None:
            at_boundary(run, holder, boundary, data)
            return True
        beside = scope.kind is ScopeKind.EVENT
        scope = holder.scope if holder is not None else None
    return False


def _boundary(host: Token, thrown: tuple[EventKind, str | None]) -> NodeCode | None:
    if is_repeated(host):
        return None
    nodes = host.scope.process.nodes
    around = [nodes[index] for index in host.node.boundaries]
    return _matching([(node, e.code) for node in around for e in node.events if e.kind is thrown[0]], thrown[1])


def _starter(scope: Scope, thrown: tuple[EventKind, str | None]) -> Starter | None:
    starters = [starter for starter in body_of(scope).starters if starter.event.kind is thrown[0]]
    return _matching([(starter, starter.event.code) for starter in starters], thrown[1])


def _matching(found: list[tuple[Catcher, str | None]], code: str | None) -> Catcher | None:
    """A matching code comes before a catch-all."""
    for catcher, wanted in found:
        if wanted and wanted == code:
            return catcher
    return next((catcher for catcher, wanted in found if not wanted), None)


def fail_instance(run: Run, code: str) -> None:
    """End the whole instance as failed."""
    end_instance(run, "failed", code)


def end_instance(run: Run, how: str, code: str = "") -> None:
    """Close everything and say how the instance ended."""
    state: State = run.state
    inside = {"failed": "ended", "terminated": "ended"}.get(how, how)
    for token in run.empty(state.root, inside):
        run.clear(token, inside)
    for trouble in list(state.troubles.values()):
        run.settle(trouble)
    run.queue.clear()
    run.finished.clear()
    state.ended = how
    run.log.append(InstanceEnded(how, code))


def terminate(run: Run, scope: Scope) -> None:
    """End everything in a scope at once; the flow goes on behind it, a process ends as terminated."""
    if scope.kind is ScopeKind.ROOT:
        end_instance(run, "terminated")
        return
    for token in run.empty(scope, "ended"):
        run.clear(token, "ended")
    run.finished.append(scope)
