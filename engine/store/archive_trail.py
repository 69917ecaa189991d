"""Every archiving and every return is a link of one chain, and the archived cases are those that the chain tells of."""

from __future__ import annotations

from dataclasses import replace

from engine.model.archive import ArchivedCase, ArchiveEvent, ArchiveKind, archive_hash
from engine.model.errors import Message
from engine.store import rows
from engine.store.anchors import AnchorFault
from engine.store.transaction import Tx

_QUIET = """
SELECT id, number FROM case_file WHERE status = 'closed' AND closed_at < ?
AND NOT EXISTS (SELECT 1 FROM instance WHERE instance.case_id = case_file.id AND status IN ('running', 'suspended'))
AND NOT EXISTS (SELECT 1 FROM job WHERE job.case_id = case_file.id)
AND NOT EXISTS (SELECT 1 FROM incident WHERE incident.case_id = case_file.id AND state = 'open')
ORDER BY number"""
_FORGED = """
SELECT archived_case.number FROM archived_case JOIN anchor_head ON anchor_head.case_id = archived_case.id
WHERE anchor_head.sequence > archived_case.audit_sequence
  OR (anchor_head.sequence = archived_case.audit_sequence AND anchor_head.hash <> archived_case.audit_hash)
ORDER BY archived_case.number"""


def append(tx: Tx, event: ArchiveEvent) -> ArchiveEvent:
    """Add a link to the chain; gives it with its place and hash."""
    tx.connection.hold("archive")
    last = rows.first(tx, ArchiveEvent, order_by="sequence DESC")
    placed = replace(
        event,
        sequence=(last.sequence if last else 0) + 1,
        previous_hash=last.hash if last else "",
    )
    linked = replace(placed, hash=archive_hash(placed))
    rows.insert(tx, linked)
    return linked


def verify(tx: Tx) -> list[AnchorFault]:
    """Recompute the chain, and compare it with which cases are archived now and with what anchors sealed of them."""
    faults: list[AnchorFault] = []
    previous, away = "", dict[str, int]()
    for place, event in enumerate(rows.find(tx, ArchiveEvent, order_by="sequence"), start=1):
        if event.sequence != place or event.previous_hash != previous or archive_hash(event) != event.hash:
            faults.append(_fault(event, "archive_trail_broken", "What was kept of archiving on {day} was altered."))
        previous = event.hash
        change = event.cases if event.kind is ArchiveKind.ARCHIVED else -event.cases
        away[event.file] = away.get(event.file, 0) + change
    for event in rows.find(tx, ArchiveEvent, kind=ArchiveKind.ARCHIVED, order_by="sequence"):
        found = rows.count(tx, ArchivedCase, archive_id=event.id)
        if found != away[event.file]:
            text = "{file} should hold {expected} cases that are not here, but {found} are noted."
            faults.append(_fault(event, "archive_miscounted", text, expected=away[event.file], found=found))
    for (number,) in tx.connection.rows(_FORGED):
        text = "Case {number} was archived with another trail than the one that was sealed."
        faults.append(AnchorFault(number, Message("archive_forged", text, {"number": number})))
    return faults


def _fault(event: ArchiveEvent, code: str, text: str, **params: object) -> AnchorFault:
    day = event.at.date().isoformat()
    return AnchorFault(day, Message(code, text, {"day": day, "file": event.file, **params}))


def closed_before(tx: Tx, before: int) -> list[tuple[str, str]]:
    """Give id and number of cases closed before a moment for which nothing runs, waits or has failed any more."""
    return [tuple(row) for row in tx.connection.rows(_QUIET, (before,))]
