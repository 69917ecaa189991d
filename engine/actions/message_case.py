"""What a customer does to a running case, entered by staff: reply, withdraw, or come back after the end."""

from __future__ import annotations

from datetime import timedelta

from engine.actions.case_record import lock
from engine.actions.deliver_message import message_to_case
from engine.actions.permission import require_back_office, require_case
from engine.model.case import Case, CaseMessage, CaseStatus
from engine.model.errors import Conflict, FieldError, Invalid, Message
from engine.store import counters, rows
from engine.store.transaction import Tx

REOPEN_WITHIN = timedelta(days=60)


def withdraw_case(tx: Tx, case_id: str, *, reason: str) -> None:
    """The customer takes the complaint back: the process ends it from wherever it is."""
    require_back_office(tx)
    _refuse_closed_case(rows.get(tx, Case, case_id))
    payload = {"withdrawal_reason": _keep_text(tx, case_id, "withdrawal", reason)}
    message_to_case(tx, case_id, name="customer_withdraws", payload=payload)


def record_reply(tx: Tx, case_id: str, *, text: str) -> None:
    """The customer answered a question: the text is kept, the waiting branch goes on."""
    require_back_office(tx)
    if not text.strip():
        fault = FieldError("text", Message("reply_empty", "Enter what the customer answered."))
        raise Invalid("reply_invalid", "The answer cannot be saved.", fields=[fault])
    payload = {"customer_reply": _keep_text(tx, case_id, "reply", text)}
    message_to_case(tx, case_id, name="customer_replied", payload=payload)


def reopen_case(tx: Tx, case_id: str, *, reason: str) -> None:
    """Take a closed case up again within the period. Raises Conflict for an open case or one closed too long ago."""
    require_back_office(tx)
    record = lock(tx, case_id)
    require_case(tx, record.case)
    case = record.case
    if case.status is not CaseStatus.CLOSED or case.closed_at is None:
        raise Conflict("case_open", "Case {number} is open; there is nothing to reopen.", number=case.number)
    if tx.now - case.closed_at > REOPEN_WITHIN:
        raise Conflict(
            "reopen_too_late",
            "Case {number} was closed more than {days} days ago. Register a new case and name this one as the earlier.",
            number=case.number,
            days=REOPEN_WITHIN.days,
        )
    if not reason.strip():
        fault = FieldError("reason", Message("reason_needed", "Say why the case is taken up again."))
        raise Invalid("reason_needed", "Reopening needs a reason.", fields=[fault])
    counters.add(tx, "cases", "closed", -1)
    counters.add(tx, "cases", "open", 1)
    record.change(status=CaseStatus.OPEN, closed_at=None)
    record.note("case_reopened")
    record.flush()
    payload = {"reopen_reason": _keep_text(tx, case_id, "note", reason)}
    message_to_case(tx, case_id, name="case_reopened", payload=payload)


def _refuse_closed_case(case: Case) -> None:
    """Raise Conflict for a case that is over."""
    if case.status is CaseStatus.CLOSED:
        raise Conflict("case_closed", "Case {number} is closed. Reopen it first.", number=case.number)


def _keep_text(tx: Tx, case_id: str, kind: str, text: str) -> str | None:
    """Keep what was said as a message of the case; the process holds its key."""
    if not text.strip():
        return None
    message = CaseMessage(
        id=tx.new_id(),
        case_id=case_id,
        kind=kind,
        channel="form",
        body=text.strip(),
        created_at=tx.now,
        author_id=tx.actor.person_id,
    )
    rows.insert(tx, message)
    return f"message:{message.id}"
