"""Whoever acts is read from rows: roles, queues, levels, and the absent people whose work is theirs today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from engine.model.decision import SpecialMode
from engine.model.errors import NotFound
from engine.model.people import (
    Actor,
    ApprovalLevel,
    Person,
    PersonLevel,
    PersonRole,
    Queue,
    QueueMember,
    Role,
)
from engine.model.zones import add_days, local_day, zone_named
from engine.store import rows
from engine.store.transaction import Tx

Item = TypeVar("Item")
_ABSENCES = """
SELECT absence.person_id, absence.first_day, absence.last_day, absence.substitute_id, person.zone
FROM absence JOIN person ON person.id = absence.person_id
WHERE absence.cancelled_at IS NULL AND absence.first_day <= :first AND absence.last_day >= :last
ORDER BY absence.first_day, absence.id"""


@dataclass(frozen=True, slots=True)
class Absences:
    """Who is absent, and the substitute that each named, if any."""

    substitutes: Mapping[str, str | None]
    inactive: frozenset[str]

    def is_present(self, person_id: str) -> bool:
        """Whether the person works here and is not absent."""
        return person_id not in self.substitutes and person_id not in self.inactive

    def stand_in(self, person_id: str) -> str | None:
        """Follow the substitutes to the first present person; None where the chain ends or goes round."""
        seen: set[str] = set()
        current: str | None = person_id
        while current is not None and current not in seen:
            if self.is_present(current):
                return current
            seen.add(current)
            current = self.substitutes.get(current)
        return None


def absences(tx: Tx, day: date | None = None) -> Absences:
    """Give who is absent on `day`, or where none is given, today on each person's own calendar."""
    inactive = frozenset(row[0] for row in rows.fetch(tx, "SELECT id FROM person WHERE active = 0"))
    around = day or tx.now.date()
    bounds = {"first": add_days(around, 2), "last": add_days(around, -2)}
    substitutes: dict[str, str | None] = {}
    for person_id, first_day, last_day, substitute_id, zone in rows.fetch(tx, _ABSENCES, bounds):
        today = (day or local_day(tx.now, zone_named(zone))).isoformat()
        if first_day <= today <= last_day:
            substitutes[person_id] = substitute_id
    return Absences(substitutes, inactive)


def is_present(tx: Tx, person_id: str, day: date | None = None) -> bool:
    """Whether the person works here and is not absent."""
    return absences(tx, day).is_present(person_id)


def substitute_of(tx: Tx, person_id: str, day: date | None = None) -> str | None:
    """Give the person while present, else the first present substitute; None where nobody stands in."""
    return absences(tx, day).stand_in(person_id)


def actor_of(tx: Tx, person_id: str) -> Actor:
    """Give what a person may do now; raise NotFound."""
    person = rows.get(tx, Person, person_id)
    return _with_absent(tx, _actors(tx, [person], absences(tx)))[0]


def present_actors(tx: Tx) -> list[Actor]:
    """Give everybody who is present, by name."""
    away = absences(tx)
    present = [
        person for person in rows.find(tx, Person, active=True, order_by="name, id") if away.is_present(person.id)
    ]
    return _with_absent(tx, _actors(tx, present, away))


def by_id_or_login(tx: Tx, name: str) -> Person | None:
    """Give the person with this id or login name."""
    return rows.maybe(tx, Person, name) or rows.first(tx, Person, login=name)


def by_login(tx: Tx, login: str) -> Person | None:
    """Give the person who signs in with this name."""
    return rows.first(tx, Person, login=login)


def lead_of_queue(tx: Tx, queue: str) -> str | None:
    """Give the present lead of the queue, or who stands in; None where it has none."""
    found = rows.maybe(tx, Queue, queue)
    if found is None or found.lead_id is None:
        return None
    return substitute_of(tx, found.lead_id)


def managers(tx: Tx) -> list[str]:
    """Give the present people with the role of manager."""
    return [actor.person_id for actor in present_actors(tx) if actor.person_id and actor.has(Role.MANAGER)]


def askers_of_special_mode(tx: Tx, case_id: str) -> list[str]:
    """Give who asked for special mode in a case, the latest first."""
    asked = rows.find(tx, SpecialMode, case_id=case_id, order_by="asked_at DESC, id DESC")
    return list(dict.fromkeys(row.asked_by for row in asked))


def queue_named(tx: Tx, key: str) -> Queue:
    """Give the queue; raise NotFound with its key."""
    found = rows.maybe(tx, Queue, key)
    if found is None:
        raise NotFound("queue_not_found", "There is no queue “{queue}”.", queue=key)
    return found


def _with_absent(tx: Tx, actors: list[Actor]) -> list[Actor]:
    """Add the absent people for whom each stands in, with what they themselves may do."""
    wanted = sorted({absent for actor in actors for absent in actor.stands_for})
    if not wanted:
        return actors
    nobody_away = Absences({}, frozenset())
    absent = {row.person_id or "": row for row in _actors(tx, rows.find(tx, Person, id=wanted), nobody_away)}
    return [replace(actor, stands_in=tuple(absent[one] for one in sorted(actor.stands_for))) for actor in actors]


def _actors(tx: Tx, people: list[Person], away: Absences) -> list[Actor]:
    ids = [person.id for person in people]
    roles = _grouped((row.person_id, row.role) for row in rows.find(tx, PersonRole, person_id=ids))
    queues = _grouped((row.person_id, row.queue_key) for row in rows.find(tx, QueueMember, person_id=ids))
    leads = _grouped((row.lead_id or "", row.key) for row in rows.find(tx, Queue, lead_id=ids))
    levels = {level.key: level for level in rows.find(tx, ApprovalLevel, order_by="rank, key")}
    held = _grouped((row.person_id, row.level_key) for row in rows.find(tx, PersonLevel, person_id=ids))
    stood = _grouped((stand_in, absent) for absent in away.substitutes if (stand_in := away.stand_in(absent)))
    return [
        Actor(
            person_id=person.id,
            name=person.name,
            roles=frozenset(roles[person.id]),
            queues=frozenset(queues[person.id]),
            leads=frozenset(leads[person.id]),
            levels=tuple(levels[key] for key in levels if key in held[person.id]),
            stands_for=frozenset(stood[person.id]),
            known_levels=tuple(levels.values()),
            login=person.login,
            language=person.language,
            zone=person.zone,
        )
        for person in people
    ]


def _grouped(pairs: Iterable[tuple[str, Item]]) -> defaultdict[str, list[Item]]:
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for key, item in pairs:
        found[key].append(item)
    return found
