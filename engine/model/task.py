"""A task is open exactly while its instance waits for it; its states are those of WS-HumanTask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.records import changed


class TaskState(StrEnum):
    CREATED = "created"
    READY = "ready"
    RESERVED = "reserved"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    FAILED = "failed"
    ERROR = "error"
    EXITED = "exited"
    OBSOLETE = "obsolete"


OPEN_STATES = frozenset(
    {TaskState.CREATED, TaskState.READY, TaskState.RESERVED, TaskState.IN_PROGRESS, TaskState.SUSPENDED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One piece of work for a person; `version` is its own and is the form's ETag (R28)."""

    id: str
    case_id: str
    instance_id: str
    wait_id: str
    element_id: str
    process_id: str = ""
    name: str = ""
    state: TaskState = TaskState.READY
    state_before: str = ""
    queue: str = ""
    role: str = ""
    lane: str = ""
    owner_id: str | None = None
    delegator_id: str | None = None
    candidates: Sequence[str] = ()
    excluded: Sequence[str] = ()
    form: str = ""
    outcomes: Sequence[str] = ()
    priority: int = 3
    clock: str = ""
    due_at: datetime | None = None
    version: int = 1
    draft: Mapping[str, object] | None = None
    outcome: str = ""
    created_at: datetime
    claimed_at: datetime | None = None
    started_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    on_behalf_of: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody can still work on it."""
        return self.state in OPEN_STATES

    def changed(self, **columns: object) -> Task:
        """Give the task with other values in some columns."""
        return changed(self, columns)
