"""People act by role, queue and approval level; whoever is absent has somebody who stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for; a person may have several."""

    CLERK = "clerk"
    SPECIALIST = "specialist"
    LEAD = "lead"
    MANAGER = "manager"
    DESIGNER = "designer"
    ADMINISTRATOR = "administrator"


BACK_OFFICE = frozenset({Role.CLERK, Role.SPECIALIST, Role.LEAD, Role.MANAGER})
"""Those who work on cases; designers and administrators see none of the customers' matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLevel:
    """How much money somebody may decide about; `max_amount` None has no limit, a higher rank decides more."""

    key: str
    name: str = ""
    max_amount: Decimal | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in a transaction; `stands_for` names the absent people whose work is the actor's today.

    `levels` are the actor's own, `known_levels` all that there are; `stands_in` are the absent with their own rights.
    """

    person_id: str | None
    name: str
    roles: frozenset[Role] = frozenset()
    queues: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    levels: tuple[ApprovalLevel, ...] = ()
    stands_for: frozenset[str] = frozenset()
    known_levels: tuple[ApprovalLevel, ...] = ()
    login: str = ""
    language: str = "en"
    zone: str = "UTC"
    stands_in: tuple[Actor, ...] = ()

    @property
    def is_system(self) -> bool:
        """Whether Makegood itself acts: a timer, a job, a command of the operator."""
        return self.person_id is None

    @property
    def sees_cases(self) -> bool:
        """Whether customers' matters are open to the actor."""
        return self.is_system or not self.roles.isdisjoint(BACK_OFFICE)

    def has(self, *roles: Role) -> bool:
        """Whether the actor has one of these roles."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(None, "Makegood")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who signs in."""

    id: str
    login: str
    name: str = ""
    email: str = ""
    password_hash: str = ""
    language: str = "en"
    zone: str = "UTC"
    active: bool = True
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRole:
    person_id: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLevel:
    person_id: str
    level_key: str


class QueueMode(StrEnum):
    """Whether members choose their tasks, or only take the next."""

    PICK = "pick"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    key: str
    name: str = ""
    mode: QueueMode = QueueMode.PICK
    lead_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMember:
    queue_key: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days of the person's zone, both counted, and the one who stands in."""

    id: str
    person_id: str
    first_day: date
    last_day: date
    substitute_id: str | None = None
    note: str = ""
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A sign-in; the cookie's token is kept as a hash only."""

    token_hash: str
    person_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginAttempt:
    id: str
    login: str
    address: str = ""
    at: datetime
    ok: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A program's key to the API, kept as a hash only."""

    id: str
    token_hash: str
    person_id: str
    name: str = ""
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A kind of customer; `decision_within` is the length of the contract clock, such as `5 working days`."""

    key: str
    name: str = ""
    decision_within: str = ""
    priority_lift: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    key: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that a person here is told; `kind` chooses the sentence, `params` fill it."""

    id: str
    person_id: str
    case_id: str | None = None
    task_id: str | None = None
    kind: str
    params: Mapping[str, object] = field(default_factory=dict[str, object])
    created_at: datetime
    read_at: datetime | None = None
    dedupe_key: str | None = None
