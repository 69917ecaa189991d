"""What a letter about a case is written from: the case, its customer, decision and clocks, and the house."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.case import Case, CaseMessage, ClockRow, Customer
from engine.model.decision import Decision
from engine.model.letter import LetterSource
from engine.store import rows
from engine.store.settings import company
from engine.store.transaction import Tx

REFERENCE = "message:"


def letter_source(tx: Tx, case: Case) -> LetterSource:
    """Read what a letter may say, at this moment."""
    decisions = rows.find(tx, Decision, case_id=case.id, in_force=True, limit=1)
    decision = decisions[0] if decisions else None
    return LetterSource(
        case=case,
        customer=rows.get(tx, Customer, case.customer_id) if case.customer_id else None,
        decision=decision,
        reasons=str(resolved(tx, case, decision.reasons)) if decision is not None else "",
        clocks=tuple(rows.find(tx, ClockRow, case_id=case.id)),
        company=company(tx),
    )


def resolved(tx: Tx, case: Case, value: object) -> object:
    """The text behind a reference to a message of the case; every other value as it is."""
    if isinstance(value, str) and value.startswith(REFERENCE):
        message = rows.maybe(tx, CaseMessage, value.removeprefix(REFERENCE))
        return message.body if message is not None and message.case_id == case.id else ""
    return value


def all_resolved(tx: Tx, case: Case, values: Mapping[str, object]) -> dict[str, object]:
    """The values with the texts behind their references."""
    return {name: resolved(tx, case, value) for name, value in values.items()}
