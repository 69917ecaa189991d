"""The typed diagram: what a BPMN file says, complete, with lines; nothing here runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class NodeKind(StrEnum):
    """BPMN 2.0.2 flow nodes, by their element name."""

    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    CATCH_EVENT = "intermediateCatchEvent"
    THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    TASK = "task"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SCRIPT_TASK = "scriptTask"
    RULE_TASK = "businessRuleTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    CALL_ACTIVITY = "callActivity"
    SUBPROCESS = "subProcess"
    TRANSACTION = "transaction"
    AD_HOC = "adHocSubProcess"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"
    EVENT_BASED = "eventBasedGateway"
    COMPLEX = "complexGateway"


class EventKind(StrEnum):
    """What an event waits for or raises, by the event definition's element name."""

    MESSAGE = "messageEventDefinition"
    TIMER = "timerEventDefinition"
    SIGNAL = "signalEventDefinition"
    ERROR = "errorEventDefinition"
    ESCALATION = "escalationEventDefinition"
    CONDITIONAL = "conditionalEventDefinition"
    COMPENSATION = "compensateEventDefinition"
    CANCEL = "cancelEventDefinition"
    LINK = "linkEventDefinition"
    TERMINATE = "terminateEventDefinition"


@dataclass(frozen=True, slots=True)
class ExpressionText:
    """An expression as written; `language` is python, feel or juel, settled by the reader (formats and R21)."""

    body: str
    language: str = "python"
    line: int = 0


class TimerForm(StrEnum):
    DURATION = "timeDuration"
    DATE = "timeDate"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """One trigger or result; `name` is the message's or signal's name, `code` the error's or escalation's."""

    kind: EventKind
    id: str = ""
    line: int = 0
    name: str = ""
    code: str | None = None
    timer_form: TimerForm | None = None
    timer: ExpressionText | None = None
    clock: str = ""
    at: str = ""
    late_all: bool = False
    condition: ExpressionText | None = None
    link: str = ""
    activity_ref: str = ""
    wait_for_completion: bool = True
    correlation: Mapping[str, ExpressionText] = field(default_factory=dict[str, ExpressionText])
    payload: Mapping[str, ExpressionText] = field(default_factory=dict[str, ExpressionText])
    payload_variable: str = ""


@dataclass(frozen=True, slots=True)
class DataMapping:
    """One input or output mapping: `target` gets the value of `source`; `everything` copies all names."""

    target: str
    source: ExpressionText | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Connector:
    """A service by key; retries are counted by the job, `backoff` is an ISO 8601 duration that doubles, or several in turn."""

    key: str
    inputs: tuple[DataMapping, ...] = ()
    outputs: tuple[DataMapping, ...] = ()
    attempts: int = 3
    backoff: str = "PT1M"


@dataclass(frozen=True, slots=True)
class Performers:
    """Who may do a user task: mg, camunda, zeebe and lane attributes brought together."""

    queue: str = ""
    role: str = ""
    assignee: ExpressionText | None = None
    candidate_users: ExpressionText | None = None
    candidate_groups: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class UserTaskFacts:
    """What the desk shows of a user task."""

    form: str = ""
    outcomes: tuple[str, ...] = ()
    priority: ExpressionText | None = None
    due: ExpressionText | None = None
    follow_up: ExpressionText | None = None
    clock: str = ""


@dataclass(frozen=True, slots=True)
class DecisionCall:
    """A business rule task's table; `result` is singleEntry, singleResult, collectEntries or resultList."""

    decision: str
    result: str = ""
    result_variable: str = ""
    binding: str = "deployment"


@dataclass(frozen=True, slots=True)
class ProcessCall:
    """A call activity's target (R17, R18)."""

    process: str
    binding: str = "deployment"
    inputs: tuple[DataMapping, ...] = ()
    outputs: tuple[DataMapping, ...] = ()
    is_global_task: bool = False


@dataclass(frozen=True, slots=True)
class ComplexBehavior:
    """Each time an item ends and `condition` is true, `throws` is thrown; both are missing where the file lacks them."""

    condition: ExpressionText | None
    throws: EventDefinition | None


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """R9. Either a cardinality or a collection; `behavior` is all, one, none or complex."""

    sequential: bool = False
    cardinality: ExpressionText | None = None
    collection: ExpressionText | None = None
    item: str = ""
    output_collection: str = ""
    output_item: ExpressionText | None = None
    completion: ExpressionText | None = None
    behavior: str = "all"
    behavior_event: str = ""
    throws: EventDefinition | None = None
    complex: tuple[ComplexBehavior, ...] = ()

    @property
    def tells(self) -> bool:
        """Whether its behavior says all that it needs: which event, and for a complex one when."""
        if self.behavior == "complex":
            return bool(self.complex) and all(each.condition and each.throws for each in self.complex)
        return self.behavior == "all" or self.throws is not None


