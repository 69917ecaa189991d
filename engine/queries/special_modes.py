"""Requests for special mode: those that wait with the task that decides them, and those decided, with who, why and when."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.case import Case
from engine.model.decision import SpecialMode, SpecialModeStatus
from engine.model.errors import Forbidden
from engine.model.lists import Listed, Place, listed
from engine.model.people import Person, Role
from engine.model.task import OPEN_STATES, Task
from engine.model.zones import to_microseconds
from engine.store import rows
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ModeLine:
    """A request with its case, the open task that decides it if there is one, and the names of those who took part."""

    mode: SpecialMode
    case_number: str
    subject: str
    task: Task | None
    owner: str
    asked_by: str
    decided_by: str
    second_by: str


def waiting_modes(tx: Tx, *, limit: int = 100) -> list[ModeLine]:
    """Those that wait, the longest waiting first."""
    _require_lead(tx)
    waits = (SpecialModeStatus.REQUESTED, SpecialModeStatus.SENT_BACK)
    return _lines(tx, rows.find(tx, SpecialMode, status=waits, decided_at=None, order_by="asked_at, id", limit=limit))


def decided_modes(tx: Tx, place: Place | None = None, *, size: int = 30) -> Listed[ModeLine]:
    """Those decided, the latest first."""
    _require_lead(tx)
    back = place is not None and place.back
    compare, direction = (">", "ASC") if back else ("<", "DESC")
    params: dict[str, object] = {"size": size + 1}
    after = ""
    if place is not None:
        after = f"AND (decided_at, id) {compare} (:key, :id) "
        params |= {"key": place.key, "id": place.id}
    condition = f"decided_at IS NOT NULL {after}ORDER BY decided_at {direction}, id {direction} LIMIT :size"
    found = _lines(tx, rows.select(tx, SpecialMode, condition, params))
    keyed = [(line, to_microseconds(line.mode.decided_at or line.mode.asked_at), line.mode.id) for line in found]
    return listed(keyed, place, size)


def _require_lead(tx: Tx) -> None:
    if not tx.actor.has(Role.LEAD, Role.MANAGER):
        raise Forbidden("not_a_lead", "Only leads and managers look at the work of others.")


def _lines(tx: Tx, modes: list[SpecialMode]) -> list[ModeLine]:
    cases = {case.id: case for case in rows.find(tx, Case, id=tuple({mode.case_id for mode in modes}))}
    instances = tuple({mode.instance_id for mode in modes if mode.instance_id})
    open_ones = tuple(sorted(OPEN_STATES))
    found = rows.find(tx, Task, case_id=tuple(cases), instance_id=instances, state=open_ones, order_by="id")
    tasks = {task.instance_id: task for task in found}
    ids = {each for mode in modes for each in (mode.asked_by, mode.decided_by, mode.second_by) if each}
    ids |= {task.owner_id for task in found if task.owner_id}
    names = {person.id: person.name for person in rows.find(tx, Person, id=tuple(ids))}
    return [_line(mode, cases.get(mode.case_id), tasks.get(mode.instance_id or ""), names) for mode in modes]


def _line(mode: SpecialMode, case: Case | None, task: Task | None, names: dict[str, str]) -> ModeLine:
    return ModeLine(
        mode=mode,
        case_number=case.number if case else "",
        subject=case.subject if case else "",
        task=task,
        owner=names.get(task.owner_id or "", "") if task else "",
        asked_by=names.get(mode.asked_by, ""),
        decided_by=names.get(mode.decided_by or "", ""),
        second_by=names.get(mode.second_by or "", ""),
    )
