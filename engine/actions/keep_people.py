"""Administrators keep the people: who signs in, what for, and with which password; nobody is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.actions.permission import require_role
from engine.model.errors import Conflict, FieldError, Invalid, Message, NotFound
from engine.model.people import (
    ApprovalLevel,
    Person,
    PersonLevel,
    PersonRole,
    Queue,
    QueueMember,
    Role,
    Session,
)
from engine.model.zones import zone_named
from engine.store import people, rows
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody who is to sign in; `password_hash` is made outside the transaction, for it takes its time."""

    login: str
    name: str
    email: str = ""
    roles: tuple[Role, ...] = ()
    queues: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    language: str = "en"
    zone: str = "UTC"
    password_hash: str = ""


def add_person(tx: Tx, new: NewPerson) -> Person:
    """Add a person; raise Invalid naming every fault, Conflict where the login is taken."""
    require_role(tx, Role.ADMINISTRATOR)
    login = new.login.strip().lower()
    if not login or not login.replace(".", "").replace("-", "").replace("_", "").isalnum():
        fault = FieldError("login", Message("login_wrong", "Use letters, digits, dots, dashes and underscores."))
        raise Invalid("person_invalid", "The person cannot be added.", fields=[fault])
    if people.by_login(tx, login) is not None:
        raise Conflict("login_taken", "Somebody signs in as “{login}” already.", login=login)
    person = Person(
        id=tx.new_id(),
        login=login,
        name=new.name.strip() or login,
        email=new.email.strip(),
        password_hash=new.password_hash,
        language=new.language,
        zone=zone_named(new.zone).key,
        created_at=tx.now,
    )
    rows.insert(tx, person)
    _put_roles(tx, person, new.roles)
    _put_queues(tx, person, new.queues)
    _put_levels(tx, person, new.levels)
    return person


def set_roles(tx: Tx, login: str, roles: Iterable[Role]) -> Person:
    """Replace what a person is here for."""
    require_role(tx, Role.ADMINISTRATOR)
    person = person_signing_in_as(tx, login)
    _put_roles(tx, person, roles)
    return person


def set_queues(tx: Tx, login: str, queues: Iterable[str]) -> Person:
    """Replace the queues whose work a person sees; raise NotFound for an unknown one."""
    require_role(tx, Role.ADMINISTRATOR)
    person = person_signing_in_as(tx, login)
    _put_queues(tx, person, queues)
    return person


def set_levels(tx: Tx, login: str, levels: Iterable[str]) -> Person:
    """Replace how much a person may decide about; raise NotFound for an unknown level."""
    require_role(tx, Role.ADMINISTRATOR)
    person = person_signing_in_as(tx, login)
    _put_levels(tx, person, levels)
    return person


def set_password(tx: Tx, login: str, *, password_hash: str) -> Person:
    """Give a person a new password; all sign-ins with the old one end."""
    require_role(tx, Role.ADMINISTRATOR)
    person = person_signing_in_as(tx, login)
    rows.update(tx, Person, person.id, password_hash=password_hash)
    rows.update_where(tx, Session, {"revoked_at": tx.now}, person_id=person.id, revoked_at=None)
    return person


def set_active(tx: Tx, login: str, *, active: bool) -> Person:
    """Let a person sign in, or no longer; what they did stays theirs, what they hold is for their leads to move."""
    require_role(tx, Role.ADMINISTRATOR)
    person = person_signing_in_as(tx, login)
    rows.update(tx, Person, person.id, active=active)
    if not active:
        rows.update_where(tx, Session, {"revoked_at": tx.now}, person_id=person.id, revoked_at=None)
    return person


def person_signing_in_as(tx: Tx, login: str) -> Person:
    """The person; raise NotFound with what to do."""
    require_role(tx, Role.ADMINISTRATOR)
    person = people.by_login(tx, login.strip().lower())
    if person is None:
        raise NotFound("login_unknown", "Nobody signs in as “{login}”. Look at makegood user list.", login=login)
    return person


def _put_roles(tx: Tx, person: Person, roles: Iterable[Role]) -> None:
    """Write the roles of a person."""
    rows.delete(tx, PersonRole, person_id=person.id)
    rows.insert_many(tx, [PersonRole(person_id=person.id, role=role) for role in sorted(set(roles))])


def _put_queues(tx: Tx, person: Person, queues: Iterable[str]) -> None:
    """Write the queues of a person."""
    wanted = sorted(set(queues))
    for key in wanted:
        people.queue_named(tx, key)
    rows.delete(tx, QueueMember, person_id=person.id)
    rows.insert_many(tx, [QueueMember(queue_key=key, person_id=person.id) for key in wanted])


def _put_levels(tx: Tx, person: Person, levels: Iterable[str]) -> None:
    """Write the approval levels of a person."""
    wanted = sorted(set(levels))
    known = {level.key for level in rows.find(tx, ApprovalLevel)}
    for key in wanted:
        if key not in known:
            raise NotFound(
                "level_unknown",
                "There is no approval level “{level}”. There are: {known}.",
                level=key,
                known=", ".join(sorted(known)) or "–",
            )
    rows.delete(tx, PersonLevel, person_id=person.id)
    rows.insert_many(tx, [PersonLevel(person_id=person.id, level_key=key) for key in wanted])


def lead_queue(tx: Tx, queue: str, login: str) -> None:
    """Make a person the lead of a queue."""
    require_role(tx, Role.ADMINISTRATOR)
    person = person_signing_in_as(tx, login)
    people.queue_named(tx, queue)
    rows.update(tx, Queue, queue, lead_id=person.id)
