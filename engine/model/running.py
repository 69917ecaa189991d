"""What runs is rows: deployments, instances, timers, subscriptions, kept messages, jobs, incidents, decision records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.model.errors import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One digest of processes, tables, forms and letters under a key; its files are DeploymentFile rows (R17)."""

    id: str
    key: str
    version: int = 1
    digest: str
    process_ids: Sequence[str] = ()
    deployed_at: datetime
    deployed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentFile:
    deployment_id: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """Files as the key of a cache: equal digests are equal files."""

    digest: str
    files: Mapping[str, bytes] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A deployment with its files, as readers and compilers want it."""

    id: str
    key: str
    version: int
    digest: str
    process_ids: tuple[str, ...]
    files: Mapping[str, bytes]
    contents: Contents = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """A deployment is read once, and its files are the key of a cache at each step."""
        object.__setattr__(self, "contents", Contents(self.digest, self.files))


class InstanceStatus(StrEnum):
    RUNNING = "running"
    SUSPENDED = "suspended"
    ENDED = "ended"
    COMPLETED = "completed"
    FAILED = "failed"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"

    @property
    def is_live(self) -> bool:
        """Whether the instance can still go on; a suspended one rests until it is resumed."""
        return self in LIVE


LIVE = (InstanceStatus.RUNNING, InstanceStatus.SUSPENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A root instance; `state` is the machine's canonical text and nobody else reads it."""

    id: str
    case_id: str
    deployment_id: str
    process_id: str
    runtime: str = "machine"
    status: InstanceStatus = InstanceStatus.RUNNING
    state: str = "{}"
    version: int = 1
    started_by: str | None = None
    started_at: datetime
    ended_at: datetime | None = None

    @property
    def place(self) -> dict[str, Any]:
        """What the rows of this instance are found by."""
        return {"case_id": self.case_id, "instance_id": self.id}


class TimerState(StrEnum):
    PENDING = "pending"
    FIRED = "fired"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A timer of an instance; without `due_at` it waits for a clock that does not exist yet."""

    id: str
    case_id: str
    instance_id: str
    wait_id: str
    element_id: str
    due_at: datetime | None = None
    state: TimerState = TimerState.PENDING
    clock_key: str = ""
    at: str = ""
    spec: Mapping[str, object] = field(default_factory=dict[str, object])
    armed_at: datetime
    settled_at: datetime | None = None


class SubscriptionState(StrEnum):
    OPEN = "open"
    RECEIVED = "received"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """An instance waits for a message; `action` is the button on the task `task_wait` that sends it."""

    id: str
    case_id: str
    instance_id: str
    wait_id: str
    element_id: str
    name: str
    correlation: Mapping[str, object] | None = None
    action: str = ""
    task_wait: str = ""
    state: SubscriptionState = SubscriptionState.OPEN


class KeptMessageState(StrEnum):
    KEPT = "kept"
    DELIVERED = "delivered"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMessage:
    """A message that nobody waited for yet (R15)."""

    id: str
    name: str
    correlation: Mapping[str, object] | None = None
    payload: Mapping[str, object] = field(default_factory=dict[str, object])
    message_id: str | None = None
    received_at: datetime
    expires_at: datetime
    state: KeptMessageState = KeptMessageState.KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredData:
    """What a data store of the processes deployed under `key` holds, for all their instances."""

    id: str
    key: str
    name: str
    value: object = None
    written_at: datetime


class JobState(StrEnum):
    """A job that is done has no row any more."""

    PENDING = "pending"
    RUNNING = "running"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that follows a transaction; attempts are counted before each run."""

    id: str
    name: str
    args: Mapping[str, object] = field(default_factory=dict[str, object])
    state: JobState = JobState.PENDING
    case_id: str | None = None
    instance_id: str | None = None
    wait_id: str | None = None
    due_at: datetime
    created_at: datetime
    attempts: int = 0
    max_attempts: int = 3
    backoff: str = "PT1M"
    leased_until: datetime | None = None
    dedupe_key: str | None = None
    last_error: str = ""


class IncidentState(StrEnum):
    OPEN = "open"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that people must look at: a failed job or a stuck element; retried or skipped by them."""

    id: str
    case_id: str | None = None
    instance_id: str | None = None
    machine_incident_id: str | None = None
    job_id: str | None = None
    element_id: str = ""
    code: str
    template: str
    params: Mapping[str, object] = field(default_factory=dict[str, object])
    state: IncidentState = IncidentState.OPEN
    created_at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    settled_how: str = ""

    @property
    def message(self) -> Message:
        """The sentence that says what is wrong."""
        return Message(self.code, self.template, self.params)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecordRow:
    """One evaluation of a decision table (R23)."""

    id: str
    case_id: str
    instance_id: str
    element_id: str = ""
    decision: str
    digest: str = ""
    semantics: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict[str, object])
    result: object = None
    fired: Sequence[object] = ()
    at: datetime


@dataclass(frozen=True, slots=True)
class PathEvent:
    """What an instance went through in one step; `how` is completed, or what ended it.

    `element_id` names the element, or several in their order, one a line: no identifier of XML has a line of its own.
    """

    id: str
    instance_id: str
    element_id: str
    how: str
    at: datetime

    @property
    def elements(self) -> list[str]:
        """The elements, in the order in which they were gone through."""
        return self.element_id.split("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """The answer that a key of an actor on a route got (R27)."""

    actor_id: str
    route: str
    key: str
    body_hash: str
    status: int = 200
    answer: Mapping[str, object] = field(default_factory=dict[str, object])
    created_at: datetime
