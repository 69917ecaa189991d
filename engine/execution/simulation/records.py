"""What a simulation tells: plain records, in the words of the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SimTask:
    """An open user task."""

    id: str
    element_id: str
    name: str
    lane: str
    assignee: str | None
    candidate_groups: tuple[str, ...]
    priority: int | None
    due: datetime | None
    form: str
    outcomes: tuple[str, ...]
    instance: str
    queue: str = ""
    role: str = ""
    excludes: tuple[str, ...] = ()
    same_as: str = ""
    candidate_users: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that cannot go on; `id` is for retrying it."""

    element_id: str
    code: str
    message: str
    instance: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Something open: `kind` is task, timer, message, signal or job."""

    kind: str
    element_id: str
    name: str
    due: datetime | None
    instance: str


@dataclass(frozen=True, slots=True)
class SimClock:
    """A clock of an instance; `due` is the instant in UTC, `fired` names its thresholds that have fired."""

    key: str
    kind: str
    due: datetime
    state: str
    fired: tuple[str, ...]
    instance: str


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision table that was evaluated."""

    decision: str
    result: object
    fired: tuple[object, ...]
    instance: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter or notice that would have gone out."""

    letter: str
    to: str
    element_id: str
    instance: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """Which instances moved to the new files, for each other one why it did not, and what changes for each."""

    moved: list[str] = field(default_factory=list[str])
    blocked: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    changes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
