"""Administrators change what a person is here for; one administrator who can sign in always stays."""

from __future__ import annotations

from dataclasses import dataclass

from engine.actions.keep_people import set_active, set_levels, set_queues, set_roles
from engine.actions.permission import require_role
from engine.model.errors import Conflict
from engine.model.people import Person, PersonRole, Role
from engine.store import rows
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """What the person is to have from now on."""

    roles: tuple[Role, ...] = ()
    queues: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    active: bool = True


def change_person(tx: Tx, login: str, change: PersonChange) -> Person:
    """Replace roles, queues and levels, and let the person sign in or no longer.

    Raises NotFound for an unknown person, queue or level, Conflict where no administrator would be left.
    """
    require_role(tx, Role.ADMINISTRATOR)
    set_roles(tx, login, change.roles)
    set_queues(tx, login, change.queues)
    set_levels(tx, login, change.levels)
    person = set_active(tx, login, active=change.active)
    administrators = [row.person_id for row in rows.find(tx, PersonRole, role=Role.ADMINISTRATOR)]
    if not rows.find(tx, Person, id=tuple(administrators), active=True, limit=1):
        raise Conflict(
            "last_administrator",
            "“{login}” is the last administrator who can sign in. Make somebody else one first.",
            login=login,
        )
    return rows.get(tx, Person, person.id)
