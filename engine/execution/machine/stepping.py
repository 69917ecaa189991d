"""The machine: one event in, the new state, the open waits and all that happened out; pure, and alike each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TypeVar

from engine.execution.compiler.code import Does, NodeCode, ProgramCode
from engine.execution.machine.completion import complete, pass_on
from engine.execution.machine.complex_joins import arrive_at_complex, judge_resets
from engine.execution.machine.conditions import judge_conditions
from engine.execution.machine.ending import finish_scope
from engine.execution.machine.events import begin, happen, process_of, throw_from_activity, values_of
from engine.execution.machine.flows import leave
from engine.execution.machine.incidents import raise_incident
from engine.execution.machine.joins import arrive_at_join, judge_deadlocks, judge_inclusive
from engine.execution.machine.kept_states import KEPT, LARGEST, as_read, settle, take_apart
from engine.execution.machine.multiple import begin as begin_multiple
from engine.execution.machine.performing import PERFORM
from engine.execution.machine.reading import view_of
from engine.execution.machine.run import Run, is_repeated
from engine.execution.machine.state import Phase, Role, Scope, ScopeKind, State, Token, Waiting, WaitKind
from engine.execution.machine.state_reading import read_state
from engine.execution.machine.state_text import write_state
from engine.execution.machine.waits import public_wait
from engine.execution.runtime import (
    Event,
    JobDone,
    JobFailed,
    MessageReceived,
    SignalReceived,
    Start,
    Step,
    TimerFired,
    Wait,
)
from engine.model.errors import BpmnError, Conflict, MakegoodError, Message

Found = TypeVar("Found")
_TO_MANY = (TimerFired, MessageReceived, SignalReceived)
_JOB = WaitKind.JOB
MOVES_A_STEP = 1_000
MOVES_WITHOUT_EVENT = 1_000_000


def advance(program: ProgramCode, state: str | None, event: Event, now: datetime) -> Step:
    """Take one event. Raises Conflict, NotFound or Invalid where it does not fit; then nothing has changed."""
    if isinstance(event, Start):
        if state is not None:
            raise Conflict("instance_started", "The instance has been started already.")
        run = start(program, event, now)
    else:
        if state is None:
            raise Conflict("instance_not_started", "The instance has not been started yet.")
        kept = KEPT.take(state, program)
        run = go_on(program, kept or read_state(state, program), event, now)
        answered = isinstance(event, JobDone | JobFailed)
        run.state.passing = isinstance(event, _TO_MANY) if kept is None else kept.passing and answered
    return _step(run)


def start(program: ProgramCode, event: Start, now: datetime) -> Run:
    """Begin an instance and run it to rest; give the run with the new state in it."""
    run = Run(program, State(process_of(program, event.process_id)), event.facts, now)
    begin(run, event)
    _drain(run)
    run.state.queue = list(run.queue)
    return run


def go_on(program: ProgramCode, state: State, event: Event, now: datetime) -> Run:
    """Let the event happen to the state and run it to rest; the state is changed in place."""
    run = Run(program, state, event.facts, now)
    if not _carries_on(run, event):
        state.moves = 0
    happen(run, event)
    _drain(run)
    state.queue = list(run.queue)
    return run


def _carries_on(run: Run, event: Event) -> bool:
    if not isinstance(event, JobDone):
        return False
    waiting = run.state.waits.get(event.wait_id)
    return waiting is not None and waiting.token is None


def _step(run: Run) -> Step:
    """Write the new state; thousands of passing ones would drive out what people work on, but for those with work to be answered."""
    state = run.state
    keeping = not state.passing or _JOB in [waiting.kind for waiting in state.waits.values()]
    program = run.program
    text = write_state(state, program.digest)
    happenings = tuple(run.happenings)  # told before the state is settled: they share its waits
    if keeping and len(text) <= LARGEST and settle(state, program):
        KEPT.put(text, program, state)
        return Step(text, partial(open_waits, program, text), happenings, running=True)
    if not keeping:
        take_apart(state)
        return Step(text, partial(open_waits, program, text), happenings, not state.ended)
    return Step(text, partial(public_waits, state), happenings, not state.ended)


def _drain(run: Run) -> None:
    """Move tokens, first in, first out, until nothing moves; then conditions, inclusive joins and deadlocks are judged."""
    while _move_all(run):
        state = run.state
        if state.ended:
            return
        if (run.written or run.fresh) and judge_conditions(run):
            continue
        for scope in state.scopes.values():
            if scope.joins or scope.resets:
                break
        else:
            return  # nothing waits for anything else to rest
        if judge_inclusive(run) or judge_resets(run):
            continue
        judge_deadlocks(run)
        return


def _move_all(run: Run) -> bool:
    """Empty the queue; give False where the step's budget ran out first (R24). What cannot be done is an incident."""
    while True:
        try:
            return _move_on(run)
        except MakegoodError as error:
            if run.moving is None:
                raise
            raise_incident(run, run.moving, error.message)
        except BpmnError as error:
            if run.moving is None:
                raise
            run.moving.phase = _PERFORM
            throw_from_activity(run, run.moving, error.code, values_of(error.payload))


