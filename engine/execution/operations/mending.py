"""What has stopped is tried again or left out, a value is put right, an instance is ended from outside."""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.compiler import ProgramCode
from engine.execution.machine.events import values_of
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Role, Scope, ScopeKind, Waiting, WaitKind
from engine.execution.machine.stepping import open_waits
from engine.execution.operations.records import At, Operated
from engine.execution.operations.telling import changes_of, naming
from engine.execution.operations.working import begun, finished, on_spiff
from engine.execution.programs import runtime_named
from engine.execution.runtime import (
    Cancelled,
    Event,
    IncidentRetried,
    Step,
    Values,
    VariablesSet,
    VariableWritten,
)
from engine.model.errors import Conflict, NotFound

_COUNTERS = frozenset({"loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"})
_COUNTING = frozenset({ScopeKind.BODY, ScopeKind.ITEM, ScopeKind.LOOP})


def cancel(program: ProgramCode, state: str, *, at: At) -> Operated:
    """End the instance from outside: its tasks exit, its timers, messages and jobs are closed."""
    return _advanced(program, state, Cancelled(facts=at.facts), at)


def retry(program: ProgramCode, state: str, incident_id: str, *, at: At) -> Operated:
    """Try again what an incident stopped. Raises NotFound for one that is closed, Conflict for a join."""
    return _advanced(program, state, IncidentRetried(incident_id, facts=at.facts), at)


def skip(program: ProgramCode, state: str, what: str, *, at: At) -> Operated:
    """Leave out what an incident stopped, or an open task: the flow goes on behind it without output (R20)."""
    if not any(wait.id == what for wait in open_waits(program, state)):
        return _advanced(program, state, IncidentRetried(what, skip=True, facts=at.facts), at)
    run = begun(program, state, at)
    waiting = run.state.waits[what]
    _leave_out(run, waiting)
    return _operated(program, finished(run))


def _leave_out(run: Run, waiting: Waiting) -> None:
    token = waiting.token
    if waiting.kind is not WaitKind.TASK or waiting.role is not Role.OWN or token is None:
        raise Conflict("skip_no_task", "Only an open task, or what has stopped, can be left out.")
    run.close(waiting, "skipped")
    run.clear(token, "ended")
    token.data = None
    token.phase = Phase.PASS_ON
    run.queue.append(token)


def set_variables(program: ProgramCode, state: str, values: Values, *, scope: int = 0, at: At) -> Operated:
    """Put values right in one level; conditions that read them are judged then (R16). Raises NotFound for an unknown level."""
    if on_spiff(state) and scope == 0:
        return _advanced(program, state, VariablesSet(values, at.facts), at)
    run = begun(program, state, at)
    level = run.state.scopes.get(scope)
    if level is None:
        raise NotFound("level_gone", "This part of the process is no longer at work; reload the page and try again.")
    _write(run, level, values_of(values))
    return _operated(program, finished(run))


def _write(run: Run, level: Scope, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        if name in _COUNTERS and level.kind in _COUNTING:
            raise Conflict(
                "counter_kept", "“{name}” is counted by the process itself and cannot be changed.", name=name
            )
        if level.kind is ScopeKind.ROOT and (name not in level.vars or level.vars[name] != value):
            run.happenings.append(VariableWritten(name, value))
        level.vars[name] = value
        run.written.add(name)


def _advanced(program: ProgramCode, state: str, event: Event, at: At) -> Operated:
    runtime = runtime_named("spiff" if on_spiff(state) else "machine")
    return _operated(program, runtime.advance(program, state, event, at.now))


def _operated(program: ProgramCode, step: Step) -> Operated:
    return Operated(step, tuple(changes_of(step.happenings, naming(program))))
