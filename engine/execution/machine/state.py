"""What is alive in an instance: scopes with variables, tokens in them, and what they wait for; nothing that is done stays."""

from __future__ import annotations

from enum import StrEnum

from engine.execution.compiler.code import NodeCode, ProcessCode
from engine.execution.runtime import Wait

DEADLOCK = "deadlock"
CONDITION = "condition"


class ScopeKind(StrEnum):
    """Where variables live (R1)."""

    ROOT = "root"
    SUBPROCESS = "sub"
    EVENT = "event"
    CALL = "call"
    BODY = "body"  # of a multi-instance activity
    ITEM = "item"  # one of its items; writes stay inside (R9)
    LOOP = "loop"
    AD_HOC = "ad_hoc"
    UNDO = "undo"  # compensates what was done, last first
    RESTORED = "restored"  # the variables of a completed subprocess, for its compensation


class Phase(StrEnum):
    """What a token does next when it is taken from the queue, or why it stays."""

    ENTER = "enter"
    PERFORM = "perform"  # entered before; a boundary of the step lay in between
    TAKE = "take"  # the node's work is done; what it gave is taken over next
    PASS_ON = "pass"  # that is done too; an item counts, anything else leaves
    LEAVE = "leave"  # the outgoing flows are next
    WAIT = "wait"
    HOLD = "hold"  # a scope below it is at work
    STUCK = "stuck"  # an incident is open


class Role(StrEnum):
    """What firing a wait means for its owner."""

    OWN = "own"  # the token's node is done
    BRANCH = "branch"  # an event-based gateway's token takes this way
    BOUNDARY = "boundary"
    STARTER = "starter"  # of an event subprocess


class WaitKind(StrEnum):
    TASK = "task"
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"
    JOB = "job"


# An enumeration's member costs a look-up each time it is named; these are named for each token and each state.
_ENTER, _ROOT = Phase.ENTER, ScopeKind.ROOT


class Progress:
    """How far a multi-instance body or a loop has come."""

    __slots__ = ("done", "items", "next", "results", "total")

    def __init__(self, total: int, items: list[object] | None, results: list[object] | None) -> None:
        self.total = total
        self.items = items
        self.results = results
        self.next = 0
        self.done = 0


class Done:
    """A completed activity that can be compensated, with what it left behind (R26)."""

    __slots__ = ("inner", "node", "vars")

    def __init__(self, node: NodeCode, variables: dict[str, object], inner: list[Done]) -> None:
        self.node = node
        self.vars = variables
        self.inner = inner


class Scope:
    """A level of variables and of tokens; `holder` is the token outside that waits for its end."""

    __slots__ = (
        "done",
        "holder",
        "id",
        "joins",
        "kind",
        "node",
        "number",
        "parent",
        "process",
        "progress",
        "resets",
        "tokens",
        "vars",
        "waits",
    )

    def __init__(self, scope_id: int, kind: ScopeKind, process: ProcessCode, parent: Scope | None) -> None:
        self.id = scope_id
        self.kind = kind
        self.process = process
        self.parent = parent
        self.node: NodeCode | None = None
        self.holder: Token | None = None
        self.vars: dict[str, object] = {}
        self.joins: dict[int, dict[str, int]] = {}
        self.resets: dict[int, list[str]] = {}  # complex gateways that have gone on, and from which flows
        self.tokens: dict[int, Token] = {}
        self.waits: dict[str, Waiting] = {}
        self.progress: Progress | None = None
        self.done: list[Done] = []
        self.number = 0


class Token:
    """A point of control at a node; `data` is what a completion gave that could not yet be taken over."""

    __slots__ = ("below", "data", "id", "inputs", "node", "phase", "scope", "seen", "via", "waits")

    def __init__(self, token_id: int, scope: Scope, node: NodeCode) -> None:
        self.id = token_id
        self.scope = scope
        self.node = node
        self.phase = _ENTER
        self.via = ""
        self.waits: dict[str, Waiting] = {}
        self.below: dict[int, Scope] = {}
        self.inputs: dict[str, object] | None = None
        self.data: dict[str, object] | None = None
        self.seen = 0


class Waiting:
    """One open wait; `facts` is what was worked out when it was armed, `shown` what the host was told of it, `text` how it is
    saved where its facts are of those that stay (the rest is written each time).

    `beside` is the first wait of the same activity, where it was open before.
    """

    __slots__ = ("beside", "event", "facts", "id", "kind", "node", "role", "scope", "shown", "text", "token")

    def __init__(self, kind: WaitKind, role: Role, node: NodeCode, facts: dict[str, object]) -> None:
        self.id = ""
        self.kind = kind
        self.role = role
        self.node = node
        self.event = 0
        self.facts = facts
        self.token: Token | None = None
        self.scope: Scope | None = None
        self.shown: Wait | None = None
        self.text = ""
        self.beside: Waiting | None = None


class Trouble:
    """An open incident: where its token stays and what a retry does; a deadlock and a faulty condition have no token."""

    __slots__ = ("code", "id", "node", "phase", "scope", "token")

    def __init__(self, incident_id: str, code: str, scope: Scope, node: NodeCode) -> None:
        self.id = incident_id
        self.code = code
        self.scope = scope
        self.node = node
        self.token: Token | None = None
        self.phase = _ENTER


class State:
    """An instance between and during steps; `passing` is one that a batch woke, which leaves memory to those of people."""

    __slots__ = (
        "counter",
        "ended",
        "keys",
        "moves",
        "passing",
        "process",
        "queue",
        "root",
        "scopes",
        "troubles",
        "waits",
    )

    def __init__(self, process: ProcessCode) -> None:
        self.process = process
        self.counter = 0
        self.moves = 0
        self.passing = False
        self.ended = ""
        self.keys: dict[str, object] = {}
        self.scopes: dict[int, Scope] = {}
        self.waits: dict[str, Waiting] = {}
        self.troubles: dict[str, Trouble] = {}
        self.queue: list[Token] = []
        self.root = Scope(0, _ROOT, process, None)
        self.scopes[0] = self.root

    def number(self) -> int:
        """Give the next number; scopes, tokens, waits and incidents are numbered together and never again."""
        self.counter += 1
        return self.counter
