"""A scope in which no token is left is at its end: what it was begun for goes on, and the instance completes with its root."""

from __future__ import annotations

from engine.execution.machine.ad_hoc import offer
from engine.execution.machine.compensation import give_up, undo_next
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Scope, ScopeKind
from engine.execution.machine.throwing import end_instance

# An enumeration's member costs a look-up each time it is named.
_ROOT, _AD_HOC, _UNDO, _RESTORED = ScopeKind.ROOT, ScopeKind.AD_HOC, ScopeKind.UNDO, ScopeKind.RESTORED
_TAKE = Phase.TAKE


def finish_scope(run: Run, scope: Scope) -> None:
    """Complete the activity around the scope, or the instance, or undo the next thing."""
    if scope.kind is _ROOT:
        end_instance(run, "completed")
    elif scope.holder is None or not run.is_alive(scope.holder) or (scope.kind is _AD_HOC and offer(run, scope)):
        return
    elif scope.kind is _UNDO:
        undo_next(run, scope)
    elif scope.kind is _RESTORED:
        give_up(run, scope.holder)
    else:
        scope.holder.phase = _TAKE
        run.queue.appendleft(scope.holder)
