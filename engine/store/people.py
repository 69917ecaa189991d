"""Whoever acts is read from rows: roles, queues, levels, and the absent people whose work is theirs today."""

from __future__ import annotations

from datetime import date

from engine.model.decision import SpecialMode
from engine.model.errors import NotFound
from engine.model.people import Actor, Person, Queue, Role
from engine.store import rows
from engine.store.staff import Absences, on_duty, staff_of
from engine.store.transaction import Tx


def absences(tx: Tx, day: date | None = None) -> Absences:
    """Give who is absent on `day`, or where none is given, today on each person's own calendar."""
    return staff_of(tx).away_on(day) if day is not None else on_duty(tx).away


def is_present(tx: Tx, person_id: str, day: date | None = None) -> bool:
    """Whether the person works here and is not absent."""
    return absences(tx, day).is_present(person_id)


def substitute_of(tx: Tx, person_id: str, day: date | None = None) -> str | None:
    """Give the person while present, else the first present substitute; None where nobody stands in."""
    return absences(tx, day).stand_in(person_id)


def actor_of(tx: Tx, person_id: str) -> Actor:
    """Give what a person may do now; raise NotFound."""
    found = on_duty(tx).actor(person_id)
    if found is None:
        raise NotFound(
            "person_not_found", "There is no person with the key {key}; it may have been removed.", key=person_id
        )
    return found


def present_actors(tx: Tx) -> tuple[Actor, ...]:
    """Give everybody who is present, by name."""
    return on_duty(tx).present


def by_id_or_login(tx: Tx, name: str) -> Person | None:
    """Give the person with this id or login name."""
    return rows.maybe(tx, Person, name) or rows.first(tx, Person, login=name)


def by_login(tx: Tx, login: str) -> Person | None:
    """Give the person who signs in with this name."""
    return rows.first(tx, Person, login=login)


def lead_of_queue(tx: Tx, queue: str) -> str | None:
    """Give the present lead of the queue, or who stands in; None where it has none."""
    lead = staff_of(tx).lead_of.get(queue)
    return None if lead is None else substitute_of(tx, lead)


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
