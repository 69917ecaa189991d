"""A saved state is read back against its program; every older format stays readable (R30)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from engine.execution.compiler.code import NodeCode, ProcessCode, ProgramCode
from engine.execution.machine.state import (
    Done,
    Phase,
    Progress,
    Role,
    Scope,
    ScopeKind,
    State,
    Token,
    Trouble,
    Waiting,
    WaitKind,
)
from engine.execution.machine.state_text import FORMAT
from engine.model.errors import Conflict
from engine.model.json_text import read_json
from engine.model.values import from_tagged

Saved: TypeAlias = dict[str, Any]  # a JSON object; its shape is what state_text writes


_SCOPES = {str(kind): kind for kind in ScopeKind}
_PHASES = {str(phase): phase for phase in Phase}
_KINDS = {str(kind): kind for kind in WaitKind}
_ROLES = {str(role): role for role in Role}
_ROOT = ScopeKind.ROOT.value
_MORE = frozenset({"number", "joins", "resets", "done", "progress"})  # what few scopes have
_OF_A_RESTING_TOKEN = 4  # entries: id, node, phase, scope
_OF_TOKENS = frozenset({"inputs", "data"})


def read_state(text: str, program: ProgramCode) -> State:
    """Read a state; raise Conflict where the program lacks an element that it names, or a newer Makegood wrote it."""
    saved: Saved = read_json(text)
    if '"$' in text:
        _untag(saved)
    if saved["format"] > FORMAT:
        raise Conflict("state_newer", "A newer Makegood saved this instance; start that version to go on with it.")
    state = State(_process(program, saved["process"]))
    state.counter, state.moves, state.ended = saved["counter"], saved["moves"], saved["ended"]
    state.keys = saved["keys"]
    scopes = saved["scopes"]
    _scopes(state, program, scopes)
    tokens = _tokens(state, saved["tokens"])
    if len(scopes) > 1:
        _join_up(state, tokens, scopes)
    for row in saved["waits"]:
        _wait(state, tokens, row)
    if saved["queue"]:
        state.queue = [tokens[number] for number in saved["queue"]]
    for row in saved["incidents"]:
        _trouble(state, tokens, row)
    return state


def _untag(saved: Saved) -> None:
    """Give the values their kinds; what lies around them is plain."""
    if saved["keys"]:
        saved["keys"] = from_tagged(saved["keys"])
    for row in saved["scopes"]:
        row["vars"] = from_tagged(row["vars"])
        for name in () if _MORE.isdisjoint(row) else _MORE.intersection(row):
            row[name] = from_tagged(row[name])
    for row in saved["tokens"]:
        for name in _OF_TOKENS.intersection(row):
            row[name] = from_tagged(row[name])
    for row in saved["waits"]:
        if "facts" in row:
            row["facts"] = from_tagged(row["facts"])


def _process(program: ProgramCode, process_id: str) -> ProcessCode:
    process = program.processes.get(process_id)
    if process is None:
        raise Conflict("process_gone", "The deployment has no process “{process}”.", process=process_id)
    return process


def _program(program: ProgramCode, row: Saved) -> ProgramCode:
    """The deployment that a called scope was begun in: the instance's own, or another that the host knows (R17)."""
    digest = row.get("digest", "")
    if program.library is None or digest in ("", program.digest):
        return program
    return program.library.of_digest(digest) or program


def node_of(process: ProcessCode, element_id: str) -> NodeCode:
    """Give the node of this id; raise Conflict where the program has none."""
    node = process.by_id.get(element_id)
    if node is None:
        raise Conflict(
            "element_gone",
            "The process “{process}” has no element “{element}”, where the instance stands.",
            process=process.id,
            element=element_id,
        )
    return node


def _scopes(state: State, program: ProgramCode, rows: list[Saved]) -> None:
    for row in rows:
        if row["kind"] == _ROOT:
            fill(state.root, row)
            continue
        parent = state.scopes[row["parent"]]
        process = _process(_program(program, row), row["process"]) if "process" in row else parent.process
        scope = Scope(row["id"], _SCOPES[row["kind"]], process, parent)
        state.scopes[scope.id] = scope
        fill(scope, row)


def fill(scope: Scope, row: Saved) -> None:
    """Put into the scope what is saved of it alone."""
    scope.vars = row["vars"]
    if _MORE.isdisjoint(row):
        return
    process = scope.process
    scope.number = row.get("number", 0)
    scope.joins = {node_of(process, name).index: _counts(came) for name, came in row.get("joins", {}).items()}
    scope.resets = {node_of(process, name).index: flows for name, flows in row.get("resets", {}).items()}
    scope.done = [_done(process, done) for done in row.get("done", ())]
    if "progress" in row:
        scope.progress = _progress(row["progress"])


def _counts(came: list[str] | dict[str, int]) -> dict[str, int]:
    return came if isinstance(came, dict) else dict.fromkeys(came, 1)


def _done(process: ProcessCode, row: Saved) -> Done:
    return Done(node_of(process, row["node"]), row["vars"], [_done(process, inner) for inner in row["inner"]])


def _progress(row: Saved) -> Progress:
    items: list[object] | None = row["items"]
    if items is not None:
        items = [None] * row["next"] + items
    progress = Progress(row["total"], items, row["results"])
    progress.next, progress.done = row["next"], row["done"]
    return progress


def _tokens(state: State, rows: list[Saved]) -> dict[int, Token]:
    tokens: dict[int, Token] = {}
    for row in rows:
        scope, name = state.scopes[row["scope"]], row["node"]
        number: int = row["id"]
        token = tokens[number] = scope.tokens[number] = Token(
            number, scope, scope.process.by_id.get(name) or node_of(scope.process, name)
        )
        token.phase = _PHASES[row["phase"]]
        if len(row) > _OF_A_RESTING_TOKEN:
            token.via = row.get("via", "")
            token.inputs = row.get("inputs")
            token.data = row.get("data")
    return tokens


def _join_up(state: State, tokens: Mapping[int, Token], rows: list[Saved]) -> None:
    for row in rows:
        if "holder" in row:
            scope, holder = state.scopes[row["id"]], tokens[row["holder"]]
            scope.holder = holder
            scope.node = holder.node
            holder.below[scope.id] = scope


def _wait(state: State, tokens: Mapping[int, Token], row: Saved) -> None:
    name = row["node"]
    token = tokens[row["token"]] if "token" in row else None
    scope = token.scope if token is not None else state.scopes[row["scope"]]
    process = scope.process
    node = process.by_id.get(name) or node_of(process, name)
    waiting = Waiting(_KINDS[row["kind"]], _ROLES[row["role"]], node, row.get("facts") or {})
    waiting.id = number = row["id"]
    if "event" in row:
        waiting.event = row["event"]
    state.waits[number] = waiting
    if token is None:
        waiting.scope = scope
        scope.waits[number] = waiting
    else:
        waiting.token = token
        token.waits[number] = waiting


def _trouble(state: State, tokens: Mapping[int, Token], row: Saved) -> None:
    scope = state.scopes[row["scope"]]
    trouble = Trouble(row["id"], row["code"], scope, node_of(scope.process, row["node"]))
    if "token" in row:
        trouble.token = tokens[row["token"]]
        trouble.phase = _PHASES[row["phase"]]
    state.troubles[trouble.id] = trouble