@dataclass(frozen=True, slots=True)
class StandardLoop:
    condition: ExpressionText | None = None
    test_before: bool = False
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Notify:
    """A letter or notice: `to` is customer, owner, lead, manager, asker … or an address expression's name."""

    to: str
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; flows without an id keep the empty text and are known by their place."""

    id: str
    source: str
    target: str
    condition: ExpressionText | None = None
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class DataObject:
    id: str
    name: str
    line: int = 0
    is_collection: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """One flow node of any kind. `id` is the file's id, or `__<tag>_<place>` for one without (R30)."""

    kind: NodeKind
    id: str
    name: str = ""
    line: int = 0
    has_id: bool = True
    documentation: str = ""
    lane: str = ""
    stage: str = ""
    incoming: tuple[int, ...] = ()
    outgoing: tuple[int, ...] = ()
    default_flow: str = ""
    events: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    attached_to: str = ""
    interrupting: bool = True
    action: str = ""
    performers: Performers = Performers()
    user: UserTaskFacts | None = None
    script: ExpressionText | None = None
    result_variable: str = ""
    decision: DecisionCall | None = None
    call: ProcessCall | None = None
    connector: Connector | None = None
    notify: Notify | None = None
    inputs: tuple[DataMapping, ...] = ()
    outputs: tuple[DataMapping, ...] = ()
    multi: MultiInstance | None = None
    loop: StandardLoop | None = None
    body: Body | None = None
    triggered_by_event: bool = False
    is_for_compensation: bool = False
    instantiate: bool = False
    event_gateway_type: str = "Exclusive"
    gateway_direction: str = ""
    activation: ExpressionText | None = None
    start_quantity: int = 1
    completion_quantity: int = 1
    async_before: bool = False
    async_after: bool = False
    ordering: str = "Parallel"
    cancel_remaining: bool = True


@dataclass(frozen=True, slots=True)
class Association:
    """A directed association (compensation) or a data association between two ids."""

    source: str
    target: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    id: str
    name: str
    nodes: tuple[str, ...] = ()
    performers: Performers = Performers()
    parent: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Body:
    """The content of a process or a subprocess; Node.incoming/outgoing are indexes into `flows`, in file order (R3)."""

    nodes: tuple[Node, ...] = ()
    flows: tuple[Flow, ...] = ()
    lanes: tuple[Lane, ...] = ()
    data: tuple[DataObject, ...] = ()
    properties: tuple[str, ...] = ()
    associations: tuple[Association, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Every node of this body and of the bodies inside it, outer first."""
        pending = list(reversed(self.nodes))
        while pending:
            node = pending.pop()
            yield node
            if node.body is not None:
                pending.extend(reversed(node.body.nodes))


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a file; `executable` is None where the file does not say."""

    id: str
    name: str = ""
    line: int = 0
    executable: bool | None = None
    body: Body = Body()
    case_kind: str = ""
    clock: str = ""
    zone: str = ""
    runtime: str = ""
    candidate_starters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Participant:
    id: str
    name: str = ""
    process: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class MessageFlow:
    id: str
    source: str
    target: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Definitions:
    """One BPMN file, read whole. `findings` of the reader travel beside it (see engine.definitions.bpmn)."""

    file: str
    digest: str
    target_namespace: str = ""
    exporter: str = ""
    expression_language: str = ""
    data_stores: tuple[str, ...] = ()
    processes: tuple[Process, ...] = ()
    global_tasks: tuple[Process, ...] = ()
    participants: tuple[Participant, ...] = ()
    message_flows: tuple[MessageFlow, ...] = ()
    messages: Mapping[str, str] = field(default_factory=dict[str, str])
    signals: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    escalations: Mapping[str, str] = field(default_factory=dict[str, str])
    has_diagram: bool = False

    def process(self, process_id: str) -> Process | None:
        """The process with this id, or None."""
        return next((p for p in self.processes if p.id == process_id), None)
