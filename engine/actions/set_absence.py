"""A person is absent for whole days and has one substitute; offers and open tasks follow it at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.actions.permission import require_role, require_signed_in
from engine.actions.reassign_task import person_named
from engine.model.errors import Conflict, FieldError, Invalid, Message
from engine.model.people import Absence, Role
from engine.store import rows
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
    if absent.id != actor:
        require_role(tx, Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR)
    stand_in = person_named(tx, away.substitute) if away.substitute else None
    if away.last_day < away.first_day:
        fault = FieldError("last_day", Message("days_order", "The last day comes before the first."))
        raise Invalid("absence_invalid", "The absence cannot be entered.", fields=[fault])
    if stand_in is not None and stand_in.id == absent.id:
        fault = FieldError("substitute", Message("own_substitute", "Nobody can stand in for themselves."))
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
    actor = require_signed_in(tx)
    absence = rows.get(tx, Absence, absence_id)
    if absence.person_id != actor:
        require_role(tx, Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR)
    if absence.cancelled_at is not None:
        raise Conflict("absence_cancelled", "This absence was taken back already.")
    rows.update(tx, Absence, absence.id, cancelled_at=tx.now)
