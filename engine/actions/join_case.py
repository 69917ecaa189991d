"""A duplicate is joined to the case that goes on; both say so (the other by a job, since a step locks one case, R14)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.case_record import CaseRecord
from engine.actions.inputs import text_of
from engine.actions.permission import require_case
from engine.jobs import enqueue
from engine.model.case import Case
from engine.model.errors import Conflict, NotFound
from engine.model.running import Instance
from engine.store import rows


def join_case(record: CaseRecord, instance: Instance, inputs: Mapping[str, object]) -> dict[str, object]:
    """Join this case to the one that `duplicate_of` numbers; refused for itself and for an unknown number."""
    require_case(record.tx, record.case)
    number = text_of(inputs, "duplicate_of").strip().upper()
    found = rows.find(record.tx, Case, number=number, limit=1)
    if not found:
        raise NotFound("joined_case_unknown", "There is no case {number} to join this one to.", number=number or "–")
    if found[0].id == record.case_id:
        raise Conflict("joined_to_itself", "Case {number} cannot be a duplicate of itself.", number=number)
    record.change(joined_to_id=found[0].id)
    record.note("case_joined", to=found[0].number)
    enqueue(record.tx, "note_joined", {"number": record.case.number}, case_id=found[0].id)
    return {}
