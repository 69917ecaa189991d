"""Closed cases leave the desk whole, in one file that is on the disk before a row goes, or they stay."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from engine.actions.permission import require_role
from engine.model.archive import ArchivedCase, ArchiveEvent, ArchiveKind
from engine.model.case import Case
from engine.model.errors import Conflict
from engine.model.people import Role
from engine.model.zones import to_microseconds
from engine.store import archive_rows, archive_trail, audit, counters, rows, settings
from engine.store.archive_file import Label, Packed, PackedCase, Writer
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Ready:
    """The cases that can go, and those that stay because their audit trail does not hold."""

    cases: tuple[Case, ...]
    broken: tuple[Case, ...]


def archivable(tx: Tx, before: date) -> Ready:
    """Cases closed before a day of the house for which nothing is left to do."""
    require_role(tx, Role.ADMINISTRATOR)
    begins = datetime.combine(before, time(), settings.zone(tx)).astimezone(UTC)
    found = [rows.get(tx, Case, case_id) for case_id, _ in archive_trail.closed_before(tx, to_microseconds(begins))]
    broken = {case.id for case in found if audit.verify(tx, case.id)}
    return Ready(
        tuple(case for case in found if case.id not in broken), tuple(case for case in found if case.id in broken)
    )


def pack(tx: Tx, cases: tuple[Case, ...], before: date, *, folder: Path) -> Packed:
    """Write the cases into a new file of the folder; nothing is removed yet."""
    require_role(tx, Role.ADMINISTRATOR)
    archive_id = tx.new_id()
    name = f"closed-before-{before.isoformat()}-{tx.now:%Y%m%dT%H%M%S}-{archive_id[-6:]}.archive"
    writer = Writer(folder / name, Label(archive_id, before.isoformat(), tx.now))
    try:
        for case in cases:
            found = archive_rows.rows_of(tx, case.id)
            digests = archive_rows.column(found, "attachment", "digest")
            kept = ((digest, archive_rows.contents(tx, digest)) for digest in digests)
            writer.add(found, ((digest, content) for digest, content in kept if content is not None))
        return writer.finish()
    finally:
        writer.discard()


def archive_cases(tx: Tx, packed: Packed, before: date) -> ArchiveEvent:
    """Remove the cases of the file, which must be as they were packed, and keep their numbers and where they are."""
    require_role(tx, Role.ADMINISTRATOR)
    event = archive_trail.append(
        tx,
        ArchiveEvent(
            id=packed.archive_id,
            sequence=0,
            kind=ArchiveKind.ARCHIVED,
            file=packed.path.name,
            digest=packed.digest,
            cases=len(packed.cases),
            before_on=before,
            actor_id=tx.actor.person_id,
            at=tx.now,
        ),
    )
    for packed_case in packed.cases:
        case = rows.get(tx, Case, packed_case.id, lock=True)
        found = archive_rows.rows_of(tx, case.id)
        require_unchanged(packed_case, found)
        archive_rows.remove(tx, case.id, found)
        rows.insert(tx, _left_of(case, event))
        count_case(tx, case, -1)
    return event


def require_unchanged(packed: PackedCase, found: archive_rows.Rows) -> None:
    """Raise Conflict where somebody worked on the case while it was written."""
    if hashlib.sha256(archive_rows.text_of(found).encode()).hexdigest() != packed.digest:
        raise Conflict(
            "case_changed_while_archived",
            "Somebody worked on {number} just now, so nothing was archived. Try again.",
            number=packed.number,
        )


def count_case(tx: Tx, case: Case, change: int) -> None:
    """Count a closed case that goes or comes back."""
    require_role(tx, Role.ADMINISTRATOR)
    counters.add(tx, "cases", "all", change)
    counters.add(tx, "cases", case.status, change)
    counters.add(tx, "cases_by_stage", case.stage, change)
    counters.add(tx, "cases_by_category", case.category, change)


def _left_of(case: Case, event: ArchiveEvent) -> ArchivedCase:
    kept: dict[str, Any] = {"source": case.source, "reference": case.reference}
    return ArchivedCase(
        id=case.id,
        number=case.number,
        archive_id=event.id,
        audit_sequence=case.audit_sequence,
        audit_hash=case.audit_hash,
        **kept,
    )
