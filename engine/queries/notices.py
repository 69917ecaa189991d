"""What somebody was told: their own notices, the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.case import Case
from engine.model.lists import Listed, Place, listed
from engine.model.people import Notice
from engine.model.zones import to_microseconds
from engine.store import rows
from engine.store.transaction import Tx

PAGE = 40


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice with the number and subject of its case."""

    notice: Notice
    case_number: str
    subject: str


def unread(tx: Tx) -> int:
    """How many notices the actor has not read."""
    return 0 if tx.actor.person_id is None else rows.count(tx, Notice, person_id=tx.actor.person_id, read_at=None)


def notices(tx: Tx, place: Place | None) -> Listed[NoticeLine]:
    """One page of the actor's notices."""
    back = place is not None and place.back
    compare, direction = (">", "ASC") if back else ("<", "DESC")
    params: dict[str, object] = {"person": tx.actor.person_id or "", "size": PAGE + 1}
    after = ""
    if place is not None:
        params |= {"key": place.key, "id": place.id}
        after = f"AND (created_at, id) {compare} (:key, :id) "
    condition = f"person_id = :person {after}ORDER BY created_at {direction}, id {direction} LIMIT :size"
    found = rows.select(tx, Notice, condition, params)
    cases = {
        case.id: case for case in rows.find(tx, Case, id=tuple({notice.case_id for notice in found if notice.case_id}))
    }
    lines = [_line(notice, cases) for notice in found]
    return listed([(line, to_microseconds(line.notice.created_at), line.notice.id) for line in lines], place, PAGE)


def _line(notice: Notice, cases: dict[str, Case]) -> NoticeLine:
    case = cases.get(notice.case_id or "")
    return NoticeLine(notice, case.number if case else "", case.subject if case else "")
