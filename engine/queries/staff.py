"""Everybody who signs in, with roles, queues and levels; for administrators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.model.errors import Forbidden, NotFound
from engine.model.people import ApprovalLevel, Person, PersonLevel, PersonRole, Queue, QueueMember, Role
from engine.store import load, people, rows
from engine.store.transaction import Tx

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A person with what they are here for; `tasks` are the open ones that they hold."""

    person: Person
    roles: Sequence[Role]
    queues: Sequence[str]
    leads: Sequence[str]
    levels: Sequence[str]
    is_absent: bool
    tasks: int


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody by name, and what the forms offer: queues and levels as key and name."""

    people: Sequence[StaffLine]
    queues: Sequence[tuple[str, str]]
    levels: Sequence[tuple[str, str]]


def staff(tx: Tx) -> Staff:
    """Everybody; raises Forbidden for those who keep no people."""
    if not tx.actor.is_system and not tx.actor.has(Role.ADMINISTRATOR):
        raise Forbidden("not_an_administrator", "Only administrators keep the people who sign in.")
    roles = _grouped((row.person_id, row.role) for row in rows.find(tx, PersonRole))
    members = _grouped((row.person_id, row.queue_key) for row in rows.find(tx, QueueMember, order_by="queue_key"))
    queues = rows.find(tx, Queue, order_by="name, key")
    leads = _grouped((queue.lead_id or "", queue.key) for queue in queues)
    levels = _grouped((row.person_id, row.level_key) for row in rows.find(tx, PersonLevel))
    away = people.absences(tx)
    held = load.held(tx)
    found = [
        StaffLine(
            person,
            sorted(roles.get(person.id, []), key=list(Role).index),
            members.get(person.id, []),
            leads.get(person.id, []),
            levels.get(person.id, []),
            person.id in away.substitutes,
            held.get(person.id, 0),
        )
        for person in rows.find(tx, Person, order_by="active DESC, name, id")
    ]
    known = rows.find(tx, ApprovalLevel, order_by="rank, key")
    return Staff(
        found,
        [(queue.key, queue.name or queue.key) for queue in queues],
        [(level.key, level.name or level.key) for level in known],
    )


def member(tx: Tx, login: str) -> tuple[StaffLine, Staff]:
    """One person, with what the form offers; raises NotFound."""
    everybody = staff(tx)
    for line in everybody.people:
        if line.person.login == login:
            return line, everybody
    raise NotFound("login_unknown", "Nobody signs in as “{login}”.", login=login)


def _grouped(pairs: Iterable[tuple[str, Key]]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
