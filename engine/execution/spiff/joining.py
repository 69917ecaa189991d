"""Joins on SpiffWorkflow's tree: the rules of the machine count arrivals (R7, R8), and its tasks wait there until they say go."""

from __future__ import annotations

from collections import Counter
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.execution.machine.joins import arrive_at_join, judge_inclusive
from engine.execution.machine.run import Run
from engine.execution.machine.state import Token
from engine.execution.spiff.tree import ARRIVED, TOKEN, Tree, lost, place_of


def arrive(run: Run, tree: Tree, token: Token) -> None:
    """Let the token wait at a join; the last one that it needs makes it go on."""
    task = tree.tasks.pop(token.id, None)
    if task is None:
        raise lost(token.scope)
    task.internal_data.pop(TOKEN, None)
    task.internal_data[ARRIVED] = token.via
    before = run.state.counter
    arrive_at_join(run, token)
    if run.state.counter > before:
        _go_through(tree, run.queue[0])


def fire_inclusive(run: Run, tree: Tree) -> bool:
    """Fire the first inclusive join that may, now that nothing else can move; say whether one did."""
    fired = judge_inclusive(run)
    if fired:
        _go_through(tree, run.queue[0])
    return fired


def _go_through(tree: Tree, token: Token) -> None:
    """The join's new token stands at the last task that waited there; those of the tokens that it took are gone."""
    body = tree.body_of(token.scope)
    parked = [] if body is None else _parked(body, token.node.index)
    left = Counter(token.scope.joins.get(token.node.index, {}))
    taken: list[Any] = []
    for task in parked:
        flow = task.internal_data[ARRIVED]
        if left[flow] > 0:
            left[flow] -= 1
        else:
            taken.append(task)
    if not taken:
        raise lost(token.scope)
    for task in taken[:-1]:
        task.workflow._remove_task(task.id)
    carrier = taken[-1]
    del carrier.internal_data[ARRIVED]
    carrier._ready()
    tree.put(token.id, carrier)


def _parked(body: Any, place: int) -> list[Any]:
    return [
        task
        for task in body.tasks.values()
        if task.state == TaskState.WAITING and ARRIVED in task.internal_data and place_of(task.task_spec) == place
    ]
