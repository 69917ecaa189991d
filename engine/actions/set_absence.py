"""A person is absent for whole days and has one substitute; offers and open tasks follow it at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.actions.permission import require_role, require_signed_in
from engine.actions.reassign_task import person_named
from engine.model.errors import Conflict, FieldError, Forbidden, Invalid, Message
from engine.model.people import Absence, Role
from engine.store import people, rows
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Days of the person's zone, both counted, and who stands in (id or login, or nobody)."""

    first_day: date
    last_day: date
    substitute: str = ""
    note: str = ""


def set_absence(tx: Tx, person: str, away: Away) -> Absence:
    """Enter an absence of the actor, or by a lead or manager of somebody else.

    Raises Invalid for days in the wrong order, for a substitute who is the person, Conflict for overlapping days.
    """
    actor = require_signed_in(tx)
    absent = person_named(tx, person)
    require_own_people(tx, absent.id)
    stand_in = person_named(tx, away.substitute) if away.substitute else None
    if away.last_day < away.first_day:
        fault = FieldError("last_day", Message("days_order", "The last day comes before the first."))
        raise Invalid("absence_invalid", "The absence cannot be entered.", fields=[fault])
    if stand_in is not None and stand_in.id == absent.id:
        fault = FieldError("substitute", Message("own_substitute", "Nobody can stand in for themselves."))
        raise Invalid("absence_invalid", "The absence cannot be entered.", fields=[fault])
    if stand_in is not None and stand_in.id == actor and _gains_rights(tx, absent.id):
        text = "{person} may decide more than you, so you cannot put yourself there. Choose somebody else, or let them enter it."
        fault = FieldError("substitute", Message("substitute_is_actor", text, {"person": absent.name}))
        raise Invalid("absence_invalid", "The absence cannot be entered.", fields=[fault])
    for other in rows.find(tx, Absence, person_id=absent.id, cancelled_at=None):
        if other.first_day <= away.last_day and away.first_day <= other.last_day:
            raise Conflict(
                "absence_overlaps",
                "{person} is absent already from {first} to {last}. Cancel that first.",
                person=absent.name,
                first=other.first_day,
                last=other.last_day,
            )
    absence = Absence(
        id=tx.new_id(),
        person_id=absent.id,
        first_day=away.first_day,
        last_day=away.last_day,
        substitute_id=stand_in.id if stand_in is not None else None,
        note=away.note.strip()[:500],
    )
    rows.insert(tx, absence)
    return absence


def cancel_absence(tx: Tx, absence_id: str) -> None:
    """Take an absence back; raises Conflict for one that was taken back already."""
    require_signed_in(tx)
    absence = rows.get(tx, Absence, absence_id)
    require_own_people(tx, absence.person_id)
    if absence.cancelled_at is not None:
        raise Conflict("absence_cancelled", "This absence was taken back already.")
    rows.update(tx, Absence, absence.id, cancelled_at=tx.now)


def _gains_rights(tx: Tx, person_id: str) -> bool:
    """Whether the actor, standing in for this person, could decide what is not theirs to decide."""
    absent = people.actor_of(tx, person_id)
    highest = max((level.rank for level in tx.actor.levels), default=-1)
    return any(level.rank > highest for level in absent.levels) or (
        absent.has(Role.MANAGER) and not tx.actor.has(Role.MANAGER)
    )


def require_own_people(tx: Tx, person_id: str) -> None:
    """Oneself, or of somebody else: managers and administrators of anybody, leads of those who work in their queues.

    A substitute has the rights of the absent, so nobody gives away what is above them.
    """
    if tx.actor.is_system or person_id == tx.actor.person_id:
        return
    require_role(tx, Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR)
    if tx.actor.has(Role.MANAGER, Role.ADMINISTRATOR):
        return
    absent = people.actor_of(tx, person_id)
    if absent.has(Role.MANAGER, Role.ADMINISTRATOR) or absent.levels or not absent.queues & tx.actor.leads:
        raise Forbidden(
            "not_your_people",
            "Leads enter absences of those who work in their queues. Ask {person} or a manager.",
            person=absent.name,
        )
