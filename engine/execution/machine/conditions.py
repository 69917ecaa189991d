"""A conditional event fires when armed if it is true, then on each change to true after a write of a name it reads (R16)."""

from __future__ import annotations

from engine.execution.expressions import is_true
from engine.execution.machine.firing import fire
from engine.execution.machine.run import Run
from engine.execution.machine.state import Waiting, WaitKind


def judge_conditions(run: Run) -> bool:
    """Look at the conditions that are new or whose names were written; say whether one fired."""
    fresh, written = run.fresh, run.written
    run.fresh, run.written = [], set()
    fired = False
    for waiting in [w for w in run.state.waits.values() if w.kind is WaitKind.CONDITION]:
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
    was, now = bool(waiting.facts.get("was")), is_true(condition.evaluate(run.view(scope)))
    waiting.facts["was"] = now
    if now and not was:
        fire(run, waiting, "fired")
        return True
    return False
