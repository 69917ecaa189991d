"""Where an instance stands: its live tokens, its half-filled joins, and the variables of each level."""

from __future__ import annotations

from engine.execution.compiler import ProgramCode
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Scope, ScopeKind, Token
from engine.execution.machine.state_reading import read_state
from engine.execution.operations.records import Level, Place, Standing
from engine.execution.operations.working import named
from engine.execution.runtime import TaskWait, TimerWait, Wait

JOIN = "join"
_PHASES = {Phase.WAIT: Standing.WAITING, Phase.HOLD: Standing.HOLDING, Phase.STUCK: Standing.STUCK}


def places(program: ProgramCode, state: str) -> tuple[Place, ...]:
    """Give every live token and half-filled join, outer levels first; an ended instance stands nowhere."""
    read = read_state(state, program)
    incidents = {trouble.token.id: trouble.id for trouble in read.troubles.values() if trouble.token is not None}
    dead = {(t.scope.id, t.node.index): t.id for t in read.troubles.values() if t.token is None}
    found: list[Place] = []
    for scope in read.scopes.values():
        path = _path(scope)
        found += [_token(token, path, incidents.get(token.id, "")) for token in scope.tokens.values()]
        found += [_join(scope, index, path, dead.get((scope.id, index), "")) for index in scope.joins]
    return tuple(found)


def levels(program: ProgramCode, state: str) -> tuple[Level, ...]:
    """Give every scope with its own variables, the instance first."""
    return tuple(_level(scope) for scope in read_state(state, program).scopes.values())


def rests_while_suspended(wait: Wait) -> bool:
    """R13: a suspended instance's tasks and plain timers rest; what follows a clock goes on, for no clock is held."""
    return isinstance(wait, TaskWait) or (isinstance(wait, TimerWait) and wait.threshold is None)


def join_of(run: Run, place: str) -> tuple[Scope, int] | None:
    """Give the half-filled join that a place's token names."""
    kind, _, rest = place.partition(":")
    number, _, element = rest.partition(":")
    scope = run.state.scopes.get(int(number)) if kind == JOIN and number.isdigit() else None
    node = scope.process.by_id.get(element) if scope is not None else None
    return (scope, node.index) if scope is not None and node is not None and node.index in scope.joins else None


def _token(token: Token, path: tuple[Level, ...], incident: str) -> Place:
    node = token.node
    return Place(
        str(token.id),
        node.id,
        named(node),
        str(node.source.kind),
        _PHASES.get(token.phase, Standing.WAITING if token.waits else Standing.WORKING),
        tuple(token.waits),
        token.scope.id,
        path,
        incident=incident,
    )


def _join(scope: Scope, index: int, path: tuple[Level, ...], incident: str) -> Place:
    node = scope.process.nodes[index]
    return Place(
        f"{JOIN}:{scope.id}:{node.id}",
        node.id,
        named(node),
        str(node.source.kind),
        Standing.JOINING,
        (),
        scope.id,
        path,
        incident=incident,
        came=tuple(scope.joins[index]),
    )


def _path(scope: Scope) -> tuple[Level, ...]:
    found: list[Level] = []
    current: Scope | None = scope
    while current is not None:
        found.insert(0, _level(current))
        current = current.parent
    return tuple(found)


def _level(scope: Scope) -> Level:
    node = scope.node
    return Level(
        scope.id,
        str(scope.kind),
        node.id if node is not None else scope.process.id,
        named(node) if node is not None else scope.process.name or scope.process.id,
        scope.parent.id if scope.parent is not None else None,
        scope.number if scope.kind is ScopeKind.ITEM else None,
        dict(scope.vars),
    )
