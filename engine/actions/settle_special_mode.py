"""The outcome of a special-mode request is kept with who, why and when; it binds the next decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from engine.actions.case_clocks import clock_of, stop_clock
from engine.actions.case_record import CaseRecord
from engine.actions.decide_case import last_performer
from engine.actions.inputs import amount_of, text_of
from engine.actions.notify_people import tell
from engine.actions.permission import require_case
from engine.model.clock import ClockState
from engine.model.decision import SpecialMode, SpecialModeStatus
from engine.model.errors import Invalid, NotFound
from engine.model.running import Instance
from engine.model.zones import local_day
from engine.store import rows
from engine.store.letter_sources import resolved

KEY = "special_mode"
VALID_FOR = timedelta(days=30)
STATUS_OF = {"approve": "approved", "refuse": "refused", "send_back": "sent_back"}


def settle_special_mode(record: CaseRecord, instance: Instance, inputs: Mapping[str, object]) -> dict[str, object]:
    """Set the request of this process instance to approved, refused or sent back; the asker is told."""
    tx = record.tx
    require_case(tx, record.case)
    found = rows.find(tx, SpecialMode, instance_id=instance.id, limit=1) or rows.find(
        tx, SpecialMode, case_id=record.case_id, instance_id=None, order_by="asked_at DESC", limit=1
    )
    if not found:
        raise NotFound("special_mode_missing", "This process carries no request for special mode.")
    status = status_of(text_of(inputs, "status"))
    decided = last_performer(record, "decide_special_mode")
    second = last_performer(record, "second_special_mode")
    rows.update(
        tx,
        SpecialMode,
        found[0].id,
        instance_id=instance.id,
        status=status,
        level=text_of(inputs, "level", found[0].level),
        amount=amount_of(inputs, "amount") or found[0].amount,
        decided_by=decided[0] if decided else None,
        second_by=second[0] if second else None,
        decision_reason=str(resolved(tx, record.case, text_of(inputs, "reason"))),
        decided_at=tx.now,
        expires_at=tx.now + VALID_FOR if status is SpecialModeStatus.APPROVED else None,
    )
    clock = clock_of(record, KEY)
    if status is not SpecialModeStatus.SENT_BACK and clock is not None and clock.state == ClockState.RUNNING:
        stop_clock(record, clock, on=local_day(tx.now, ZoneInfo(clock.zone)))
    record.note("special_mode_settled", special_mode=found[0].id, status=status, by=decided[0] if decided else None)
    tell(record, found[0].asked_by, f"special_mode_{status}", dedupe=f"{found[0].id}:{tx.now.isoformat()}")
    return {}


def status_of(text: str) -> SpecialModeStatus:
    """Read a status, or the outcome of the deciding task; raise Invalid for anything else."""
    try:
        return SpecialModeStatus(STATUS_OF.get(text, text))
    except ValueError:
        raise Invalid(
            "special_mode_status",
            "“{status}” is no result of special mode: approved, refused or sent_back.",
            status=text,
        ) from None
