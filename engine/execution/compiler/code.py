"""A compiled deployment is flat and immutable: nodes by index, flows in file order, every text compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from engine.execution.decisions import DecisionSet
from engine.execution.expressions import Expression, Script
from engine.execution.runtime import Completed, Entered
from engine.model.bpmn import EventKind, Node, TimerForm
from engine.model.duration import Period


class Does(IntEnum):
    """What the machine does with a token at a node."""

    PASS = 0
    SCRIPT = 1
    RULE = 2
    USER = 3
    JOB = 4
    RECEIVE = 5
    THROW = 6
    END = 7
    CATCH = 8
    CALL = 9
    SUBPROCESS = 10
    EXCLUSIVE = 11
    PARALLEL = 12
    INCLUSIVE = 13
    EVENT_BASED = 14
    BOUNDARY = 15
    EVENT_SUBPROCESS = 16
    COMPLEX = 17


@dataclass(frozen=True, slots=True)
class FlowCode:
    """A sequence flow; `id` is the file's, or its place in the process for one without."""

    id: str
    source: int
    target: int
    condition: Expression | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class TimerCode:
    """A timer's text, or the threshold of a clock; exactly one of the three is there.

    `period` is a duration's text, read; `micros` its length where that is the same everywhere.
    """

    form: TimerForm | None = None
    text: str = ""
    expression: Expression | None = None
    clock: str = ""
    at: str = ""
    period: Period | None = None
    micros: int | None = None


@dataclass(frozen=True, slots=True)
class EventCode:
    """One trigger or result of an event node."""

    kind: EventKind
    name: str = ""
    code: str | None = None
    timer: TimerCode | None = None
    condition: Expression | None = None
    correlation: tuple[tuple[str, Expression], ...] = ()
    payload: tuple[tuple[str, Expression], ...] = ()
    payload_variable: str = ""
    link: str = ""
    activity: str = ""
    waits: bool = True
    late_all: bool = False


@dataclass(frozen=True, slots=True)
class MappingCode:
    """`target` gets the value of `source`; `everything` copies all names."""

    target: str
    source: Expression | None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class MultiCode:
    """R9: how many items, over what, and what is collected; `throws` is the event that the first or each ended item throws.

    `complex` are events that an ended item throws where their condition is true.
    """

    sequential: bool
    cardinality: Expression | None
    collection: Expression | None
    item: str
    output_collection: str
    output_item: Expression | None
    completion: Expression | None
    throws: tuple[EventKind, str] | None = None
    throws_each: bool = False
    complex: tuple[tuple[Expression, tuple[EventKind, str]], ...] = ()


@dataclass(frozen=True, slots=True)
class LoopCode:
    """A standard loop."""

    condition: Expression | None
    test_before: bool
    maximum: int | None


@dataclass(frozen=True, slots=True)
class UserCode:
    """The expressions of a user task, evaluated on arming; `is_fixed` says that there are none."""

    assignee: Expression | None = None
    candidate_users: Expression | None = None
    candidate_groups: tuple[str, ...] = ()
    priority: Expression | None = None
    due: Expression | None = None
    queue: Expression | None = None
    role: Expression | None = None
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class JobCode:
    """Work outside the machine: a connector with its inputs, or a notice."""

    kind: str
    key: str = ""
    to: Expression | None = None
    letter: str = ""
    attempts: int = 3
    backoff: str = "PT1M"


@dataclass(frozen=True, slots=True)
class Starter:
    """An event subprocess's trigger: the subprocess's node, its start event and what it waits for."""

    node: int
    start: int
    event: EventCode
    index: int
    interrupting: bool


@dataclass(frozen=True, slots=True)
class AdHocCode:
    """How an ad hoc subprocess goes: one thing at a time or all, until when, and what becomes of the rest."""

    sequential: bool
    until: Expression | None
    cancels_rest: bool


