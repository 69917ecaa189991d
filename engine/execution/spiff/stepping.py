"""One event in, the new state, the open waits and all that happened out, with SpiffWorkflow choosing the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from engine.execution.compiler.code import Does, ProgramCode
from engine.execution.machine.arming import evaluate_inputs, open_all, plan_boundaries
from engine.execution.machine.completion import take_over
from engine.execution.machine.events import happen, process_of, values_of
from engine.execution.machine.incidents import raise_incident
from engine.execution.machine.joins import judge_deadlocks
from engine.execution.machine.performing import PERFORM
from engine.execution.machine.rules import perform_rule
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Role, ScopeKind, State, Token, Waiting, WaitKind
from engine.execution.machine.state_reading import read_state
from engine.execution.machine.state_text import write_state
from engine.execution.machine.throwing import terminate
from engine.execution.machine.waits import public_wait
from engine.execution.runtime import Completed, Entered, Event, JobDone, Start, Step, Wait
from engine.execution.spiff.building import Built, built_of
from engine.execution.spiff.moving import Movement, begin_body, follow, hand_over, run_task
from engine.execution.spiff.specs import OurRules
from engine.execution.spiff.tree import new_tree, read_tree, write_tree
from engine.model.bpmn import EventKind
from engine.model.errors import Conflict, MakegoodError, Message, NotFound

FORMAT = 1
MOVES_A_STEP = 1_000
MOVES_WITHOUT_EVENT = 1_000_000
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
        process = process_of(program, event.process_id)
        run = Run(program, State(process), event.facts, now)
        move = Movement(run, new_tree(built_of(process), rules), rules)
        _begin(move, event)
    else:
        if state is None:
            raise Conflict("instance_not_started", "The instance has not been started yet.")
        run = Run(program, read_state(state, program), event.facts, now)
        if not _carries_on(run, event):
            run.state.moves = 0
        move = Movement(run, read_tree(_flow(state), _built(run), run.state, rules), rules)
        _take_in(move, event)
    _drain(move)
    run.state.queue = list(run.queue)
    return Step(_text(move), _public(run.state), tuple(run.happenings), not run.state.ended)


def _carries_on(run: Run, event: Event) -> bool:
    waiting = run.state.waits.get(event.wait_id) if isinstance(event, JobDone) else None
    return waiting is not None and waiting.token is None


def _built(run: Run) -> Built:
    return built_of(run.state.process)


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
    run = move.run
    root = run.state.root
    starts = [root.process.nodes[index].id for index in root.process.body.starts]
    if event.element_id is not None and event.element_id not in starts:
        raise NotFound(
            "start_unknown",
            "The process “{process}” has no start event “{element}”.",
            process=root.process.id,
            element=event.element_id,
        )
    for name, value in values_of(event.variables).items():
        run.write(root, name, value)
    begin_body(move, move.tree.workflow, root)


def _take_in(move: Movement, event: Event) -> None:
    """Let the event have its effect on waits; a boundary event that fired is handed to SpiffWorkflow's."""
    run = move.run
    waiting = run.state.waits.get(getattr(event, "wait_id", ""))
    host = waiting.token if waiting is not None and waiting.role is Role.BOUNDARY else None
    task = move.tree.tasks.get(host.id) if host is not None else None
    happen(run, event)
    for token in run.queue:
        if token.phase is Phase.ENTER and token.node.does is Does.BOUNDARY and task is not None:
            hand_over(move, task, token)


def _drain(move: Movement) -> None:
    """Move tokens, first in, first out, until nothing moves; then deadlocks are judged."""
    run = move.run
    while run.queue and not run.state.ended:
        if run.moves >= MOVES_A_STEP:
            run.state.moves += run.moves
            run.open(Waiting(WaitKind.JOB, Role.OWN, run.queue[0].node, {"go": "queue"}), run.state.root)
            return
        if run.moves % MOVES_A_TREE == MOVES_A_TREE - 1:
            move.tree = read_tree(write_tree(move.tree, run.state), _built(run), run.state, move.rules)
        token = run.queue.popleft()
        if run.is_alive(token):
            run.moves += 1
            _move(move, token)
    if not run.state.ended:
        judge_deadlocks(run)


