"""What a form alone cannot know: an answer that could not be carried out is refused before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from engine.actions.case_clocks import as_clock
from engine.actions.case_record import CaseRecord
from engine.actions.decide_case import OUTCOMES, binding_special_mode, check_binding
from engine.actions.inputs import amount_of, day_of, text_of
from engine.actions.permission import require_level
from engine.model.case import Case, ClockRow
from engine.model.clock import ClockState
from engine.model.clock_changes import in_time
from engine.model.decision import SpecialMode
from engine.model.errors import FieldError, Invalid, Message
from engine.model.task import Task
from engine.store import rows

DECIDES = "decide_special_mode"
NEEDED = {
    ("second_person", "send_back"): (
        "check_note",
        Message("check_note_needed", "Say what has to change; whoever decided reads it."),
    ),
    ("brief_expert", "outside"): (
        "expert_email",
        Message("expert_email_needed", "Give the e-mail address of the outside expert, who is written to."),
    ),
}
"""What a button of a task needs though the form can do without."""


def check_answer(record: CaseRecord, task: Task, *, outcome: str, values: Mapping[str, object]) -> None:
    """Refuse a duplicate of a case that does not exist, a decision that an approved special mode forbids, and more than
    the level of whoever approves allows.

    Raises Invalid with the field's fault, Conflict with what binds, or Forbidden for an amount above the level.
    """
    check_needed(task, outcome, values)
    if outcome == "duplicate":
        fault = fault_of_number(record, text_of(values, "duplicate_of"))
        if fault is not None:
            faults = [FieldError("duplicate_of", fault)]
            raise Invalid(
                "form_invalid", "Not everything fits yet: see the marked fields. What you typed is kept.", fields=faults
            )
    if outcome in OUTCOMES:
        check_binding(binding_special_mode(record), OUTCOMES[outcome], amount_of(values, "amount"))
    check_evidence(record, values)
    if outcome == "approve" and task.element_id == DECIDES:
        check_level(record, task, amount_of(values, "approved_amount"))


def check_needed(task: Task, outcome: str, values: Mapping[str, object]) -> None:
    """The field that this button needs is filled in."""
    name, fault = NEEDED.get((task.element_id, outcome), ("", None))
    if fault is not None and not text_of(values, name).strip():
        raise Invalid(
            "form_invalid",
            "Not everything fits yet: see the marked fields. What you typed is kept.",
            fields=[FieldError(name, fault)],
        )


def check_evidence(record: CaseRecord, values: Mapping[str, object]) -> None:
    """A lapse is withdrawn only by dispatch before the due: another day would stop the process where nobody can mend it."""
    day = day_of(values, "dispatched_on")
    lapsed = rows.find(record.tx, ClockRow, case_id=record.case_id, state=ClockState.LAPSED) if day is not None else []
    for clock in lapsed:
        if day is not None and not in_time(as_clock(clock), day):
            fault = Message(
                "dispatched_too_late",
                "This day is not before the due of {due}, so the lapse stands. Correct the day, or carry out the remedy.",
                {"due": clock.due_local},
            )
            faults = [FieldError("dispatched_on", fault)]
            raise Invalid(
                "form_invalid", "Not everything fits yet: see the marked fields. What you typed is kept.", fields=faults
            )


def check_level(record: CaseRecord, task: Task, approved: Decimal | None) -> None:
    """An approval without an amount approves what was asked for; where nothing was, it must name one."""
    asked = rows.first(record.tx, SpecialMode, instance_id=task.instance_id)
    amount = approved if approved is not None else asked.amount if asked is not None else None
    if amount is None:
        fault = Message("approved_amount_needed", "Name the amount up to which you approve.")
        faults = [FieldError("approved_amount", fault)]
        raise Invalid(
            "form_invalid", "Not everything fits yet: see the marked fields. What you typed is kept.", fields=faults
        )
    require_level(record.tx, amount)


def fault_of_number(record: CaseRecord, given: str) -> Message | None:
    """Why this is no number of another case, or None."""
    number = given.strip().upper()
    if not number:
        return Message("duplicate_needed", "Give the number of the case that this one repeats.")
    if number == record.case.number:
        return Message("joined_to_itself", "Case {number} cannot be a duplicate of itself.", {"number": number})
    if rows.first(record.tx, Case, number=number) is None:
        template = "There is no case {number}. Look the number up in the list of cases; it reads like C-2026-000123."
        return Message("joined_case_unknown", template, {"number": number})
    return None
