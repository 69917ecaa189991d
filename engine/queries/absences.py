"""Who is away and who stands in: everybody's for leads, managers and administrators, else the reader's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.model.errors import Forbidden
from engine.model.people import Absence, Person, Role
from engine.model.zones import add_days, local_day, zone_named
from engine.store import load, rows
from engine.store import people as everybody
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An absence; `is_now` says that it counts today, `open_tasks` how much waits for the person."""

    absence: Absence
    person: str
    substitute: str
    is_now: bool
    stands_in_today: str
    open_tasks: int


@dataclass(frozen=True, slots=True)
class AbsenceBook:
    """What is still to come or going on, what is past, and the people that the form offers."""

    current: Sequence[AbsenceLine]
    past: Sequence[AbsenceLine]
    people: Sequence[tuple[str, str]]
    today: date


def absence_book(tx: Tx, *, past_days: int = 90) -> AbsenceBook:
    """The absences that the actor may see; raises Forbidden where nobody is signed in."""
    if tx.actor.person_id is None:
        raise Forbidden("sign_in_first", "Sign in to do this.")
    today = local_day(tx.now, zone_named(tx.actor.zone))
    sees_all = tx.actor.has(Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR)
    condition = "cancelled_at IS NULL AND last_day >= :from AND (:all = 1 OR person_id = :self) ORDER BY first_day, id"
    params = {"from": add_days(today, -past_days), "all": sees_all, "self": tx.actor.person_id}
    found = rows.select(tx, Absence, condition, params)
    people = rows.find(tx, Person, active=True, order_by="name, id")
    names = {person.id: person.name for person in rows.find(tx, Person)}
    away = everybody.absences(tx)
    held = load.held(tx)
    lines: list[AbsenceLine] = []
    for each in found:
        is_now = each.first_day <= today <= each.last_day
        stand_in = away.stand_in(each.person_id) if is_now else None
        lines.append(
            AbsenceLine(
                each,
                names.get(each.person_id, ""),
                names.get(each.substitute_id or "", ""),
                is_now,
                names.get(stand_in or "", ""),
                held.get(each.person_id, 0) if is_now else 0,
            )
        )
    current = [line for line in lines if line.absence.last_day >= today]
    past = [line for line in reversed(lines) if line.absence.last_day < today]
    return AbsenceBook(current, past, [(person.id, person.name) for person in people], today)