def _move_on(run: Run) -> bool:
    queue, finished, log = run.queue, run.finished, run.log
    endless = run.state.moves >= MOVES_WITHOUT_EVENT
    while queue or finished:
        if finished:
            _finish(run, finished.popleft())
            continue
        if run.moves >= MOVES_A_STEP:
            if pauses(run):
                return False
            continue
        token = queue.popleft()
        scope = token.scope
        if token.id not in scope.tokens:
            continue
        run.moves += 1
        run.moving = token
        node = token.node
        if endless or node.gated or token.phase is not _ENTER:
            _move_slowly(run, token, endless=endless)
        elif node.passes and not token.data and scope.kind is not _AD_HOC:
            log += node.passing  # nothing is done here and nothing can fail: the token is behind the node already
            flow = node.outgoing[0]
            token.node = scope.process.nodes[flow.target]
            token.via = flow.id
            queue.appendleft(token)
        else:
            log.append(node.entered)
            token.phase = _PERFORM
            _WORK[node.does](run, token)
    return True


def _finish(run: Run, scope: Scope) -> None:
    run.moving = None
    if scope.id in run.state.scopes and not (scope.tokens or scope.joins or scope.resets):
        finish_scope(run, scope)


def pauses(run: Run) -> bool:
    """Go on in a further step, where a token is left that lives; the first one's element names the job."""
    alive = [token for token in run.queue if run.is_alive(token)]
    run.queue.clear()
    run.queue.extend(alive)
    if alive:
        run.state.moves += run.moves
        run.open(Waiting(WaitKind.JOB, Role.OWN, alive[0].node, {"go": "queue"}), run.state.root)
    return bool(alive)


def _move_slowly(run: Run, token: Token, *, endless: bool) -> None:
    """Go on with a token that has been at its node before, or wait at the node for other tokens or for the next step."""
    node = token.node
    if endless:
        raise_incident(run, token, _endless(node))
    elif token.phase is not _ENTER:
        _GOING_ON[token.phase](run, token)
    elif node.joins:
        run.moves -= 1  # who ends in a join has made its move by leaving; so a wide join is one step, not three
        (arrive_at_complex if node.does is Does.COMPLEX else arrive_at_join)(run, token)
    else:
        run.log.append(node.entered)
        token.phase = _PERFORM
        if node.pauses_before:
            run.open(Waiting(WaitKind.JOB, Role.OWN, node, {"go": _PERFORM.value}), token)
        else:
            _perform(run, token)


def _perform(run: Run, token: Token) -> None:
    node = token.node
    token.phase = _PERFORM
    if node.repeats and not is_repeated(token):
        begin_multiple(run, token)
    else:
        _WORK[node.does](run, token)


def _stay(_run: Run, _token: Token) -> None:
    """A token that waits, holds a scope or is stuck does nothing by itself."""


_ENTER, _PERFORM, _AD_HOC = (
    Phase.ENTER,
    Phase.PERFORM,
    ScopeKind.AD_HOC,
)  # an enumeration's member costs a look-up each time it is named
_WORK = tuple(PERFORM[does] for does in Does)
_GOING_ON: Mapping[Phase, Callable[[Run, Token], None]] = {
    Phase.TAKE: complete,
    Phase.PERFORM: _perform,
    Phase.PASS_ON: pass_on,
    Phase.LEAVE: leave,
    Phase.WAIT: _stay,
    Phase.HOLD: _stay,
    Phase.STUCK: _stay,
}


def _endless(node: NodeCode) -> Message:
    return Message(
        "budget_spent",
        "“{element}” is part of a loop that made {count} moves without anything from outside; correct the diagram.",
        {"element": node.source.name or node.id, "count": MOVES_WITHOUT_EVENT},
    )


def variables(program: ProgramCode, state: str) -> dict[str, object]:
    """The root scope's variables."""
    return look(program, state, lambda found: as_read(found.root.vars))


def visible(program: ProgramCode, state: str, wait_id: str, facts: Mapping[str, object]) -> dict[str, object]:
    """All that can be seen where a wait is open: its scope's variables, those around it, and the facts."""
    read = read_state(state, program)
    waiting = read.waits.get(wait_id)
    if waiting is None:
        raise Conflict("wait_closed", "This is no longer waited for: it was done, or overtaken by something else.")
    scope = waiting.token.scope if waiting.token is not None else read.root
    return dict(view_of(scope, facts, waiting.token.inputs if waiting.token is not None else None))


def open_waits(program: ProgramCode, state: str) -> tuple[Wait, ...]:
    """The open waits of a saved state, as the step that saved it gave them."""
    return look(program, state, public_waits)


def look(program: ProgramCode, text: str, at: Callable[[State], Found]) -> Found:
    """Look at a saved state without changing it; what is found may hold nothing of it that can be changed."""
    kept = KEPT.take(text, program)
    if kept is None:
        return at(read_state(text, program))
    found = at(kept)
    for waiting in kept.waits.values():
        waiting.shown = None
    KEPT.put(text, program, kept)
    return found


def public_waits(state: State) -> tuple[Wait, ...]:
    """The open waits of a state, as the host sees them."""
    return tuple([public_wait(waiting) for waiting in state.waits.values() if waiting.kind is not WaitKind.CONDITION])
