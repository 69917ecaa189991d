"""Waits are planned first and opened afterwards, so that a faulty expression leaves nothing half armed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.execution.compiler.code import EventCode, NodeCode
from engine.execution.machine.run import Run, Stuck, body_of, is_repeated
from engine.execution.machine.state import Phase, Role, Scope, Token, Waiting, WaitKind
from engine.execution.machine.timers import Facts, arm_timer, bounded_due, next_of
from engine.model.bpmn import EventKind
from engine.model.values import bounded
from engine.model.zones import to_microseconds

_KINDS = {
    EventKind.MESSAGE: WaitKind.MESSAGE,
    EventKind.TIMER: WaitKind.TIMER,
    EventKind.SIGNAL: WaitKind.SIGNAL,
    EventKind.CONDITIONAL: WaitKind.CONDITION,
}

# An enumeration's member costs a look-up each time it is named.
_TIMER, _MESSAGE, _CONDITION, _WAIT = WaitKind.TIMER, WaitKind.MESSAGE, WaitKind.CONDITION, Phase.WAIT
_BOUNDARY, _STARTER = Role.BOUNDARY, Role.STARTER


def plan_catch(run: Run, scope: Scope, node: NodeCode, role: Role) -> list[Waiting]:
    """Plan a wait for each thing that an event node catches; errors and escalations are not waited for."""
    planned: list[Waiting] = []
    for index, event in enumerate(node.events):
        if event.kind in _KINDS:
            planned.append(_plan(run, scope, (node, index), role))
    return planned


def _plan(run: Run, scope: Scope, place: tuple[NodeCode, int], role: Role) -> Waiting:
    node, index = place
    event = node.events[index]
    kind = _KINDS[event.kind]
    facts: Facts = {}
    if kind is _TIMER:
        timer = event.timer
        if timer is not None and timer.micros is not None:
            facts = {"due": bounded_due(to_microseconds(run.now) + timer.micros)}
        elif timer is not None:
            value: object = timer.text
            if timer.expression is not None:
                value = timer.expression.evaluate(run.view(scope, {"?now": run.now}))
            facts = arm_timer(timer, value, run.now, scope.process.zone)
    elif event.correlation and kind is _MESSAGE:
        view = run.view(scope)
        facts = {"keys": {key: _key(run, key, text.evaluate(view)) for key, text in event.correlation}}
    elif kind is _CONDITION:
        facts = {"was": False}
    waiting = Waiting(kind, role, node, facts)
    waiting.event = index
    return waiting


def _key(run: Run, key: str, value: object) -> object:
    return run.state.keys.get(key) if value is None else value


def plan_boundaries(run: Run, token: Token) -> list[Waiting]:
    """Plan what the boundary events of the token's activity wait for."""
    node = token.node
    if not node.armed or is_repeated(token):
        return []  # they belong to the body
    if token.waits and any(waiting.role is _BOUNDARY for waiting in token.waits.values()):
        return []  # they were armed before, and the activity is being tried again
    scope, nodes = token.scope, token.scope.process.nodes
    planned: list[Waiting] = []
    for index in node.armed:
        planned += plan_catch(run, scope, nodes[index], _BOUNDARY)
    return planned


def open_all(run: Run, token: Token, planned: Iterable[Waiting]) -> None:
    """Open planned waits of a token, which now waits; what is awaited beside it already, is beside the new ones now."""
    for other in token.waits.values():
        other.shown = other.beside = None
    token.phase = _WAIT
    for waiting in planned:
        run.open(waiting, token)


def arm_scope(run: Run, scope: Scope) -> None:
    """Open the triggers of the event subprocesses of a scope that has just begun."""
    nodes = scope.process.nodes
    armed = body_of(scope).armed
    planned = [_plan(run, scope, (nodes[starter.start], starter.index), _STARTER) for starter in armed]
    for waiting in planned:
        run.open(waiting, scope)


def arm_next(run: Run, waiting: Waiting, fired: int | None) -> None:
    """Arm the next occurrence of a cycle, beside what is going on."""
    if "cycle" not in waiting.facts:
        return
    number = waiting.facts.get("number", 1)
    owner = waiting.token if waiting.token is not None else waiting.scope
    if owner is None or not isinstance(number, int):
        return
    zone = (owner if isinstance(owner, Scope) else owner.scope).process.zone
    facts = next_of(waiting.facts, number if fired is None else fired, zone)
    if facts is None:
        return
    following = Waiting(waiting.kind, waiting.role, waiting.node, facts)
    following.event = waiting.event
    run.open(following, owner)


def evaluate_inputs(run: Run, token: Token) -> dict[str, object]:
    """Work out the input mappings of the token's node, in order; later ones see earlier ones."""
    found: dict[str, object] = {}
    for mapping in token.node.inputs:
        if mapping.everything:
            found.update(run.view(token.scope))
        elif mapping.source is not None:
            found[mapping.target] = bounded(mapping.source.evaluate(run.view(token.scope, found)), mapping.target)
    return found


def payload_of(event: EventCode, view: Mapping[str, object]) -> dict[str, object]:
    """Work out what a thrown event carries; an unnamed text gives the whole payload."""
    found: dict[str, object] = {}
    for name, text in event.payload:
        value = bounded(text.evaluate(view), name)
        if name:
            found[name] = value
        elif isinstance(value, Mapping):
            found.update(value)
        elif value is not None:
            raise Stuck(
                "payload_kind",
                "The payload of “{name}” gave {value}; it has to give names with values.",
                name=event.name,
                value=repr(value),
            )
    return found
