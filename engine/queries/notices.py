"""What somebody was told: their own notices, the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.case import Case
from engine.model.lists import Listed, Place, listed
from engine.model.people import Notice, Person
from engine.model.task import Task
from engine.model.zones import to_microseconds
from engine.store import rows
from engine.store.transaction import Tx

PAGE = 40


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice with the number and subject of its case, and whom its task is with by now (`holder_id` None: nobody)."""

    notice: Notice
    case_number: str
    subject: str
    holder_id: str | None = None
    holder: str = ""


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
    holders = _holders(tx, found)
    lines = [_line(notice, cases, holders.get(_task_of(notice))) for notice in found]
    return listed([(line, to_microseconds(line.notice.created_at), line.notice.id) for line in lines], place, PAGE)


def _task_of(notice: Notice) -> str:
    return str(notice.params.get("task_id") or "")


def _holders(tx: Tx, found: list[Notice]) -> dict[str, Person]:
    """Whom the tasks of some notices are with, by task."""
    tasks = rows.find(tx, Task, id=tuple({_task_of(notice) for notice in found} - {""}))
    owners = {person.id: person for person in rows.find(tx, Person, id=tuple({task.owner_id or "" for task in tasks}))}
    return {task.id: owners[task.owner_id] for task in tasks if task.owner_id in owners}


def _line(notice: Notice, cases: dict[str, Case], holder: Person | None) -> NoticeLine:
    case = cases.get(notice.case_id or "")
    return NoticeLine(
        notice,
        case.number if case else "",
        case.subject if case else "",
        holder.id if holder else None,
        holder.name if holder else "",
    )
