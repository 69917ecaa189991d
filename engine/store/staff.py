"""Who works here and what they may do is read once per change, not once per step; a version in the database says when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from engine.model.people import (
    Absence,
    Actor,
    ApprovalLevel,
    Person,
    PersonLevel,
    PersonRole,
    Queue,
    QueueMember,
    Role,
)
from engine.model.zones import local_day, zone_named
from engine.store import rows
from engine.store.house import kept, version_of
from engine.store.transaction import Tx

Item = TypeVar("Item")
QUARTER = 15 * 60 * 1_000_000  # midnight comes at a full quarter of an hour in every zone


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


@dataclass(frozen=True, slots=True)
class Staff:
    """All people with what they hold, as one version of the rows says."""

    version: str
    people: Mapping[str, Person]
    roles: Mapping[str, frozenset[Role]]
    queues: Mapping[str, frozenset[str]]
    leads: Mapping[str, frozenset[str]]
    lead_of: Mapping[str, str]
    held: Mapping[str, frozenset[str]]
    levels: tuple[ApprovalLevel, ...]
    absences: tuple[Absence, ...]

    def away_on(self, day: date | datetime) -> Absences:
        """Who is absent on a day, or at a moment on each person's own calendar."""
        inactive = frozenset(person.id for person in self.people.values() if not person.active)
        substitutes: dict[str, str | None] = {}
        for absence in self.absences:
            person = self.people[absence.person_id]
            today = local_day(day, zone_named(person.zone)) if isinstance(day, datetime) else day
            if absence.first_day <= today <= absence.last_day:
                substitutes[absence.person_id] = absence.substitute_id
        return Absences(substitutes, inactive)


Offer = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""Queue, role, candidates and excluded people of a task."""


@dataclass(slots=True)
class Duty:
    """The staff at one quarter of an hour: who is away, who stands in for whom; actors are made when first asked for.

    `eligible` tells of each offer that was asked for whether anybody present may take it up.
    """

    staff: Staff
    quarter: int
    away: Absences
    stood: Mapping[str, frozenset[str]]
    made: dict[str, Actor] = field(default_factory=dict[str, Actor])
    ordered: tuple[Actor, ...] | None = None
    eligible: dict[Offer, bool] = field(default_factory=dict["Offer", bool])

    @property
    def present(self) -> tuple[Actor, ...]:
        """Everybody who is present, by name."""
        if self.ordered is None:
            there = [person for person in self.staff.people.values() if self.away.is_present(person.id)]
            found = (self.actor(person.id) for person in sorted(there, key=lambda one: (one.name, one.id)))
            self.ordered = tuple(actor for actor in found if actor is not None)
        return self.ordered

    def actor(self, person_id: str) -> Actor | None:
        """What a person may do now, for themselves and in the place of those who are away."""
        found = self.made.get(person_id)
        if found is None and person_id in self.staff.people:
            stands_for = self.stood.get(person_id, frozenset())
            found = self._own(person_id, stands_for)
            if stands_for:
                absent = tuple(self._own(one, frozenset()) for one in sorted(stands_for))
                found = replace(found, stands_in=absent)
            self.made[person_id] = found
        return found

    def _own(self, person_id: str, stands_for: frozenset[str]) -> Actor:
        staff = self.staff
        person = staff.people[person_id]
        held = staff.held.get(person_id, frozenset())
        return Actor(
            person_id=person_id,
            name=person.name,
            roles=staff.roles.get(person_id, frozenset()),
            queues=staff.queues.get(person_id, frozenset()),
            leads=staff.leads.get(person_id, frozenset()),
            levels=tuple(level for level in staff.levels if level.key in held),
            stands_for=stands_for,
            known_levels=staff.levels,
            login=person.login,
            language=person.language,
            zone=person.zone,
        )


def staff_of(tx: Tx) -> Staff:
    """Give everybody with what they hold."""
    return kept(tx, "staff", _read)


def on_duty(tx: Tx) -> Duty:
    """Give who is present now, and who stands in for whom."""
    staff = staff_of(tx)
    quarter = tx.at // QUARTER
    found = tx.house.get("duty")
    duty = found[1] if found is not None else None
    if isinstance(duty, Duty) and duty.staff is staff and duty.quarter == quarter:
        return duty
    away = staff.away_on(tx.now)
    stood = _grouped((stand_in, absent) for absent in away.substitutes if (stand_in := away.stand_in(absent)))
    duty = Duty(staff, quarter, away, stood)
    tx.house["duty"] = (staff.version, duty)
    return duty


def _read(tx: Tx) -> Staff:
    led = {row.key: row.lead_id for row in rows.find(tx, Queue) if row.lead_id}
    return Staff(
        version_of(tx),
        {person.id: person for person in rows.find(tx, Person)},
        _grouped((row.person_id, row.role) for row in rows.find(tx, PersonRole)),
        _grouped((row.person_id, row.queue_key) for row in rows.find(tx, QueueMember)),
        _grouped((lead, queue) for queue, lead in led.items()),
        led,
        _grouped((row.person_id, row.level_key) for row in rows.find(tx, PersonLevel)),
        tuple(rows.find(tx, ApprovalLevel, order_by="rank, key")),
        tuple(rows.find(tx, Absence, cancelled_at=None, order_by="first_day, id")),
    )


def _grouped(pairs: Iterable[tuple[str, Item]]) -> dict[str, frozenset[Item]]:
    found: defaultdict[str, set[Item]] = defaultdict(set)
    for key, item in pairs:
        found[key].add(item)
    return {key: frozenset(items) for key, items in found.items()}
