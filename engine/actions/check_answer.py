"""What a form alone cannot know: an answer that could not be carried out is refused before anything is written."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.case_record import CaseRecord
from engine.actions.decide_case import OUTCOMES, binding_special_mode, check_binding
from engine.actions.inputs import amount_of, text_of
from engine.model.case import Case
from engine.model.errors import FieldError, Invalid, Message
from engine.store import rows


def check_answer(record: CaseRecord, outcome: str, values: Mapping[str, object]) -> None:
    """Refuse a duplicate of a case that does not exist, and a decision that an approved special mode forbids.

    Raises Invalid with the field's fault, or Conflict with what binds.
    """
    if outcome == "duplicate":
        fault = fault_of_number(record, text_of(values, "duplicate_of"))
        if fault is not None:
            faults = [FieldError("duplicate_of", fault)]
            raise Invalid(
                "form_invalid", "Not everything fits yet: see the marked fields. What you typed is kept.", fields=faults
            )
    if outcome in OUTCOMES:
        check_binding(binding_special_mode(record), OUTCOMES[outcome], amount_of(values, "amount"))


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
