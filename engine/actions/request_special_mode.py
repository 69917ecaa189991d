"""Special mode may be asked for at any stage, with a reason; the request runs as a process of its own on the case."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from engine.actions.advance_instance import start_instance
from engine.actions.case_clocks import add_clock, change_clock, clock_of
from engine.actions.case_record import CaseRecord, lock
from engine.actions.inputs import fault_of_amount
from engine.actions.permission import require_back_office, require_case, require_signed_in
from engine.actions.start_clocks import house_calendar
from engine.execution.runtime import Start
from engine.model.case import CaseStatus, ClockRow
from engine.model.clock import given_clock
from engine.model.decision import SpecialMode, SpecialModeStatus
from engine.model.errors import Conflict, FieldError, Invalid, Message
from engine.model.records import changed
from engine.store import rows
from engine.store.transaction import Tx

KEY = "special_mode"
DECIDE_WITHIN = timedelta(hours=24)
OPEN = (SpecialModeStatus.REQUESTED, SpecialModeStatus.SENT_BACK)


def request_special_mode(tx: Tx, case_id: str, *, reason: str, amount: Decimal | None) -> SpecialMode:
    """Ask for special treatment of a case; the level that decides comes from a table.

    Raises Invalid without a reason or with a negative amount, Conflict on a closed case or while one is asked for.
    """
    asker = require_signed_in(tx)
    require_back_office(tx)
    record = lock(tx, case_id)
    require_case(tx, record.case)
    _refuse_faults(reason, amount)
    if record.case.status is CaseStatus.CLOSED:
        raise Conflict("case_closed", "Case {number} is closed. Reopen it first.", number=record.case.number)
    if rows.find(tx, SpecialMode, case_id=case_id, status=OPEN, limit=1):
        raise Conflict(
            "special_mode_asked", "Special mode has been asked for already in case {number}.", number=record.case.number
        )
    request = SpecialMode(
        id=tx.new_id(), case_id=case_id, reason=reason.strip(), amount=amount, asked_by=asker, asked_at=tx.now
    )
    rows.insert(tx, request)
    record.note("special_mode_requested", special_mode=request.id, amount=amount)
    start_own_clock(record)
    variables = {"amount": amount, "reason": reason.strip(), "asked_by": asker}
    instance = start_instance(tx, record, key=KEY, event=Start(process_id=KEY, variables=variables))
    settled = rows.get(tx, SpecialMode, request.id)
    if settled.instance_id is None:
        rows.update(tx, SpecialMode, request.id, instance_id=instance.id)
    record.flush()
    return rows.get(tx, SpecialMode, request.id)


def start_own_clock(record: CaseRecord) -> None:
    """Start the request's clock; a later request starts it anew, with thresholds that have not fired."""
    clock = given_clock(KEY, DECIDE_WITHIN, started=record.tx.now, calendar=house_calendar(record))
    row = clock_of(record, KEY)
    if row is None:
        add_clock(record, clock)
        return
    rows.update(record.tx, ClockRow, row.id, started_at=clock.started)
    change_clock(record, changed(row, {"started_at": clock.started}), clock)
    record.note("clock_started", clock=KEY, due=clock.due.day, rule=clock.basis.rule, version=clock.basis.rule_version)


def _refuse_faults(reason: str, amount: Decimal | None) -> None:
    """Raise Invalid naming every wrong field."""
    faults: list[FieldError] = []
    if not reason.strip():
        faults.append(FieldError("reason", Message("reason_needed", "Say why this case needs special treatment.")))
    amount_fault = fault_of_amount(amount)
    if amount_fault is not None:
        faults.append(FieldError("amount", amount_fault))
    if faults:
        raise Invalid(
            "special_mode_invalid", "Special mode cannot be asked for yet: see the marked fields.", fields=faults
        )
