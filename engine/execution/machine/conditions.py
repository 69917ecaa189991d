"""A conditional event fires when armed if it is true, then on each change to true after a write of a name it reads (R16)."""

from __future__ import annotations

from engine.execution.expressions import is_true
from engine.execution.machine.firing import fire
from engine.execution.machine.run import Run
from engine.execution.machine.state import CONDITION, Scope, Trouble, Waiting, WaitKind
from engine.execution.runtime import IncidentRaised
from engine.model.errors import MakegoodError, Message

_CONDITION = WaitKind.CONDITION


def judge_conditions(run: Run) -> bool:
    """Look at the conditions that are new or whose names were written; say whether one fired."""
    fresh, written = run.fresh, run.written
    run.fresh, run.written = [], set()
    fired = False
    for waiting in [w for w in run.state.waits.values() if w.kind is _CONDITION]:
        if waiting.id in run.state.waits and (waiting in fresh or _reads(waiting) & written):
            fired = _judge(run, waiting) or fired
    return fired


def _reads(waiting: Waiting) -> frozenset[str]:
    condition = waiting.node.events[waiting.event].condition
    return condition.names if condition is not None else frozenset()


def _judge(run: Run, waiting: Waiting) -> bool:
    condition = waiting.node.events[waiting.event].condition
    scope = waiting.token.scope if waiting.token is not None else waiting.scope
    if condition is None or scope is None:
        return False
    was = bool(waiting.facts.get("was"))
    try:
        now = is_true(condition.evaluate(run.view(scope)))
    except MakegoodError as error:
        _raise_once(run, scope, waiting, error.message)
        return False
    if run.state.troubles:
        run.settle_joins(scope, waiting.node)
    waiting.facts["was"] = now
    if now and not was:
        fire(run, waiting, "fired")
        return True
    return False


def _raise_once(run: Run, scope: Scope, waiting: Waiting, message: Message) -> None:
    """A condition that cannot be judged is an incident; whoever waits beside it goes on waiting."""
    waiting.facts["was"] = False
    if any(trouble.node is waiting.node and trouble.scope is scope for trouble in run.state.troubles.values()):
        return
    trouble = Trouble(str(run.state.number()), CONDITION, scope, waiting.node)
    run.state.troubles[trouble.id] = trouble
    run.log.append(IncidentRaised(trouble.id, waiting.node.id, message))
