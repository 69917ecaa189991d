"""A scope in which no token is left is at its end: what it was begun for goes on, and the instance completes with its root."""

from __future__ import annotations

from engine.execution.machine.ad_hoc import offer
from engine.execution.machine.compensation import give_up, undo_next
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Scope, ScopeKind
from engine.execution.machine.throwing import end_instance


def finish_scope(run: Run, scope: Scope) -> None:
    """Complete the activity around the scope, or the instance, or undo the next thing."""
    if scope.kind is ScopeKind.ROOT:
        end_instance(run, "completed")
    elif (
        scope.holder is None or not run.is_alive(scope.holder) or (scope.kind is ScopeKind.AD_HOC and offer(run, scope))
    ):
        return
    elif scope.kind is ScopeKind.UNDO:
        undo_next(run, scope)
    elif scope.kind is ScopeKind.RESTORED:
        give_up(run, scope.holder)
    else:
        scope.holder.phase = Phase.TAKE
        run.queue.appendleft(scope.holder)
