"""An instance between steps is one canonical JSON text that names elements by their BPMN id (R30)."""

from __future__ import annotations

import json
from json.encoder import encode_basestring

from engine.execution.compiler.code import NodeCode
from engine.execution.machine.state import Done, Phase, Progress, Scope, State, Token, Trouble, Waiting
from engine.model.errors import Conflict
from engine.model.values import canonical_json

FORMAT = 2  # 1 had a count for every flow of a join, however many they are
MANY = 16
SEMANTICS = 1
MOST_BYTES = 1_048_576
_TEXT_OF = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode

Plain = dict[str, object]


def write_state(state: State, digest: str) -> str:
    """Give the text; equal states give equal bytes. Raises Conflict where it is larger than 1 MB."""
    try:
        text = _quickly(state, digest)
    except (TypeError, ValueError):
        text = '"$'
    if '"$' in text:  # a value needs a tag, or a name looks like one
        text = _exactly(state, digest)
    if len(text) > MOST_BYTES or (len(text) * 4 > MOST_BYTES and len(text.encode()) > MOST_BYTES):
        raise Conflict(
            "state_too_large",
            "The values of this instance would be larger than {limit} bytes; keep large texts as attachments.",
            limit=MOST_BYTES,
        )
    return text


def _exactly(state: State, digest: str) -> str:
    """What the text is, by definition; `_quickly` gives the same for states of plain values, in half the time."""
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
    return canonical_json(plain)


def _quickly(state: State, digest: str) -> str:
    """Put the text together in the order of its keys."""
    scopes = ",".join([_scope_text(scope, digest) for scope in state.scopes.values()])
    tokens = ",".join([_token_text(token) for scope in state.scopes.values() for token in scope.tokens.values()])
    waits = ",".join([_wait_text(waiting) for waiting in state.waits.values()])
    incidents = _TEXT_OF([_trouble(trouble) for trouble in state.troubles.values()]) if state.troubles else "[]"
    queue = ",".join([str(token.id) for token in state.queue])
    keys = _TEXT_OF(state.keys) if state.keys else "{}"
    return (
        f'{{"counter":{state.counter},"ended":"{state.ended}","format":{FORMAT},"incidents":{incidents},"keys":{keys},'
        f'"moves":{state.moves},"process":{encode_basestring(state.process.id)},"queue":[{queue}],"scopes":[{scopes}],'
        f'"semantics":{SEMANTICS},"tokens":[{tokens}],"waits":[{waits}]}}'
    )


def _scope_text(scope: Scope, digest: str) -> str:
    if scope.joins or scope.resets or scope.done or scope.number or scope.progress is not None:
        return _TEXT_OF(_scope(scope, digest))
    values = _TEXT_OF(scope.vars) if scope.vars else "{}"
    if scope.parent is None:
        own = encode_basestring(scope.process.digest or digest)
        return (
            f'{{"digest":{own},"id":{scope.id},"kind":"{scope.kind.value}",'
            f'"process":{encode_basestring(scope.process.id)},"vars":{values}}}'
        )
    if scope.holder is None or scope.node is None or scope.process is not scope.parent.process:
        return _TEXT_OF(_scope(scope, digest))
    return (
        f'{{"holder":{scope.holder.id},"id":{scope.id},"kind":"{scope.kind.value}",'
        f'"node":{encode_basestring(scope.node.id)},"parent":{scope.parent.id},"vars":{values}}}'
    )


def _token_text(token: Token) -> str:
    data = f'"data":{_TEXT_OF(token.data)},' if token.data else ""
    inputs = f'"inputs":{_TEXT_OF(token.inputs)},' if token.inputs else ""
    via = f',"via":{encode_basestring(token.via)}' if token.phase is Phase.ENTER else ""
    return (
        f'{{{data}"id":{token.id},{inputs}"node":{encode_basestring(token.node.id)},'
        f'"phase":"{token.phase.value}","scope":{token.scope.id}{via}}}'
    )


def _wait_text(waiting: Waiting) -> str:
    event = f'"event":{waiting.event},' if waiting.event else ""
    facts = f'"facts":{_facts_text(waiting.facts)},' if waiting.facts else ""
    owner = ""
    if waiting.token is not None:
        owner = f',"token":{waiting.token.id}'
    elif waiting.scope is not None:
        owner = f',"scope":{waiting.scope.id}'
    return (
        f'{{{event}{facts}"id":"{waiting.id}","kind":"{waiting.kind.value}",'
        f'"node":{encode_basestring(waiting.node.id)},"role":"{waiting.role.value}"{owner}}}'
    )


def _facts_text(facts: Plain) -> str:
    """By far the most waits know when they are due, and nothing else."""
    due = facts.get("due")
    return f'{{"due":{due}}}' if type(due) is int and len(facts) == 1 else _TEXT_OF(facts)


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
        plain["joins"] = {nodes[index].id: _came(nodes[index], counts) for index, counts in scope.joins.items()}
    if scope.resets:
        plain["resets"] = {scope.process.nodes[index].id: flows for index, flows in scope.resets.items()}
    if scope.done:
        plain["done"] = [_done(done) for done in scope.done]
    if scope.number:
        plain["number"] = scope.number
    if scope.progress is not None:
        plain["progress"] = _progress(scope.progress)
    return plain


def _came(join: NodeCode, counts: dict[str, int]) -> list[str] | dict[str, int]:
    """Counts by flow; of many flows on which one token came each, only their names, in the join's order."""
    if len(counts) > MANY and sum(counts.values()) == len(counts):
        flows = [flow for flow in join.incoming if flow in counts]
        if len(flows) == len(counts):
            return flows
    return counts


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
