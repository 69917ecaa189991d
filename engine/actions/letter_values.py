"""What a letter may say: plain values of the case, its customer, decision and clocks; no objects with methods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from engine.actions.case_record import CaseRecord
from engine.actions.keep_answers import resolved
from engine.model.case import ClockRow, Customer
from engine.model.decision import Decision
from engine.store import rows
from engine.store.settings import company


def letter_values(record: CaseRecord, inputs: Mapping[str, object]) -> dict[str, object]:
    """Values for a letter's template, dates already in the letter's language."""
    case = record.case
    customer = rows.get(record.tx, Customer, case.customer_id) if case.customer_id else None
    return {
        "case": case_values(record),
        "customer": {
            "name": customer.name if customer is not None else "",
            "email": customer.email if customer is not None else "",
            "address": customer.address if customer is not None else "",
        },
        "decision": decision_values(record),
        "clocks": {clock.key: clock_values(record, clock) for clock in rows.find(record.tx, ClockRow, case_id=case.id)},
        "company": company(record.tx),
        "task": task_values(record),
        "input": {name: resolved(record.tx, value) for name, value in inputs.items()},
    }


def task_values(record: CaseRecord) -> dict[str, object]:
    """What people filled in so far: the process's variables, texts behind references read."""
    return {name: resolved(record.tx, value) for name, value in record.variables_of().items()}


def case_values(record: CaseRecord) -> dict[str, object]:
    """The case's own values."""
    case = record.case
    return {
        "number": case.number,
        "tracking": case.tracking,
        "kind": case.kind,
        "subject": case.subject,
        "category": case.category,
        "product": str(case.facts.get("model") or case.product_group or ""),
        "serial": str(case.facts.get("serial") or ""),
        "received_on": format_date(case.received_on, "long", locale=letter_locale(case.language))
        if case.received_on
        else "",
        "expected_on": expected_on(record),
        "root_cause": case.root_cause,
        "language": case.language,
    }


def expected_on(record: CaseRecord) -> str:
    """The day by which the customer may expect an answer: the earliest due of a running clock."""
    running = [
        c for c in rows.find(record.tx, ClockRow, case_id=record.case.id, state="running") if c.due_at is not None
    ]
    if not running:
        return ""
    first = min(running, key=lambda clock: clock.due_at or record.tx.now)
    return str(clock_values(record, first)["due"])


def clock_values(record: CaseRecord, clock: ClockRow) -> dict[str, object]:
    """A clock's last day in the letter's language, in the clock's own zone."""
    if clock.due_at is None:
        return {"due": "", "state": clock.state}
    local = clock.due_at.astimezone(ZoneInfo(clock.zone))
    return {
        "due": format_date(
            (local - timedelta(microseconds=1)).date(), "long", locale=letter_locale(record.case.language)
        ),
        "state": clock.state,
    }


def letter_locale(language: str) -> str:
    """The locale in which a letter writes its dates: plain English is written as in Europe."""
    return "en_GB" if language == "en" else language


def decision_values(record: CaseRecord) -> dict[str, object]:
    """The decision in force, or empty values."""
    found = rows.find(record.tx, Decision, case_id=record.case.id, in_force=True, limit=1)
    if not found:
        return {"outcome": "", "reasons": "", "amount": "", "remedy": "", "currency": ""}
    decision = found[0]
    return {
        "outcome": decision.outcome,
        "reasons": str(resolved(record.tx, decision.reasons)),
        "amount": str(decision.amount) if decision.amount is not None else "",
        "remedy": decision.remedy,
        "currency": decision.currency,
    }
