"""One event in, the new state, the open waits and all that happened out, with SpiffWorkflow choosing the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from engine.execution.compiler.code import ProgramCode
from engine.execution.machine.arming import arm_scope
from engine.execution.machine.conditions import judge_conditions
from engine.execution.machine.events import happen, process_of, start_node, throw_from_activity, values_of
from engine.execution.machine.incidents import raise_incident
from engine.execution.machine.joins import judge_deadlocks
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Role, State, Token, Waiting, WaitKind
from engine.execution.machine.state_reading import read_state
from engine.execution.machine.state_text import write_state
from engine.execution.machine.stepping import MOVES_A_STEP, MOVES_WITHOUT_EVENT, pauses
from engine.execution.machine.waits import public_wait
from engine.execution.runtime import Entered, Event, JobDone, Start, Step, Wait
from engine.execution.spiff.completing import complete, leave, pass_on
from engine.execution.spiff.joining import arrive, fire_inclusive
from engine.execution.spiff.moving import Movement, Walk, begin_at, begin_body, take_branch
from engine.execution.spiff.performing import perform
from engine.execution.spiff.specs import OurRules
from engine.execution.spiff.tree import new_tree, read_tree, write_tree
from engine.model.errors import BpmnError, Conflict, MakegoodError, Message

FORMAT = 1
MOVES_A_TREE = 100
"""After so many moves the tree is cut back to what is alive; SpiffWorkflow stops looking 1,000 tasks deep."""

Saved: TypeAlias = dict[str, Any]  # the machine's state with SpiffWorkflow's tree beside it


def advance(program: ProgramCode, state: str | None, event: Event, now: datetime) -> Step:
    """Take one event. Raises Conflict, NotFound or Invalid where it does not fit; then nothing has changed."""
    try:
        return _advance(program, state, event, now)
    except RecursionError as error:
        raise Conflict(
            "spiff_large",
            "SpiffWorkflow looks ahead by recursion and cannot read a process of this size; remove mg:runtime from it.",
        ) from error


def _advance(program: ProgramCode, state: str | None, event: Event, now: datetime) -> Step:
    rules = OurRules()
    if isinstance(event, Start):
        if state is not None:
            raise Conflict("instance_started", "The instance has been started already.")
        run = Walk(program, State(process_of(program, event.process_id)), event.facts, now)
        move = run.move = Movement(run, new_tree(run.state.root, rules), rules)
        _begin(move, event)
    else:
        if state is None:
            raise Conflict("instance_not_started", "The instance has not been started yet.")
        run = Walk(program, read_state(state, program), event.facts, now)
        if not _carries_on(run, event):
            run.state.moves = 0
        move = run.move = Movement(run, read_tree(_flow(state), run.state, rules), rules)
        happen(run, event)
    _drain(move)
    run.state.queue = list(run.queue)
    return Step(_text(move), _public(run.state), tuple(run.happenings), not run.state.ended)


def _carries_on(run: Run, event: Event) -> bool:
    waiting = run.state.waits.get(event.wait_id) if isinstance(event, JobDone) else None
    return waiting is not None and waiting.token is None


def _flow(text: str) -> list[Saved]:
    saved: Saved = json.loads(text)
    flow: Saved | None = saved.get("spiff")
    if flow is None:
        raise Conflict("state_of_machine", "This instance was started on the machine and goes on there.")
    if flow["format"] > FORMAT:
        raise Conflict("state_newer", "A newer Makegood saved this instance; start that version to go on with it.")
    bodies: list[Saved] = flow["bodies"]
    if not bodies:
        raise Conflict("instance_ended", "The instance has ended; nothing more can happen to it.")
    return bodies


def _text(move: Movement) -> str:
    """The machine's state text with the tree added: variables, waits and incidents are read alike by everybody."""
    state = move.run.state
    saved: Saved = json.loads(write_state(state, move.run.program.digest))
    saved["spiff"] = {"format": FORMAT, "bodies": [] if state.ended else write_tree(move.tree, state)}
    return json.dumps(saved, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


def _begin(move: Movement, event: Start) -> None:
    """Begin at the none start, or at the start event that something triggered."""
    run, root = move.run, move.run.state.root
    for name, value in values_of(event.variables).items():
        run.write(root, name, value)
    node = start_node(root.process, event.element_id)
    arm_scope(run, root)
    if node is None or node.index in root.process.body.starts:
        begin_body(move, root)
        return
    token = run.spawn(root, node)
    begin_at(move, token)
    run.queue.append(token)


def _drain(move: Movement) -> None:
    """Move tokens, first in, first out, until nothing moves; then conditions, inclusive joins and deadlocks are judged."""
    run = move.run
    while _move_all(move) and not run.state.ended:
        if (run.written or run.fresh) and judge_conditions(run):
            continue
        if not fire_inclusive(run, move.tree):
            judge_deadlocks(run)
            return


def _move_all(move: Movement) -> bool:
    """Empty the queue; give False where the step's budget ran out first (R24)."""
    run = move.run
    while run.queue and not run.state.ended:
        if run.moves >= MOVES_A_STEP:
            return not pauses(run)
        if run.moves % MOVES_A_TREE == MOVES_A_TREE - 1:
            move.tree = read_tree(write_tree(move.tree, run.state), run.state, move.rules)
        token = run.queue.popleft()
        if run.is_alive(token):
            run.moves += 1
            _move(move, token)
    return True


def _move(move: Movement, token: Token) -> None:
    """Do all that the token can do at its node; what cannot be done is an incident (R5, R6)."""
    run = move.run
    try:
        if run.state.moves >= MOVES_WITHOUT_EVENT:
            raise_incident(run, token, _endless(token))
            return
        take_branch(move, token)
        _NEXT[token.phase](move, token)
    except MakegoodError as error:
        if error.code == "spiff_lost":
            raise
        raise_incident(run, token, error.message)
    except BpmnError as error:
        token.phase = Phase.PERFORM
        throw_from_activity(run, token, error.code, values_of(error.payload))


def _enter(move: Movement, token: Token) -> None:
    run, node = move.run, token.node
    if node.joins:
        run.moves -= 1  # to end in a join is no move of its own, as on the machine
        arrive(run, move.tree, token)
        return
    run.happenings.append(Entered(node.id, node.stage))
    token.phase = Phase.PERFORM
    if node.pauses_before:
        run.open(Waiting(WaitKind.JOB, Role.OWN, node, {"go": Phase.PERFORM.value}), token)
    else:
        perform(move, token)


def _endless(token: Token) -> Message:
    return Message(
        "budget_spent",
        "“{element}” is part of a loop that made {count} moves without anything from outside; correct the diagram.",
        {"element": token.node.source.name or token.node.id, "count": MOVES_WITHOUT_EVENT},
    )


_NEXT: Mapping[Phase, Callable[[Movement, Token], None]] = {
    Phase.ENTER: _enter,
    Phase.PERFORM: perform,
    Phase.TAKE: complete,
    Phase.PASS_ON: pass_on,
    Phase.LEAVE: leave,
}


def _public(state: State) -> tuple[Wait, ...]:
    return tuple(public_wait(waiting) for waiting in state.waits.values() if waiting.kind is not WaitKind.CONDITION)
