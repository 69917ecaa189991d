"""A decision is immutable: a later one names what it supersedes; at most one of a case is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a case was decided to; `basis` is `person` or, after a lapse, `law`."""

    id: str
    case_id: str
    outcome: str
    amount: Decimal | None = None
    currency: str = "EUR"
    remedy: str = ""
    reasons: str = ""
    lines: Sequence[object] = ()
    decided_by: str | None = None
    on_behalf_of: str | None = None
    approved_by: str | None = None
    basis: str = "person"
    special_mode_id: str | None = None
    supersedes_id: str | None = None
    in_force: bool = True
    decided_at: datetime


class SpecialModeStatus(StrEnum):
    REQUESTED = "requested"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialMode:
    """An exception that staff ask for and the named level decides; it binds the next decision."""

    id: str
    case_id: str
    instance_id: str | None = None
    reason: str = ""
    amount: Decimal | None = None
    status: str = SpecialModeStatus.REQUESTED
    level: str = ""
    asked_by: str
    decided_by: str | None = None
    second_by: str | None = None
    decision_reason: str = ""
    asked_at: datetime
    decided_at: datetime | None = None
    expires_at: datetime | None = None
    used_by_decision_id: str | None = None