def _move(move: Movement, token: Token) -> None:
    """Do all that the token can do at its node; what cannot be done is an incident (R5, R6)."""
    run = move.run
    try:
        if run.state.moves >= MOVES_WITHOUT_EVENT:
            raise_incident(run, token, _endless(token))
            return
        if token.phase is Phase.ENTER:
            run.happenings.append(Entered(token.node.id, token.node.stage))
            token.phase = Phase.PERFORM
        if token.phase is Phase.PERFORM:
            _WORK.get(token.node.does, _wait)(move, token)
        if token.phase is Phase.TAKE:
            _take(run, token)
        if token.phase is Phase.PASS_ON:
            run_task(move, token)
            follow(move, token)
    except MakegoodError as error:
        if error.code == "spiff_lost":
            raise
        raise_incident(run, token, error.message)


def _endless(token: Token) -> Message:
    return Message(
        "budget_spent",
        "“{element}” is part of a loop that made {count} moves without anything from outside; correct the diagram.",
        {"element": token.node.source.name or token.node.id, "count": MOVES_WITHOUT_EVENT},
    )


def _take(run: Run, token: Token) -> None:
    """Take over what the work gave; nothing has changed where an expression fails."""
    if token.node.outputs or token.data or token.below:
        take_over(run, token)
    for waiting in list(token.waits.values()):
        run.close(waiting, "ended")
    for scope in list(token.below.values()):
        run.close_scope(scope)
    token.data = None
    run.happenings.append(Completed(token.node.id))
    token.phase = Phase.PASS_ON


def _pass(move: Movement, token: Token) -> None:
    token.phase = Phase.TAKE


def _wait(move: Movement, token: Token) -> None:
    """Open the waits of a task, job, catch or thrown message; a throw takes its token to the front by itself."""
    PERFORM[token.node.does](move.run, token)
    if token.phase is Phase.TAKE:
        move.run.queue.remove(token)


def _script(move: Movement, token: Token) -> None:
    run, node = move.run, token.node
    if node.inputs:
        token.inputs = evaluate_inputs(run, token)
    view = run.view(token.scope, token.inputs)
    if node.script_value is not None:
        value, name = node.script_value.evaluate(view), node.source.result_variable
        token.data = {"raw": {name: value} if name else {}, "local": {"result": value}}
    elif node.script is not None:
        written = node.script.run(view)
        token.data = {"raw": written, "local": written}
    token.phase = Phase.TAKE


def _rule(move: Movement, token: Token) -> None:
    if token.node.inputs:
        token.inputs = evaluate_inputs(move.run, token)
    token.data = perform_rule(move.run, token)
    token.phase = Phase.TAKE


def _gateway(move: Movement, token: Token) -> None:
    run_task(move, token)
    move.run.happenings.append(Completed(token.node.id))
    follow(move, token)


def _subprocess(move: Movement, token: Token) -> None:
    """Begin an embedded subprocess: its variables are its input mappings, its tokens begin at its start."""
    run = move.run
    values = evaluate_inputs(run, token)
    boundaries = plan_boundaries(run, token)
    scope = run.open_scope(ScopeKind.SUBPROCESS, token.scope.process, token, token.scope)
    scope.vars.update(values)
    open_all(run, token, boundaries)
    token.phase = Phase.HOLD
    run_task(move, token)
    begin_body(move, move.tree.body_of(scope), scope)


def _end(move: Movement, token: Token) -> None:
    kinds = {event.kind for event in token.node.events}
    if EventKind.TERMINATE in kinds:
        scope = token.scope
        run_task(move, token)
        move.run.happenings.append(Completed(token.node.id))
        terminate(move.run, scope)
        move.run.finished.clear()
        if scope.kind is not ScopeKind.ROOT and scope.holder is not None:
            scope.holder.phase = Phase.TAKE
            move.run.queue.appendleft(scope.holder)
    elif kinds:
        _wait(move, token)
    else:
        token.phase = Phase.TAKE


_WORK: Mapping[Does, Callable[[Movement, Token], None]] = {
    Does.PASS: _pass,
    Does.BOUNDARY: _pass,
    Does.SCRIPT: _script,
    Does.RULE: _rule,
    Does.END: _end,
    Does.SUBPROCESS: _subprocess,
    Does.EXCLUSIVE: _gateway,
    Does.PARALLEL: _gateway,
}


def _public(state: State) -> tuple[Wait, ...]:
    return tuple(public_wait(waiting) for waiting in state.waits.values())
