"""The states of the last steps stay in memory under their own text: the next step of an instance need not read it.

Equal texts are equal states, so what lies here can never be out of date, however many processes write the same database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from threading import Lock
from typing import cast

from engine.execution.compiler.code import ProcessCode, ProgramCode
from engine.execution.machine.state import Phase, Scope, State, Token
from engine.execution.machine.state_reading import fill
from engine.execution.machine.state_text import is_simple, scope_text
from engine.model.values import Months, canonical_json, from_canonical

MOST_CHARACTERS = 524_288  # of text; the objects weigh some ten times that
LARGEST = MOST_CHARACTERS // 4
_ENTER = Phase.ENTER
_NEVER_CHANGED = frozenset({str, int, bool, type(None), Decimal, date, timedelta, Months})

Plain = dict[str, object]
Processes = Mapping[str, ProcessCode]


class KeptStates:
    """Whoever takes a state has it alone, for a step changes it in place; what was not taken for longest, goes first."""

    __slots__ = ("_lock", "_room", "_states")

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._lock = Lock()
        self._room = most
        self._states: dict[str, tuple[Processes, State]] = {}

    def __len__(self) -> int:
        return len(self._states)

    def take(self, text: str, program: ProgramCode) -> State | None:
        """Take the state with this text out, if it is here, as `read_state` would give it."""
        with self._lock:
            found = self._states.pop(text, None)
            if found is None:
                return None
            self._room += len(text)
        return found[1] if found[0] is program.processes else None

    def put(self, text: str, program: ProgramCode, state: State) -> None:
        """Keep a settled state under its text; nobody else may hold it."""
        gone: list[State] = []
        with self._lock:
            if text not in self._states:
                self._states[text] = program.processes, state
                self._room -= len(text)
            while self._room < 0:
                oldest = next(iter(self._states))
                gone.append(self._states.pop(oldest)[1])
                self._room += len(oldest)
        for each in gone:
            take_apart(each)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._room += sum(map(len, self._states))
            self._states.clear()


def take_apart(state: State) -> None:
    """What is not kept would lie on as garbage until all memory is looked through; so nothing in it holds another."""
    for scope in state.scopes.values():
        for token in scope.tokens.values():
            token.waits.clear()
            token.below.clear()
        scope.tokens.clear()
        scope.waits.clear()
    state.scopes.clear()
    state.waits.clear()


KEPT = KeptStates()


def settle(state: State, program: ProgramCode) -> bool:
    """Bring a state that has been written into the form that reading it gives; False where it had better be read."""
    if state.ended or state.troubles:
        return False
    for scope in state.scopes.values():
        if program.processes.get(scope.process.id) is not scope.process:
            return False  # called in another deployment: which one, is settled when it is read
        if is_simple(scope):
            scope.vars = as_read(scope.vars) if scope.vars else {}
        elif not _read_again(scope, program):
            return False
        for token in scope.tokens.values():
            _settle_token(token)
    for waiting in state.waits.values():
        waiting.shown = waiting.beside = None
        if not waiting.text:
            waiting.facts = as_read(waiting.facts)
    if state.keys:
        state.keys = as_read(state.keys)
    return True


def as_read(values: Mapping[str, object]) -> Plain:
    """Give the values as they come back from their text: in order, and shared with nobody who could change them."""
    if _NEVER_CHANGED.issuperset(map(type, values.values())):
        return {name: values[name] for name in sorted(values)} if len(values) > 1 else dict(values)
    return cast("Plain", from_canonical(canonical_json(values)))


def _read_again(scope: Scope, program: ProgramCode) -> bool:
    row = from_canonical(scope_text(scope, program.digest))
    if not isinstance(row, dict):
        return False
    fill(scope, row)
    return True


def _settle_token(token: Token) -> None:
    if token.phase is not _ENTER:
        token.via = ""
    token.inputs = as_read(token.inputs) if token.inputs else None
    token.data = as_read(token.data) if token.data else None
    token.seen = 0
