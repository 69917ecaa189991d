"""What the frame of every page shows: whether this is a demonstration, and how many notices wait for the reader."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.people import Notice, Person, Role
from engine.store import people, rows, settings
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ShellFacts:
    """`unread` counts the actor's own notices only."""

    is_demo: bool
    unread: int


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody whom the sign-in page offers while this is a demonstration."""

    login: str
    name: str
    roles: tuple[str, ...]


def shell_facts(tx: Tx) -> ShellFacts:
    """The facts for the actor; nobody has no notices."""
    person = tx.actor.person_id
    unread = 0 if person is None else rows.count(tx, Notice, person_id=person, read_at=None)
    return ShellFacts(is_demonstration(tx), unread)


def is_demonstration(tx: Tx) -> bool:
    """Whether the data here are the demo company's."""
    return settings.setting(tx, "demo") not in ("", "0", "none", "false")


def demo_people(tx: Tx) -> list[DemoPerson]:
    """The people to sign in as, in order of role; none where the data are real."""
    if not is_demonstration(tx):
        return []
    found = []
    for person in rows.find(tx, Person, order_by="login", active=True):
        roles = tuple(sorted(people.actor_of(tx, person.id).roles, key=list(Role).index))
        found.append(DemoPerson(person.login, person.name, roles))
    return sorted(found, key=lambda each: [list(Role).index(Role(role)) for role in each.roles] or [99])
