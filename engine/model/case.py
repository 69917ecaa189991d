"""A case is one complaint: what is known of it, its customer, its clocks, and what was written about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

KINDS = ("complaint", "warranty_claim", "grievance", "objection", "request")
FAMILY = "complaint"
"""The deployment and the process that cases of all these kinds run, until a deployed process names one as its own."""
INTERNAL = "internal"
"""What a process names as its kind of case that no new case runs: others call it, or it is started on a case."""
MIRRORED = ("category", "priority", "queue", "product_group", "area", "sector", "medium")
"""Variables of a process that are also columns of its case."""


class CaseStage(StrEnum):
    """How far a case is, as the customer sees it (ISO 10002)."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ASSESSED = "assessed"
    UNDER_INVESTIGATION = "under_investigation"
    RESPONDED = "responded"
    DECISION_COMMUNICATED = "decision_communicated"
    CLOSED = "closed"


class CaseStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer or whoever speaks for one; personal values live here, in messages and in attachments only."""

    id: str
    number: str | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    language: str = "en"
    country: str = ""
    segment: str = "standard"
    party: str = "consumer"
    search: str = ""
    created_at: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The case row, which is also the lock of everything that belongs to the case."""

    id: str
    number: str
    tracking: str = ""
    kind: str = "complaint"
    subject: str = ""
    customer_id: str | None = None
    complainant_id: str | None = None
    stage: CaseStage = CaseStage.RECEIVED
    status: CaseStatus = CaseStatus.OPEN
    category: str = ""
    product_group: str = ""
    area: str = ""
    queue: str = ""
    priority: int = 3
    channel: str = "web"
    country: str = ""
    party: str = "consumer"
    sector: str = "general"
    segment: str = "standard"
    language: str = "en"
    medium: str = "email"
    remedy: str = ""
    received_on: date | None = None
    posted_on: date | None = None
    disputed_amount: Decimal | None = None
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    source: str | None = None
    reference: str | None = None
    earlier_case_id: str | None = None
    joined_to_id: str | None = None
    root_cause: str = ""
    opened_at: datetime
    closed_at: datetime | None = None
    audit_sequence: int = 0
    audit_hash: str = ""
    version: int = 1
    is_demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """A clock as it is kept; `data` is the whole clock (rule, calendar, history), the rest is for lists and timers."""

    id: str
    case_id: str
    key: str
    kind: str = ""
    state: str = "running"
    data: Mapping[str, object] = field(default_factory=dict[str, object])
    started_at: datetime
    due_at: datetime | None = None
    due_local: date | None = None
    zone: str = "UTC"
    stopped_at: datetime | None = None
    fired: Sequence[str] = ()
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMessage:
    """What was written to or by a customer: the complaint's own text, letters, questions, replies, notes."""

    id: str
    case_id: str
    kind: str
    direction: str = "in"
    channel: str = ""
    recipient: str = ""
    letter: str = ""
    subject: str = ""
    body: str = ""
    state: str = "received"
    dedupe_key: str | None = None
    message_id: str | None = None
    wait_ref: str | None = None
    reference: str = ""
    created_at: datetime
    sent_at: datetime | None = None
    author_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    id: str
    case_id: str
    author_id: str
    body: str = ""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a case, kept once under its SHA-256 `digest`."""

    id: str
    case_id: str
    task_id: str | None = None
    name: str = ""
    media_type: str = ""
    size: int = 0
    digest: str = ""
    author_id: str | None = None
    created_at: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentContent:
    """The bytes of an attachment, once for all that are equal."""

    digest: str
    content: bytes
