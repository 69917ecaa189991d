"""The one face of every runtime: plain data in, plain data out, no I/O and no clock of its own (design.md, section 3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from engine.model.errors import Message

# Values are None, bool, int, Decimal, str, date, time, datetime, timedelta, and lists and dicts of these.
Values = Mapping[str, object]


# ---- waits: what an instance waits for; the host keeps one row for each -----------------------------------------


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of a clock (`80%`), a time before its due (`P2D before`), or `due` (R11)."""

    clock: str
    at: str


@dataclass(frozen=True, slots=True)
class TaskWait:
    """A user task is open. Expressions of performers, priority and due have been evaluated on arming."""

    id: str
    element_id: str
    name: str
    process_id: str
    lane: str = ""
    form: str = ""
    outcomes: tuple[str, ...] = ()
    queue: str = ""
    role: str = ""
    assignee: str | None = None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    same_as: str = ""
    priority: int | None = None
    due: datetime | None = None
    clock: str = ""
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class TimerWait:
    """A timer is armed: at `due`, or when `threshold` of a clock is reached (then the host settles the due).

    `occurrence` counts from 1; `repeats` is the number of occurrences left after this one, None for no end.
    """

    id: str
    element_id: str
    due: datetime | None
    threshold: Threshold | None = None
    occurrence: int = 1
    starts_at: datetime | None = None
    cycle: str = ""
    late_all: bool = False
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class MessageWait:
    """A message is awaited; `action` is the button's text when it is offered on the task `task_wait`."""

    id: str
    element_id: str
    name: str
    correlation: Values | None = None
    action: str = ""
    task_wait: str = ""


@dataclass(frozen=True, slots=True)
class JobWait:
    """Work outside the machine: a connector, a notice or letter, or the continuation of a long step (R4, R24)."""

    id: str
    element_id: str
    kind: str  # "connector" | "notify" | "continue"
    key: str = ""
    inputs: Values = field(default_factory=dict[str, object])
    letter: str = ""
    attempts: int = 3
    backoff: str = "PT1M"


@dataclass(frozen=True, slots=True)
class SignalWait:
    """A signal is awaited; it goes to every subscriber of its moment."""

    id: str
    element_id: str
    name: str


Wait = TaskWait | TimerWait | MessageWait | JobWait | SignalWait


# ---- events: what happens to an instance ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """Begin at the none start event, or at `element_id` by its `event`-th trigger (a message, signal or timer start)."""

    process_id: str
    variables: Values = field(default_factory=dict[str, object])
    element_id: str | None = None
    facts: Values = field(default_factory=dict[str, object])
    event: int = 0


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """`declared` limits the names that may be written (R2); None takes any (Simulation without a form)."""

    wait_id: str
    data: Values = field(default_factory=dict[str, object])
    outcome: str | None = None
    declared: frozenset[str] | None = None
    facts: Values = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """A person fails the task: raised as a BPMN error (R20)."""

    wait_id: str
    code: str
    payload: Values = field(default_factory=dict[str, object])
    facts: Values = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class TimerFired:
    """`occurrence` names the one that fires when earlier ones were missed (R10); None: the armed one."""

    wait_id: str
    occurrence: int | None = None
    facts: Values = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """Delivered to one wait (matching is the host's, R15); keys that were not set yet take those of `correlation`."""

    wait_id: str
    payload: Values = field(default_factory=dict[str, object])
    correlation: Values = field(default_factory=dict[str, object])
    facts: Values = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class SignalReceived:
    """A signal from outside for one wait; those that have closed meanwhile ignore it."""

    wait_id: str
    payload: Values = field(default_factory=dict[str, object])
    facts: Values = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class JobDone:
    wait_id: str
    result: object = None
    facts: Values = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class JobFailed:
    """`error_code` set: a modelled error (BpmnError); None: retries exhausted, becomes an incident (R6)."""

    wait_id: str
    message: str = ""
    error_code: str | None = None
    payload: Values = field(default_factory=dict[str, object])
    facts: Values = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class VariablesSet:
    """Values from outside go to the nearest scope that declares the name, else to the instance."""

    values: Values
    facts: Values = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class IncidentRetried:
    """Try the element with this open incident again; `skip` goes on behind it without output."""

    incident_id: str
    skip: bool = False
    facts: Values = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Cancelled:
    """End the whole instance from outside; nothing fires any more."""

    reason: str = ""
    facts: Values = field(default_factory=dict[str, object])


