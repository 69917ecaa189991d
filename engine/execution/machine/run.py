"""One step at work: the primitives that everything else is made of, and the list of what happened."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime

from engine.execution.compiler.code import BodyCode, NodeCode, ProcessCode, ProgramCode
from engine.execution.machine.happened import Note, told
from engine.execution.machine.reading import View, view_of
from engine.execution.machine.state import Phase, Role, Scope, ScopeKind, State, Token, Trouble, Waiting, WaitKind
from engine.execution.machine.waits import public_wait
from engine.execution.runtime import DataStored, Happening, IncidentCleared, WaitOpened
from engine.model.errors import MakegoodError

# An enumeration's member costs a look-up each time it is named; these are named at every move.
_CONDITION, _MESSAGE, _STUCK, _ROOT = WaitKind.CONDITION, WaitKind.MESSAGE, Phase.STUCK, ScopeKind.ROOT
_BOUNDARY = Role.BOUNDARY
_OF_PROCESSES = (ScopeKind.ROOT, ScopeKind.CALL)
_KEEPING = frozenset({ScopeKind.ROOT, ScopeKind.CALL, ScopeKind.ITEM})
_REPEATS = (ScopeKind.ITEM, ScopeKind.LOOP)


class Stuck(MakegoodError):
    """A token cannot go on; the step turns this into an incident at its element."""


class Run:
    """A step: the state that it changes, the tokens that are to move, and what happened so far, in short notes."""

    __slots__ = (
        "facts",
        "finished",
        "fresh",
        "log",
        "moves",
        "moving",
        "now",
        "program",
        "queue",
        "state",
        "stored",
        "written",
    )

    def __init__(self, program: ProgramCode, state: State, facts: Mapping[str, object], now: datetime) -> None:
        self.program = program
        self.state = state
        self.facts = facts
        self.now = now
        self.queue: deque[Token] = deque(state.queue)
        self.finished: deque[Scope] = deque()
        self.log: list[Note] = []
        self.moves = 0
        self.moving: Token | None = None
        self.written: set[str] = set()
        self.fresh: list[Waiting] = []
        self.stored: dict[str, object] = {}

    @property
    def happenings(self) -> list[Happening]:
        """What happened so far, told in full; what is added to this list has happened too."""
        self.log[:] = told(self.log)
        return self.log  # type: ignore[return-value]  # a cast would be called for each step

    # ---- tokens and scopes

    def spawn(self, scope: Scope, node: NodeCode) -> Token:
        """Put a new token at a node; it still has to be queued."""
        number = self.state.number()
        token = scope.tokens[number] = Token(number, scope, node)
        return token

    def remove(self, token: Token) -> None:
        """Take a token away without asking whether its scope is now at its end."""
        token.scope.tokens.pop(token.id, None)

    def drop(self, token: Token) -> None:
        """End a token; the last one of a scope ends the scope."""
        scope = token.scope
        self.remove(token)
        if not (scope.tokens or scope.joins or scope.resets):
            self.finished.append(scope)

    def is_alive(self, token: Token) -> bool:
        return token.id in token.scope.tokens

    def open_scope(self, kind: ScopeKind, process: ProcessCode, holder: Token, parent: Scope) -> Scope:
        """Begin a scope below a token."""
        scope = Scope(self.state.number(), kind, process, parent)
        scope.node = holder.node
        scope.holder = holder
        holder.below[scope.id] = scope
        self.state.scopes[scope.id] = scope
        return scope

    def close_scope(self, scope: Scope) -> None:
        """Take away a scope that holds nothing any more."""
        for waiting in list(scope.waits.values()):
            self.close(waiting, "ended")
        self.state.scopes.pop(scope.id, None)
        if scope.holder is not None:
            scope.holder.below.pop(scope.id, None)

    def clear(self, token: Token, how: str) -> None:
        """Close everything that the token waits for and all that is at work below it; without recursion."""
        pending = [token]
        while pending:
            current = pending.pop()
            for waiting in list(current.waits.values()):
                self.close(waiting, how)
            if current.phase is _STUCK:
                self._settle(current)
            for scope in current.below.values():
                pending.extend(self.empty(scope, how))
                self.state.scopes.pop(scope.id, None)
            current.below.clear()

    def empty(self, scope: Scope, how: str) -> list[Token]:
        """Take all tokens, half-filled joins and triggers out of a scope; the tokens still have to be cleared."""
        for waiting in list(scope.waits.values()):
            self.close(waiting, how)
        if scope.joins and self.state.troubles:
            self.settle_joins(scope)
        taken = list(scope.tokens.values())
        scope.tokens.clear()
        scope.joins.clear()
        scope.resets.clear()
        return taken

    # ---- waits

    def open(self, waiting: Waiting, owner: Token | Scope) -> None:
        """Begin to wait."""
        state = self.state
        state.counter += 1
        waiting.id = number = str(state.counter)
        if type(owner) is Token:
            waiting.token = owner
        elif isinstance(owner, Scope):
            waiting.scope = owner
        if waiting.role is _BOUNDARY and owner.waits:
            waiting.beside = next(iter(owner.waits.values()))
        owner.waits[number] = waiting
        state.waits[number] = waiting
        if waiting.kind is _CONDITION:
            self.fresh.append(waiting)
            return
        if waiting.kind is _MESSAGE and waiting.facts:
            self.log.append(WaitOpened(public_wait(waiting)))  # with the keys of this moment
        else:
            self.log.append(waiting)

    def close(self, waiting: Waiting, how: str) -> None:
        """Wait no longer."""
        del self.state.waits[waiting.id]
        token, scope = waiting.token, waiting.scope
        if token is not None:
            del token.waits[waiting.id]
        elif scope is not None:
            del scope.waits[waiting.id]
        if waiting.kind is _CONDITION:
            self.settle_joins(token.scope if token is not None else scope, waiting.node)
        else:
            self.log.append((waiting, how))

    # ---- for a runtime that draws its own picture of where tokens stand; the machine has none

    def crossed(self, host: Token, token: Token) -> None:
        """Learn that a token stands at a boundary event, instead of the host at its activity or beside it."""

    def began_inside(self, holder: Token, token: Token, *, interrupting: bool) -> None:
        """Learn that an event subprocess has begun with this token in it."""

    # ---- variables

    def view(self, scope: Scope, *nearer: Mapping[str, object] | None) -> Mapping[str, object]:
        """What can be seen from a scope."""
        return view_of(scope, self.facts, *nearer)

    def write(self, scope: Scope, name: str, value: object) -> None:
        """Write a name where R1 says: an item keeps all, else the nearest scope that declares it, else the last."""
        home = scope
        while not (home.kind in _KEEPING or name in home.vars):
            node = home.node
            if node is not None and node.body is not None and name in node.body.declared:
                break
            if home.parent is None:
                break
            home = home.parent
        if name in self.program.stores and home.parent is None and name not in home.vars:
            self._store(name, value)
            return
        values = home.vars
        if home.kind is _ROOT and (name not in values or values[name] != value):
            self.log.append((name, value))
        values[name] = value
        self.written.add(name)

    def _store(self, name: str, value: object) -> None:
        """Hand a data store's value to the host; what is read later in this step is the new one."""
        if not self.stored:
            self.facts = View((self.stored, self.facts))
        self.stored[name] = value
        self.log.append(DataStored(name, value))
        self.written.add(name)

    # ---- incidents

    def _settle(self, token: Token) -> None:
        for trouble in [trouble for trouble in self.state.troubles.values() if trouble.token is token]:
            self.settle(trouble)

    def settle_joins(self, scope: Scope | None, node: NodeCode | None = None) -> None:
        """What had no token is over: the join has fired, the condition can be judged, or they are gone."""
        for trouble in list(self.state.troubles.values()):
            if trouble.token is None and trouble.scope is scope and (node is None or trouble.node is node):
                self.settle(trouble)

    def settle(self, trouble: Trouble) -> None:
        """Close an incident."""
        del self.state.troubles[trouble.id]
        self.log.append(IncidentCleared(trouble.id))


def body_of(scope: Scope) -> BodyCode:
    """The body that the scope's tokens move in."""
    if scope.kind in _OF_PROCESSES or scope.node is None or scope.node.body is None:
        return scope.process.body
    return scope.node.body


def is_repeated(token: Token) -> bool:
    """Whether the token is an item or a round; boundary events belong to the whole body, not to it (R9)."""
    return token.scope.node is token.node and token.scope.kind in _REPEATS