@dataclass(frozen=True, slots=True)
class BodyCode:
    """The content of a process or subprocess: where tokens begin and what may interrupt it."""

    starts: tuple[int, ...] = ()
    starters: tuple[Starter, ...] = ()
    armed: tuple[Starter, ...] = ()
    undo: Starter | None = None
    declared: frozenset[str] = frozenset()
    ad_hoc: AdHocCode | None = None


@dataclass(frozen=True, slots=True)
class NodeCode:
    """One flow node. `source` is the diagram's own, for the facts that are only handed on.

    It begins with `needs` tokens and sends `gives` along each flow.
    `joins` says that tokens wait here for each other, `pauses_…` that the step ends here (R4); `entered` and `completed` are
    what happens here each time.
    `undo` is the activity that compensates it; `keeps` says that its completion is remembered for that (R26).
    `gated` says that tokens wait for something before they enter, or come back; `quick` says that a token without data goes from here along the one flow, `passes` that it does nothing else here
    than what `passing` holds.
    """

    index: int
    id: str
    does: Does
    source: Node
    entered: Entered
    completed: Completed
    outgoing: tuple[FlowCode, ...] = ()
    incoming: tuple[str, ...] = ()
    plain: bool = False
    default: FlowCode | None = None
    boundaries: tuple[int, ...] = ()
    armed: tuple[int, ...] = ()
    attached: int = -1
    stage: str = ""
    events: tuple[EventCode, ...] = ()
    inputs: tuple[MappingCode, ...] = ()
    outputs: tuple[MappingCode, ...] = ()
    multi: MultiCode | None = None
    loop: LoopCode | None = None
    script: Script | None = None
    script_value: Expression | None = None
    user: UserCode | None = None
    job: JobCode | None = None
    body: BodyCode | None = None
    called: str = ""
    links: int = -1
    needs: int = 1
    gives: int = 1
    undo: int = -1
    keeps: bool = False
    activation: Expression | None = None
    joins: bool = False
    repeats: bool = False
    pauses_before: bool = False
    pauses_after: bool = False
    gated: bool = False
    quick: bool = False
    passes: bool = False
    passing: tuple[Entered | Completed, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessCode:
    """One process, flat: nodes of all depths by index and by id; `reaches` answers R7 for joins.

    `reaches[join][i]` has bit n set where node n has a path to the i-th incoming flow of the join that avoids the join.
    """

    id: str
    name: str
    zone: ZoneInfo
    nodes: tuple[NodeCode, ...]
    by_id: Mapping[str, NodeCode]
    body: BodyCode
    top: frozenset[int] = frozenset()
    reaches: Mapping[int, tuple[int, ...]] = field(default_factory=dict[int, tuple[int, ...]])
    runtime: str = "machine"
    is_global_task: bool = False
    digest: str = ""
    case_kind: str = ""


@dataclass(frozen=True, slots=True)
class StartCode:
    """What something outside may begin a process by: a message, a signal or a timer; `place` among those of its node."""

    process_id: str
    element_id: str
    event: EventCode
    place: int = 0


class Library(Protocol):
    """Where a host finds other deployments than an instance's own; `binding` is `latest` or `version:3` (R17)."""

    def of_process(self, process_id: str, binding: str) -> ProgramCode | None:
        """The program that holds the process now, or in that version; None where there is none."""
        ...

    def of_decision(self, decision: str, binding: str) -> ProgramCode | None:
        """The same for a decision."""
        ...

    def of_digest(self, digest: str) -> ProgramCode | None:
        """The program with this content, for scopes that were begun in it."""
        ...


@dataclass(frozen=True, slots=True)
class ProgramCode:
    """A compiled deployment; shared by all its instances, cached by content digest; a host adds its `library`.

    `stores` are the names of its data stores, whose values the host keeps beyond an instance.
    """

    digest: str
    processes: Mapping[str, ProcessCode]
    decisions: Mapping[str, DecisionSet]
    starts: tuple[StartCode, ...] = ()
    library: Library | None = None
    stores: frozenset[str] = frozenset()

    @property
    def process_ids(self) -> tuple[str, ...]:
        return tuple(key for key, process in self.processes.items() if not process.is_global_task)
