"""Who works at Veltra, in which queues, with which levels; all sign in with one password that the welcome shows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from engine.actions.keep_people import NewPerson, add_person, lead_queue
from engine.actions.set_absence import Away, set_absence
from engine.commands.house import furnish
from engine.model.passwords import hash_password
from engine.model.people import SYSTEM, Role
from engine.store import settings
from engine.store.transaction import Store, Tx

PASSWORD = "makegood-demo"  # for everybody to see, and for demonstrations only
ZONE = "Europe/Warsaw"
COMPANY = {
    "name": "Veltra",
    "address": "ul. Przemysłowa 12, 61-579 Poznań, Poland",
    "email": "complaints@veltra.example",
    "phone": "+48 61 555 01 00",
    "country": "PL",
    "zone": ZONE,
    "ombudsman": "the Trade Inspection’s consumer arbitration in your region",
}


@dataclass(frozen=True, slots=True)
class Veltran:
    """Somebody at Veltra."""

    login: str
    name: str
    roles: str
    queues: str = ""
    leads: str = ""
    levels: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the welcome: who to sign in as, and to see what."""

    login: str
    name: str
    task: str


EVERYBODY = (
    Veltran("anna", "Anna Kowalska", "clerk", "front_office"),
    Veltran("ben", "Ben Fischer", "specialist", "technical"),
    Veltran("clara", "Clara Jensen", "lead", "front_office energy", "front_office energy"),
    Veltran("david", "David Okoro", "lead", "technical", "technical partner"),
    Veltran("eva", "Eva Novák", "manager", "special_mode", "special_mode", "regional"),
    Veltran("filip", "Filip Zieliński", "manager", "special_mode", "", "regional director"),
    Veltran("greta", "Greta Lindqvist", "designer"),
    Veltran("henry", "Henry Adeyemi", "administrator"),
    Veltran("iga", "Iga Wrońska", "specialist", "technical energy", language="pl"),
    Veltran("jan", "Jan Mazur", "clerk", "front_office", language="pl"),
    Veltran("karin", "Karin Vogel", "clerk", "front_office partner"),
    Veltran("luis", "Luis Romero", "specialist", "technical partner"),
    Veltran("maja", "Maja Sobczak", "specialist", "energy", language="pl"),
    Veltran("nadia", "Nadia Haddad", "lead", "financial fraud", "financial fraud"),
    Veltran("oskar", "Oskar Lind", "specialist", "financial"),
    Veltran("paula", "Paula Martín", "clerk", "front_office"),
    Veltran("quinn", "Quinn Baker", "specialist", "fraud technical"),
    Veltran("rosa", "Rosa Pietrzak", "clerk", "front_office energy", language="pl"),
    Veltran("stefan", "Stefan Brandt", "manager", "special_mode", "", "regional director"),
    Veltran("teresa", "Teresa Gómez", "specialist", "technical"),
)
_SHOWN = {
    "anna": "clerk: takes complaints in and checks them",
    "ben": "specialist: works technical cases",
    "clara": "lead of front office and energy",
    "eva": "manager: load, clocks, special mode up to 5,000",
    "filip": "manager and director: special mode without limit",
    "greta": "designer: processes, forms, tables",
    "henry": "administrator: incidents, jobs, people",
}


def shown_people() -> tuple[Shown, ...]:
    """The people whom the welcome offers, one for each role."""
    names = {person.login: person.name for person in EVERYBODY}
    return tuple(Shown(login, names[login], task) for login, task in _SHOWN.items())


def hire(store: Store) -> None:
    """Furnish the house and let everybody in; Jan is away this week, and Anna stands in."""
    hashed = hash_password(PASSWORD, salt=secrets.token_bytes(16))
    with store.begin(SYSTEM) as tx:
        furnish(tx)
        for key, value in COMPANY.items():
            settings.put_setting(tx, f"company.{key}", value)
        for person in EVERYBODY:
            add_person(tx, newcomer(person, hashed))
        for person in EVERYBODY:
            for queue in person.leads.split():
                lead_queue(tx, queue, person.login)


def send_away(tx: Tx, login: str, substitute: str) -> None:
    """Let a person be absent from yesterday for ten days; the actor enters it."""
    today = tx.now.date()
    away = Away(
        first_day=today - timedelta(days=1), last_day=today + timedelta(days=8), substitute=substitute, note="Leave"
    )
    set_absence(tx, login, away)


def newcomer(person: Veltran, hashed: str) -> NewPerson:
    """The person as the house takes somebody in."""
    return NewPerson(
        login=person.login,
        name=person.name,
        email=f"{person.login}@veltra.example",
        roles=tuple(Role(role) for role in person.roles.split()),
        queues=tuple(person.queues.split()),
        levels=tuple(person.levels.split()),
        language=person.language,
        zone=ZONE,
        password_hash=hashed,
    )
