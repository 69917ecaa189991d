"""An instance between steps is one canonical JSON text that names elements by their BPMN id (R30)."""

from __future__ import annotations

import json

from engine.execution.machine.state import Done, Phase, Progress, Scope, State, Token, Trouble, Waiting
from engine.model.errors import Conflict
from engine.model.values import canonical_json

FORMAT = 1
SEMANTICS = 1
MOST_BYTES = 1_048_576
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)

Plain = dict[str, object]


def write_state(state: State, digest: str) -> str:
    """Give the text; equal states give equal bytes. Raises Conflict where it is larger than 1 MB."""
    plain: Plain = {
        "format": FORMAT,
        "semantics": SEMANTICS,
        "process": state.process.id,
        "counter": state.counter,
        "moves": state.moves,
        "ended": state.ended,
        "keys": state.keys,
        "scopes": [_scope(scope, digest) for scope in state.scopes.values()],
        "tokens": [_token(token) for scope in state.scopes.values() for token in scope.tokens.values()],
        "waits": [_wait(waiting) for waiting in state.waits.values()],
        "queue": [token.id for token in state.queue],
        "incidents": [_trouble(trouble) for trouble in state.troubles.values()],
    }
    text = _text(plain)
    if len(text) > MOST_BYTES or (len(text) * 4 > MOST_BYTES and len(text.encode()) > MOST_BYTES):
        raise Conflict(
            "state_too_large",
            "The values of this instance would be larger than {limit} bytes; keep large texts as attachments.",
            limit=MOST_BYTES,
        )
    return text


def _text(plain: Plain) -> str:
    """The quick way is exact unless a value needs a tag or a key looks like one."""
    try:
        text = _ENCODER.encode(plain)
    except (TypeError, ValueError):
        return canonical_json(plain)
    return canonical_json(plain) if '"$' in text else text


def _scope(scope: Scope, digest: str) -> Plain:
    plain: Plain = {"id": scope.id, "kind": scope.kind, "vars": scope.vars}
    if scope.parent is None or scope.process is not scope.parent.process:
        plain["process"] = scope.process.id
        plain["digest"] = scope.process.digest or digest
    if scope.parent is not None:
        plain["parent"] = scope.parent.id
    if scope.holder is not None and scope.node is not None:
        plain["holder"] = scope.holder.id
        plain["node"] = scope.node.id
    if scope.joins:
        nodes = scope.process.nodes
        plain["joins"] = {nodes[index].id: dict(counts) for index, counts in scope.joins.items()}
    if scope.resets:
        plain["resets"] = {scope.process.nodes[index].id: flows for index, flows in scope.resets.items()}
    if scope.done:
        plain["done"] = [_done(done) for done in scope.done]
    if scope.number:
        plain["number"] = scope.number
    if scope.progress is not None:
        plain["progress"] = _progress(scope.progress)
    return plain


def _done(done: Done) -> Plain:
    return {"node": done.node.id, "vars": done.vars, "inner": [_done(inner) for inner in done.inner]}


def _progress(progress: Progress) -> Plain:
    left = None if progress.items is None else progress.items[progress.next :]
    return {
        "total": progress.total,
        "next": progress.next,
        "done": progress.done,
        "items": left,
        "results": progress.results,
    }


def _token(token: Token) -> Plain:
    plain: Plain = {"id": token.id, "scope": token.scope.id, "node": token.node.id, "phase": token.phase}
    if token.phase is Phase.ENTER:
        plain["via"] = token.via
    if token.inputs:
        plain["inputs"] = token.inputs
    if token.data:
        plain["data"] = token.data
    return plain


def _wait(waiting: Waiting) -> Plain:
    plain: Plain = {"id": waiting.id, "kind": waiting.kind, "role": waiting.role, "node": waiting.node.id}
    if waiting.event:
        plain["event"] = waiting.event
    if waiting.facts:
        plain["facts"] = waiting.facts
    if waiting.token is not None:
        plain["token"] = waiting.token.id
    elif waiting.scope is not None:
        plain["scope"] = waiting.scope.id
    return plain


def _trouble(trouble: Trouble) -> Plain:
    plain: Plain = {"id": trouble.id, "code": trouble.code, "scope": trouble.scope.id, "node": trouble.node.id}
    if trouble.token is not None:
        plain["token"] = trouble.token.id
        plain["phase"] = trouble.phase
    return plain
