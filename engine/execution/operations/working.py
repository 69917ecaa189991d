"""An operation works on a saved instance at rest, and ends as every step does: tokens move on, and the state is written."""

from __future__ import annotations

import json

from engine.execution.compiler import ProgramCode
from engine.execution.compiler.code import NodeCode
from engine.execution.machine.conditions import judge_conditions
from engine.execution.machine.run import Run
from engine.execution.machine.state import Token
from engine.execution.machine.state_reading import read_state
from engine.execution.machine.state_text import write_state
from engine.execution.machine.stepping import go_on, public_waits
from engine.execution.operations.records import At
from engine.execution.runtime import Step, VariablesSet
from engine.model.errors import Conflict, NotFound


def on_spiff(state: str) -> bool:
    """Whether the instance runs on SpiffWorkflow, whose tree only its own steps may change."""
    return '"spiff"' in state and "spiff" in json.loads(state)


def begun(program: ProgramCode, state: str, at: At) -> Run:
    """Read an instance that stands still; raise Conflict for one that has ended, is in a long step, or runs on SpiffWorkflow."""
    if on_spiff(state):
        raise Conflict(
            "runtime_spiff",
            "This instance runs on SpiffWorkflow, which cannot follow such a move; cancel it, or let it end as it is.",
        )
    run = Run(program, read_state(state, program), at.facts, at.now)
    if run.state.ended:
        raise Conflict("instance_ended", "The instance has ended; nothing more can happen to it.")
    if run.state.queue:
        raise Conflict("instance_moving", "The instance is in the middle of a long step; try again in a moment.")
    return run


def finished(run: Run) -> Step:
    """Let everything move that can, and give the step with all that happened since the operation began."""
    state, moves = run.state, run.state.moves
    while run.fresh or run.written:
        judge_conditions(run)
    state.queue = list(run.queue)
    rest = go_on(run.program, state, VariablesSet({}, run.facts), run.now)
    if not rest.moves:
        state.moves = moves
    happenings = (*run.happenings, *rest.happenings)
    return Step(write_state(state, run.program.digest), public_waits(state), happenings, not state.ended)


def token_of(run: Run, token_id: str) -> Token:
    """Give a live token; raise NotFound for one that has gone on."""
    for scope in run.state.scopes.values():
        found = scope.tokens.get(int(token_id)) if token_id.isdigit() else None
        if found is not None:
            return found
    raise NotFound("place_gone", "The instance no longer stands there; reload the page to see where it is now.")


def named(node: NodeCode) -> str:
    """Give the words by which people know the element."""
    return node.source.name or node.id
