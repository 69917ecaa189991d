"""A decision is recorded once and never altered; a later one supersedes it and says so (promise 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from engine.actions.case_record import CaseRecord
from engine.actions.inputs import amount_of, text_of
from engine.actions.permission import require_case
from engine.model.decision import Decision, SpecialMode, SpecialModeStatus
from engine.model.errors import Conflict, Invalid
from engine.model.running import Instance
from engine.model.task import Task, TaskState
from engine.store import rows

OUTCOMES = {
    "accept": "accepted",
    "accepted": "accepted",
    "reject": "rejected",
    "rejected": "rejected",
    "partly": "partly_accepted",
    "partly_accepted": "partly_accepted",
}


def decide_case(record: CaseRecord, instance: Instance, inputs: Mapping[str, object]) -> dict[str, object]:
    """Record the decision that people made: outcome, reasons, amount, remedy, and who approved it."""
    tx = record.tx
    require_case(tx, record.case)
    outcome = OUTCOMES.get(text_of(inputs, "outcome"))
    if outcome is None:
        raise Invalid(
            "outcome_unknown",
            "“{outcome}” is no decision. It must be accept, reject or partly.",
            outcome=text_of(inputs, "outcome"),
        )
    amount = amount_of(inputs, "amount")
    special = binding_special_mode(record)
    check_binding(special, outcome, amount)
    decided = last_performer(record, "decide") or (tx.actor.person_id, None)
    approved = last_performer(record, "second_person")
    decision = Decision(
        id=tx.new_id(),
        case_id=record.case_id,
        outcome=outcome,
        amount=amount,
        currency=text_of(inputs, "currency", "EUR"),
        remedy=text_of(inputs, "remedy"),
        reasons=text_of(inputs, "reasons"),
        decided_by=decided[0],
        on_behalf_of=decided[1],
        approved_by=approved[0] if approved else None,
        basis=text_of(inputs, "basis", "person"),
        special_mode_id=special.id if special is not None else None,
        decided_at=tx.now,
    )
    put_in_force(record, decision)
    if special is not None:
        rows.update(tx, SpecialMode, special.id, used_by_decision_id=decision.id)
    return {}


def put_in_force(record: CaseRecord, decision: Decision) -> None:
    """Append the decision; the one in force until now stays and is named as superseded."""
    superseded = ""
    for before in rows.find(record.tx, Decision, case_id=record.case_id, in_force=True):
        rows.update(record.tx, Decision, before.id, in_force=False)
        superseded = before.id
    rows.insert(record.tx, replace(decision, supersedes_id=superseded or None))
    record.note(
        "decided",
        decision=decision.id,
        outcome=decision.outcome,
        basis=decision.basis,
        by=decision.decided_by,
        approved_by=decision.approved_by,
        supersedes=superseded,
        special_mode=decision.special_mode_id,
    )


def binding_special_mode(record: CaseRecord) -> SpecialMode | None:
    """The approved special mode that no decision has used yet and that has not expired."""
    found = rows.find(
        record.tx,
        SpecialMode,
        case_id=record.case_id,
        status=SpecialModeStatus.APPROVED,
        used_by_decision_id=None,
        order_by="decided_at DESC, id DESC",
        limit=1,
    )
    if found and (found[0].expires_at is None or found[0].expires_at > record.tx.now):
        return found[0]
    return None


def check_binding(special: SpecialMode | None, outcome: str, amount: Decimal | None) -> None:
    """An approved special mode binds the next decision: no refusal, and no more than was approved."""
    if special is None:
        return
    if outcome == "rejected":
        raise Conflict(
            "special_mode_binds",
            "Special mode was approved for this case, so it cannot be refused. Accept it, wholly or in part, or have "
            "special mode decided again.",
        )
    if special.amount is not None and amount is not None and amount > special.amount:
        raise Conflict(
            "special_mode_amount",
            "Special mode was approved up to {limit}; {amount} is more. Lower the amount, or ask for special mode again.",
            limit=special.amount,
            amount=amount,
        )


def last_performer(record: CaseRecord, element: str) -> tuple[str | None, str | None] | None:
    """Who completed `element` last in this case, and for whom."""
    done = rows.find(
        record.tx,
        Task,
        case_id=record.case_id,
        element_id=element,
        state=TaskState.COMPLETED,
        order_by="closed_at DESC, id DESC",
        limit=1,
    )
    return (done[0].closed_by, done[0].on_behalf_of) if done else None
