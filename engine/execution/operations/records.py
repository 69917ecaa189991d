"""What operations take and give: a moment, a plan, the step to carry out, and a row for each thing that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.execution.compiler import ProgramCode
from engine.execution.runtime import Step, Values, Wait
from engine.model.errors import Message

Names = frozenset[str]
_NONE: Names = frozenset()


@dataclass(frozen=True, slots=True)
class At:
    """The moment of an operation and what the host knows of the case then."""

    now: datetime
    facts: Values = field(default_factory=dict[str, object])


class ChangeKind(StrEnum):
    """What an operation does to one thing that people know."""

    TASK_OPENED = "task_opened"
    TASK_CANCELLED = "task_cancelled"
    TASK_SKIPPED = "task_skipped"
    TASK_KEPT = "task_kept"
    TASK_CHANGED = "task_changed"
    FIELDS_LACKING = "fields_lacking"
    TIMER_ADDED = "timer_added"
    TIMER_REMOVED = "timer_removed"
    MESSAGE_ADDED = "message_added"
    MESSAGE_REMOVED = "message_removed"
    MESSAGE_RENAMED = "message_renamed"
    SIGNAL_ADDED = "signal_added"
    SIGNAL_REMOVED = "signal_removed"
    JOB_ADDED = "job_added"
    JOB_REMOVED = "job_removed"
    SCOPE_ENTERED = "scope_entered"
    SCOPE_LEFT = "scope_left"
    JOIN_RELEASED = "join_released"
    TOKEN_MOVED = "token_moved"
    VARIABLE_SET = "variable_set"
    COMPENSATION_DROPPED = "compensation_dropped"
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_CLEARED = "incident_cleared"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Change:
    """One row of what would change, or has changed."""

    kind: ChangeKind
    element_id: str
    message: Message
    wait_id: str = ""


@dataclass(frozen=True, slots=True)
class Operated:
    """The step to carry out, and what it changes; a dry run shows the changes and carries nothing out."""

    step: Step
    changes: tuple[Change, ...]


class Standing(StrEnum):
    """What a token is about, as people see it."""

    WORKING = "working"
    WAITING = "waiting"
    HOLDING = "holding"  # something inside it is at work
    STUCK = "stuck"
    JOINING = "joining"  # a half-filled join


@dataclass(frozen=True, slots=True)
class Level:
    """A scope with its own variables; `id` 0 is the whole instance, `item` the place of a multi-instance item from 0."""

    id: int
    kind: str
    element_id: str
    name: str
    parent: int | None
    item: int | None
    variables: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instance stands: a live token, or a join that waits for more; `came` are the flows that came there."""

    token: str
    element_id: str
    name: str
    kind: str
    phase: Standing
    waits: tuple[str, ...]
    scope: int
    path: tuple[Level, ...]
    incident: str = ""
    came: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """To which version, and what takes the place of what: ids of elements, flows and processes, the same by default.

    `forms` gives the fields of the new version's forms, for what is told of drafts.
    """

    to: ProgramCode
    mapping: Mapping[str, str] = field(default_factory=dict[str, str])
    forms: Mapping[str, Names] = field(default_factory=dict[str, Names])


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """What only the host knows of open tasks: which have an owner, and the fields of their drafts; by wait id."""

    claimed: Names = _NONE
    drafts: Mapping[str, Names] = field(default_factory=dict[str, Names])


@dataclass(frozen=True, slots=True)
class Kept:
    """A wait that stays open and reads otherwise in the new version; `performers_again` where they were worked out anew."""

    before: Wait
    after: Wait
    performers_again: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """What undoing a migration needs: the old version's digest, the old state, and the SHA-256 of the state after it."""

    digest: str
    state: str
    after: str


@dataclass(frozen=True, slots=True)
class Migrated:
    """One instance moved to another version, or the reasons why it stays; `undo` is None where it went on at once."""

    step: Step | None
    changes: tuple[Change, ...] = ()
    problems: tuple[Message, ...] = ()
    kept: tuple[Kept, ...] = ()
    undo: Undo | None = None

    @property
    def blocked(self) -> bool:
        return self.step is None
