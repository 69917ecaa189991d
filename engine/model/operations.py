"""What operations keep as rows: start timers of deployed processes, and moves of running cases to another version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.model.running import TimerState


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer:
    """One occurrence of a timer start event of the newest version of a process; `case_id` is the case that it opened (R17)."""

    id: str
    deployment_id: str
    process_id: str
    element_id: str
    place: int = 0
    due_at: datetime | None = None
    state: TimerState = TimerState.PENDING
    spec: Mapping[str, object] = field(default_factory=dict[str, object])
    armed_at: datetime
    settled_at: datetime | None = None
    case_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A move of running instances from one version to another, asked for by somebody with a reason (R19)."""

    id: str
    from_deployment_id: str
    to_deployment_id: str
    mapping: Mapping[str, str] = field(default_factory=dict[str, str])
    reason: str = ""
    asked_by: str | None = None
    asked_at: datetime


class MoveState(StrEnum):
    """How far one instance of a migration is."""

    WAITING = "waiting"
    MOVED = "moved"
    BLOCKED = "blocked"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedInstance:
    """One instance of a migration; `before` is what undoing needs, `version` the instance's after the move."""

    id: str
    migration_id: str
    instance_id: str
    case_id: str
    state: MoveState = MoveState.WAITING
    said: Sequence[object] = ()
    before: Mapping[str, object] = field(default_factory=dict[str, object])
    version: int = 0
    settled_at: datetime | None = None


# ---- what operations ask of one running instance; ids are those of the machine's state and of the diagram


@dataclass(frozen=True, slots=True)
class MoveToken:
    """A token goes to another element; what it holds is cancelled."""

    token: str
    to: str


@dataclass(frozen=True, slots=True)
class Rewind:
    """The instance goes back to a task that was done before."""

    to: str


@dataclass(frozen=True, slots=True)
class SkipTask:
    """An open task is left out; the flow goes on without its output (R20)."""

    wait_id: str


@dataclass(frozen=True, slots=True)
class SetVariable:
    """A variable of a scope gets another value; scope 0 is the whole instance."""

    name: str
    value: object
    scope: int = 0


@dataclass(frozen=True, slots=True)
class Cancel:
    """The whole instance ends here."""


Order = MoveToken | Rewind | SkipTask | SetVariable | Cancel


@dataclass(frozen=True, slots=True)
class Asked:
    """Why it is asked for, and the version of the instance that the operator saw; None where nobody looked."""

    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """Instances of one version go to another: all that are live, or the one that is named (R19).

    `mapping` says what takes the place of what where ids differ: elements, flows and processes.
    """

    from_deployment_id: str
    to_deployment_id: str
    mapping: Mapping[str, str] = field(default_factory=dict[str, str])
    instance_id: str = ""