Event = (
    Start
    | TaskCompleted
    | TaskFailed
    | TimerFired
    | MessageReceived
    | SignalReceived
    | JobDone
    | JobFailed
    | VariablesSet
    | IncidentRetried
    | Cancelled
)


# ---- happenings: what the step did, in order ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entered:
    """A token came to a node; `stage` is the case's stage that the node names."""

    element_id: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Completed:
    """A node instance completed (one trace entry; items of a multi-instance, not its body)."""

    element_id: str


@dataclass(frozen=True, slots=True)
class WaitOpened:
    wait: Wait


@dataclass(frozen=True, slots=True)
class WaitClosed:
    """`kind` is task, timer, message, signal or job; `how` is completed, interrupted, fired, received, failed, skipped, cancelled or ended."""

    wait_id: str
    element_id: str
    how: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class VariableWritten:
    """A name of the root scope got a new value; the host mirrors some to the case."""

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A decision table was evaluated inside the step (R22, R23).

    `digest` is that of the deployment that holds it, `at` the step's `now`: a late timer's is its due.
    """

    element_id: str
    decision: str
    inputs: Values
    result: object
    fired: Sequence[Mapping[str, object]]
    digest: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageThrown:
    """A message to somewhere outside this root instance (inner catches have been served, R14)."""

    element_id: str
    name: str
    payload: Values
    correlation: Values | None = None


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """A signal for everybody outside this root instance; those inside have been served."""

    element_id: str
    name: str
    payload: Values


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    incident_id: str
    element_id: str
    message: Message


@dataclass(frozen=True, slots=True)
class IncidentCleared:
    incident_id: str


@dataclass(frozen=True, slots=True)
class InstanceEnded:
    """`how` is completed, failed (an uncaught error, `code`), terminated or cancelled."""

    how: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class DataStored:
    """A data store has a new value, which the host keeps and supplies with the facts of every later step (BPMN 10.4.1)."""

    name: str
    value: object


Happening = (
    DataStored
    | Entered
    | Completed
    | WaitOpened
    | WaitClosed
    | VariableWritten
    | DecisionMade
    | MessageThrown
    | SignalThrown
    | IncidentRaised
    | IncidentCleared
    | InstanceEnded
)


class Step:
    """What one advance gave: the new state as canonical JSON text, all open waits, and what happened in order.

    The waits are made when they are first asked for: a host that keeps a row for each learns of them by what happened.
    """

    __slots__ = ("_waits", "happenings", "running", "state")

    def __init__(
        self,
        state: str,
        waits: tuple[Wait, ...] | Callable[[], tuple[Wait, ...]],
        happenings: tuple[Happening, ...],
        running: bool,
    ) -> None:
        self.state = state
        self._waits = waits
        self.happenings = happenings
        self.running = running

    @property
    def waits(self) -> tuple[Wait, ...]:
        """All that is open, oldest first."""
        if not isinstance(self._waits, tuple):
            self._waits = self._waits()
        return self._waits

    def _shown(self) -> tuple[object, ...]:
        return self.state, self.waits, self.happenings, self.running

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Step) and self._shown() == other._shown()

    def __hash__(self) -> int:
        return hash(self.state)

    def __repr__(self) -> str:
        return f"Step{self._shown()}"


class Program(Protocol):
    """A compiled deployment: immutable, shared by all its instances, cached by content digest."""

    @property
    def digest(self) -> str: ...

    @property
    def process_ids(self) -> tuple[str, ...]: ...


ProgramType = TypeVar("ProgramType", bound=Program, contravariant=True)


class Runtime(Protocol[ProgramType]):
    """Pure: the same arguments give the same bytes. Raises Conflict where the event does not fit an open wait."""

    def advance(self, program: ProgramType, state: str | None, event: Event, now: datetime) -> Step:
        """Take one event; `state` is None only for Start."""
        ...

    def variables(self, program: ProgramType, state: str) -> dict[str, object]:
        """The root scope's variables."""
        ...
