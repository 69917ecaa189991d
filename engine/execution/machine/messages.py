"""A thrown message or signal first serves who waits in the same root instance; only then does its thrower move on (R14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.execution.compiler.code import EventCode
from engine.execution.correlation import named_keys
from engine.execution.machine.arming import payload_of
from engine.execution.machine.firing import Data, fire
from engine.execution.machine.run import Run, Stuck
from engine.execution.machine.state import Phase, State, Token, Waiting, WaitKind
from engine.execution.runtime import MessageThrown, SignalThrown


def data_of(event: EventCode, payload: Mapping[str, object]) -> Data | None:
    """What a catching node takes over from a payload: one variable with all of it, or its names."""
    if event.payload_variable:
        return {"raw": {event.payload_variable: dict(payload)}, "local": dict(payload)}
    return {"raw": dict(payload), "local": dict(payload)} if payload else None


def throw_message(run: Run, token: Token, event: EventCode) -> None:
    """Serve the one inside that waits for the message, or hand it to the host; raise Stuck where several wait."""
    payload = payload_of(event, run.view(token.scope, token.inputs))
    view = run.view(token.scope, payload, token.inputs)
    keys = {key: text.evaluate(view) for key, text in event.correlation}
    _remember(run.state, keys)
    waiting = [
        w for w in run.state.waits.values() if w.kind is WaitKind.MESSAGE and fits(w, event.name, {**payload, **keys})
    ]
    if len(waiting) > 1:
        raise Stuck(
            "message_ambiguous",
            "{count} places wait for the message “{name}”; give it a key that tells them apart.",
            count=len(waiting),
            name=event.name,
        )
    go_on_after(run, token)
    if waiting:
        receive(run, waiting[0], payload, keys)
    else:
        run.log.append(MessageThrown(token.node.id, event.name, payload, keys or None))


def fits(waiting: Waiting, name: str, given: Mapping[str, object]) -> bool:
    """Whether the message is meant for this wait: its name, and each key that is set."""
    if waiting.node.events[waiting.event].name != name:
        return False
    keys = waiting.facts.get("keys")
    if not isinstance(keys, dict):
        return True
    return all(value is None or given.get(key) == value for key, value in keys.items())


def receive(run: Run, waiting: Waiting, payload: Mapping[str, object], keys: Mapping[str, object]) -> None:
    """Deliver a message to a wait; keys that are not set yet take the message's values (R15)."""
    wanted = waiting.facts.get("keys")
    if isinstance(wanted, dict):
        keys = named_keys(wanted, keys)
        unset = {key: keys.get(key, payload.get(key)) for key, value in wanted.items() if value is None}
        wanted.update({key: value for key, value in unset.items() if value is not None})
        waiting.shown = None
        _remember(run.state, unset)
    fire(run, waiting, "received", data=data_of(waiting.node.events[waiting.event], payload))


def _remember(state: State, keys: Mapping[str, object]) -> None:
    for key, value in keys.items():
        if value is not None:
            state.keys.setdefault(key, value)


def throw_signal(run: Run, token: Token, event: EventCode) -> None:
    """Serve everyone inside who waits for the signal at this moment, and hand it to the host for the others."""
    payload = payload_of(event, run.view(token.scope, token.inputs))
    go_on_after(run, token)
    run.log.append(SignalThrown(token.node.id, event.name, payload))
    broadcast(run, signals_for(run.state, event.name), payload)


def signals_for(state: State, name: str) -> list[Waiting]:
    """The waits for a signal, oldest first."""
    return [
        waiting
        for waiting in state.waits.values()
        if waiting.kind is WaitKind.SIGNAL and waiting.node.events[waiting.event].name == name
    ]


def broadcast(run: Run, waiting: Iterable[Waiting], payload: Mapping[str, object]) -> None:
    """Fire each that is still open when its turn comes; they run in this order, before what was queued."""
    queue, turns = run.queue, list[Token]()
    before = list(queue)
    for each in waiting:
        if each.id in run.state.waits:
            queue.clear()
            fire(run, each, "received", data=data_of(each.node.events[each.event], payload))
            turns.extend(queue)
    queue.clear()
    queue.extend(turns)
    queue.extend(before)


def go_on_after(run: Run, token: Token) -> None:
    """Let the thrower go on behind all whom it serves, however many things it throws."""
    if token.phase is not Phase.TAKE:
        token.phase = Phase.TAKE
        run.queue.appendleft(token)
