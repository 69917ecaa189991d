"""A new house begins with the queues that shipped diagrams name, approval levels and segments; what is there stays."""

from __future__ import annotations

from decimal import Decimal

from engine.model.contract import shipped_segments
from engine.model.people import ApprovalLevel, Queue, QueueMode, Segment
from engine.store import rows, settings
from engine.store.transaction import Tx

QUEUES = (
    Queue(key="front_office", name="Front office", mode=QueueMode.NEXT),
    Queue(key="technical", name="Technical"),
    Queue(key="energy", name="Energy"),
    Queue(key="financial", name="Financial"),
    Queue(key="partner", name="Partners"),
    Queue(key="fraud", name="Fraud review"),
    Queue(key="special_mode", name="Special mode"),
)
LEVELS = (
    ApprovalLevel(key="regional", name="Regional head", max_amount=Decimal(5000), rank=1),
    ApprovalLevel(key="director", name="Director", rank=2),
)


def furnish(tx: Tx) -> None:
    """Add what is missing."""
    for queue in QUEUES:
        if rows.maybe(tx, Queue, queue.key) is None:
            rows.insert(tx, queue)
    for level in LEVELS:
        if rows.maybe(tx, ApprovalLevel, level.key) is None:
            rows.insert(tx, level)
    for segment in shipped_segments():
        if rows.maybe(tx, Segment, segment.key) is None:
            rows.insert(tx, segment)
    if not settings.setting(tx, "company.name"):
        settings.put_setting(tx, "company.name", "Makegood")
