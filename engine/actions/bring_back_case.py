"""An archived case comes back as it left, with its trail verified, and the chain of archivings says so."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.archive_cases import count_case
from engine.actions.permission import require_role
from engine.model.archive import ArchivedCase, ArchiveEvent, ArchiveKind
from engine.model.case import Case
from engine.model.errors import Conflict, Invalid, NotFound
from engine.model.people import Role
from engine.store import archive_rows, archive_trail, audit, rows
from engine.store.transaction import Tx


def archived(tx: Tx, number: str) -> tuple[ArchivedCase, ArchiveEvent]:
    """What is known of an archived case, and of the archiving that took it away."""
    require_role(tx, Role.ADMINISTRATOR)
    wanted = number.strip().upper()
    found = rows.first(tx, ArchivedCase, number=wanted)
    if found is not None:
        return found, rows.get(tx, ArchiveEvent, found.archive_id)
    if rows.first(tx, Case, number=wanted) is not None:
        raise Conflict("case_not_archived", "Case {number} is not archived: it is on the desk.", number=wanted)
    raise NotFound("no_such_archived_case", "There is no archived case {number}.", number=wanted)


def bring_back(tx: Tx, number: str, found: archive_rows.Rows, files: Mapping[str, bytes]) -> Case:
    """Put the rows back that the archive holds of the case."""
    require_role(tx, Role.ADMINISTRATOR)
    tx.connection.hold("archive")
    left, event = archived(tx, number)
    rows.delete(tx, ArchivedCase, id=left.id)
    archive_rows.put_back(tx, found, files)
    case = rows.get(tx, Case, left.id)
    is_same = (case.number, case.audit_sequence, case.audit_hash) == (left.number, left.audit_sequence, left.audit_hash)
    if not is_same or audit.verify(tx, case.id):
        raise Invalid(
            "archived_trail_differs",
            "The audit trail of {number} in {file} is not the one that was archived; nothing was changed.",
            number=left.number,
            file=event.file,
        )
    count_case(tx, case, 1)
    archive_trail.append(
        tx,
        ArchiveEvent(
            id=tx.new_id(),
            sequence=0,
            kind=ArchiveKind.BROUGHT_BACK,
            file=event.file,
            digest=event.digest,
            cases=1,
            number=case.number,
            actor_id=tx.actor.person_id,
            at=tx.now,
        ),
    )
    return case
