"""What cannot go on stays before its element with an incident; people retry it or skip it (R5, R6)."""

from __future__ import annotations

from engine.execution.compiler.code import Does
from engine.execution.machine.run import Run
from engine.execution.machine.state import CONDITION, Phase, Token, Trouble, WaitKind
from engine.execution.runtime import IncidentRaised
from engine.model.errors import Conflict, Message, NotFound

_GATEWAYS = frozenset({Does.EXCLUSIVE, Does.INCLUSIVE, Does.PARALLEL, Does.EVENT_BASED, Does.COMPLEX})


def raise_incident(run: Run, token: Token, message: Message) -> None:
    """Keep the token where it is; a retry does again what it was about to do."""
    trouble = Trouble(str(run.state.number()), message.code, token.scope, token.node)
    trouble.token = token
    trouble.phase = token.phase
    token.phase = Phase.STUCK
    for waiting in token.waits.values():
        waiting.shown = waiting.beside = None  # the task there is closed
    run.state.troubles[trouble.id] = trouble
    run.log.append(IncidentRaised(trouble.id, token.node.id, message))


def retry(run: Run, incident_id: str, *, skip: bool) -> None:
    """Try the element again, or go on behind it without output; raise where there is nothing to retry or skip."""
    trouble = run.state.troubles.get(incident_id)
    if trouble is None:
        raise NotFound("incident_gone", "This incident is closed already.")
    token = trouble.token
    if trouble.code == CONDITION:
        run.settle(trouble)
        run.fresh += [w for w in run.state.waits.values() if w.kind is WaitKind.CONDITION and w.node is trouble.node]
        return
    if token is None:
        raise Conflict(
            "incident_join",
            "The join “{element}” cannot be tried again; move the token on, or end the instance.",
            element=trouble.node.source.name or trouble.node.id,
        )
    phase = trouble.phase
    if skip:
        if token.node.does in _GATEWAYS or phase is Phase.LEAVE:
            raise Conflict(
                "incident_not_skipped",
                "“{element}” decides the way and cannot be skipped; correct the values and try again.",
                element=token.node.source.name or token.node.id,
            )
        phase = Phase.PASS_ON
        token.data = None
        run.clear(token, "cancelled")
    if trouble.id in run.state.troubles:
        run.settle(trouble)
    if phase is Phase.PERFORM:
        for scope in list(token.below.values()):  # begun before something in it could not be armed
            run.close_scope(scope)
    token.phase = phase
    run.queue.append(token)
