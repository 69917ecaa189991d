"""An instance between steps is one canonical JSON text that names elements by their BPMN id (R30)."""

from __future__ import annotations

from json.encoder import encode_basestring

from engine.execution.compiler.code import NodeCode
from engine.execution.machine.state import Done, Phase, Progress, Scope, State, Token, Trouble, Waiting
from engine.model.errors import Conflict
from engine.model.values import canonical_json

FORMAT = 2  # 1 had a count for every flow of a join, however many they are
MANY = 16
SEMANTICS = 1
MOST_BYTES = 1_048_576
_ENTER = Phase.ENTER  # an enumeration's member costs a look-up each time it is named

Plain = dict[str, object]


def write_state(state: State, digest: str) -> str:
    """Give the text; equal states give equal bytes. Raises Conflict where it is larger than 1 MB.

    It is put together in the order of its keys, which is several times quicker than sorting them each time.
    """
    waits = ",".join([waiting.text or _wait(waiting) for waiting in state.waits.values()])
    incidents = canonical_json([_trouble(trouble) for trouble in state.troubles.values()]) if state.troubles else "[]"
    if len(state.scopes) == 1:
        scopes = scope_text(state.root, digest)
        tokens = ",".join([_token(token) for token in state.root.tokens.values()])
    else:
        scopes = ",".join([scope_text(scope, digest) for scope in state.scopes.values()])
        tokens = ",".join([_token(token) for scope in state.scopes.values() for token in scope.tokens.values()])
    queue = ",".join([str(token.id) for token in state.queue]) if state.queue else ""
    keys = canonical_json(state.keys) if state.keys else "{}"
    text = (
        f'{{"counter":{state.counter},"ended":"{state.ended}","format":{FORMAT},"incidents":{incidents},"keys":{keys},'
        f'"moves":{state.moves},"process":{encode_basestring(state.process.id)},"queue":[{queue}],"scopes":[{scopes}],'
        f'"semantics":{SEMANTICS},"tokens":[{tokens}],"waits":[{waits}]}}'
    )
    if len(text) > MOST_BYTES or (len(text) * 4 > MOST_BYTES and len(text.encode()) > MOST_BYTES):
        raise Conflict(
            "state_too_large",
            "The values of this instance would be larger than {limit} bytes; keep large texts as attachments.",
            limit=MOST_BYTES,
        )
    return text


def scope_text(scope: Scope, digest: str) -> str:
    """Give the part of the text that is about one scope."""
    if not is_simple(scope):
        return canonical_json(_scope(scope, digest))
    values = canonical_json(scope.vars) if scope.vars else "{}"
    if scope.parent is None:
        own = encode_basestring(scope.process.digest or digest)
        return (
            f'{{"digest":{own},"id":{scope.id},"kind":"{scope.kind!s}",'
            f'"process":{encode_basestring(scope.process.id)},"vars":{values}}}'
        )
    if scope.holder is None or scope.node is None or scope.process is not scope.parent.process:
        return canonical_json(_scope(scope, digest))
    return (
        f'{{"holder":{scope.holder.id},"id":{scope.id},"kind":"{scope.kind!s}",'
        f'"node":{encode_basestring(scope.node.id)},"parent":{scope.parent.id},"vars":{values}}}'
    )


def is_simple(scope: Scope) -> bool:
    """Whether the scope has nothing but variables, tokens and waits."""
    return not (scope.joins or scope.resets or scope.done or scope.number or scope.progress is not None)


def _token(token: Token) -> str:
    data = f'"data":{canonical_json(token.data)},' if token.data else ""
    inputs = f'"inputs":{canonical_json(token.inputs)},' if token.inputs else ""
    via = f',"via":{encode_basestring(token.via)}' if token.phase is _ENTER else ""
    return (
        f'{{{data}"id":{token.id},{inputs}"node":{encode_basestring(token.node.id)},'
        f'"phase":"{token.phase!s}","scope":{token.scope.id}{via}}}'
    )


def _wait(waiting: Waiting) -> str:
    facts = waiting.facts
    event = f'"event":{waiting.event},' if waiting.event else ""
    fixed = not facts or (len(facts) == 1 and type(facts.get("due")) is int)
    told = ""
    if facts:
        told = f'"facts":{{"due":{facts["due"]}}},' if fixed else f'"facts":{canonical_json(facts)},'
    owner = ""
    if waiting.token is not None:
        owner = f',"token":{waiting.token.id}'
    elif waiting.scope is not None:
        owner = f',"scope":{waiting.scope.id}'
    text = (
        f'{{{event}{told}"id":"{waiting.id}","kind":"{waiting.kind!s}",'
        f'"node":{encode_basestring(waiting.node.id)},"role":"{waiting.role!s}"{owner}}}'
    )
    if fixed:  # by far the most know when they are due, or nothing, and that does not change while they are open
        waiting.text = text
    return text


def _scope(scope: Scope, digest: str) -> Plain:
    plain: Plain = {"id": scope.id, "kind": scope.kind.value, "vars": scope.vars}
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


def _trouble(trouble: Trouble) -> Plain:
    plain: Plain = {"id": trouble.id, "code": trouble.code, "scope": trouble.scope.id, "node": trouble.node.id}
    if trouble.token is not None:
        plain["token"] = trouble.token.id
        plain["phase"] = trouble.phase.value
    return plain
