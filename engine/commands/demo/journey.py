"""How one case of the demonstration is to go: what people will decide, how fast they are, and where it is left for the visitor."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(slots=True, kw_only=True)
class Journey:
    """`stops` are the tasks that nobody completes; `hours` is the mean time that a task waits; `by` takes what they may."""

    group: str = "appliance"
    category: str = "defect"
    area: str = "product"
    remedy: str = "repair"
    amount: Decimal = Decimal(0)
    medium: str = "email"
    triage: str = "complaint"
    twin: Journey | None = None
    outcome: str = "accept"
    hours: float = 9.0
    stops: frozenset[str] = frozenset()
    left: str = "unclaimed"
    by: str = ""
    ask: str = ""
    replies: bool = True
    special: str = ""
    special_amount: Decimal = Decimal(0)
    withdrawn: bool = False
    case_id: str = ""
    number: str = ""
    has_asked: bool = False
    seen: set[str] = field(default_factory=set[str])
