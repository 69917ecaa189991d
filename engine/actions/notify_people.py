"""Telling people inside: a notice row per person; the same notice is never told twice (R11, R29)."""

from __future__ import annotations

from engine.actions.case_record import CaseRecord
from engine.model.people import Notice
from engine.store import people, rows


def tell(record: CaseRecord, person_id: str, kind: str, /, *, dedupe: str = "", **params: object) -> str:
    """Put a notice before a person, or before the substitute while absent; gives who was told."""
    tx = record.tx
    told = people.substitute_of(tx, person_id) or person_id
    task_id = params.pop("task_id", None)
    row = Notice(
        id=tx.new_id(),
        person_id=told,
        case_id=record.case_id,
        task_id=str(task_id) if task_id else None,
        kind=kind,
        params={"case": record.case.number, **params},
        created_at=tx.now,
        read_at=None,
        dedupe_key=f"{record.case_id}:{kind}:{told}:{dedupe}" if dedupe else None,
    )
    rows.insert_unless_there(tx, row)
    return told


def leads_of(record: CaseRecord, queue: str) -> list[str]:
    """The queue's lead, or every manager where it has none."""
    lead = people.lead_of_queue(record.tx, queue)
    return [lead] if lead else people.managers(record.tx)
