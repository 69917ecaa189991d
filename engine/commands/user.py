"""`makegood user` keeps the people who sign in; a password is asked for or made, never an argument."""

from __future__ import annotations

import getpass
import secrets
import sys
from argparse import ArgumentParser, Namespace

from engine.actions import keep_people
from engine.actions.keep_people import NewPerson
from engine.commands.command import Command, opened
from engine.commands.terminal import Terminal
from engine.model.errors import Invalid
from engine.model.passwords import hash_password, password_faults
from engine.model.people import SYSTEM, Person, Role
from engine.store import people, rows
from engine.store.transaction import Tx
from engine.wiring import Engine

ROLES = tuple(role.value for role in Role)
"""As people type them; a refusal lists them so."""


def arguments(parser: ArgumentParser) -> None:
    """Take what to do with whom."""
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    what.add_parser("list", help="show everybody")
    add = what.add_parser("add", help="add somebody; prints a password unless one is given on the input")
    add.add_argument("login")
    add.add_argument("--name", default="", help="as others see it")
    add.add_argument("--email", default="")
    add.add_argument("--role", action="append", default=[], choices=ROLES, help="may be given several times")
    add.add_argument("--queue", action="append", default=[], metavar="KEY", help="may be given several times")
    add.add_argument("--level", action="append", default=[], metavar="KEY", help="approval level")
    add.add_argument("--language", default="en")
    add.add_argument("--zone", default="UTC")
    for name, named, text in (
        ("roles", "role", "replace what somebody is here for"),
        ("queues", "queue", "replace whose work somebody sees"),
        ("levels", "level", "replace how much somebody may decide about"),
    ):
        replace = what.add_parser(name, help=text)
        replace.add_argument("login")
        replace.add_argument(named, nargs="*", choices=ROLES if named == "role" else None)
    lead = what.add_parser("lead", help="make somebody the lead of a queue")
    lead.add_argument("login")
    lead.add_argument("queue")
    for name, text in (
        ("password", "give somebody a new password"),
        ("deactivate", "let somebody sign in no longer"),
        ("activate", "let somebody sign in again"),
    ):
        what.add_parser(name, help=text).add_argument("login")


def run(args: Namespace, terminal: Terminal) -> int:
    """Do it."""
    with opened() as engine:
        if args.what == "list":
            show(engine, terminal)
        elif args.what == "add":
            add(engine, args, terminal)
        elif args.what == "password":
            new_password(engine, args.login, terminal)
        else:
            with engine.begin(SYSTEM) as tx:
                person = change(tx, args)
            terminal.say(f"{person.login}: done.")
    return 0


def change(tx: Tx, args: Namespace) -> Person:
    """The small changes."""
    match args.what:
        case "roles":
            return keep_people.set_roles(tx, args.login, [Role(role) for role in args.role])
        case "queues":
            return keep_people.set_queues(tx, args.login, args.queue)
        case "levels":
            return keep_people.set_levels(tx, args.login, args.level)
        case "lead":
            keep_people.lead_queue(tx, args.queue, args.login)
            return keep_people.person_signing_in_as(tx, args.login)
        case _:
            return keep_people.set_active(tx, args.login, active=args.what == "activate")


def add(engine: Engine, args: Namespace, terminal: Terminal) -> None:
    """Add somebody with a password from the input, or a new random one."""
    password, made = chosen_password(args.login)
    new = NewPerson(
        login=args.login,
        name=args.name,
        email=args.email,
        roles=tuple(Role(role) for role in args.role),
        queues=tuple(args.queue),
        levels=tuple(args.level),
        language=args.language,
        zone=args.zone,
        password_hash=hash_password(password, salt=secrets.token_bytes(16)),
    )
    with engine.begin(SYSTEM) as tx:
        person = keep_people.add_person(tx, new)
    terminal.say(f"{person.login} can sign in." + (f" The password is: {password}" if made else ""))


def new_password(engine: Engine, login: str, terminal: Terminal) -> None:
    """Set a password from the input, or a new random one; the person is signed out everywhere."""
    with engine.read(SYSTEM) as tx:
        keep_people.person_signing_in_as(tx, login)
    password, made = chosen_password(login)
    hashed = hash_password(password, salt=secrets.token_bytes(16))
    with engine.begin(SYSTEM) as tx:
        keep_people.set_password(tx, login, password_hash=hashed)
    terminal.say(f"{login}: the password is changed." + (f" It is: {password}" if made else ""))


def chosen_password(login: str) -> tuple[str, bool]:
    """The password typed or piped in, or a new one, and whether it was made here; an empty line makes one."""
    if sys.stdin.isatty():
        typed = getpass.getpass("New password (empty: one is made): ")
    else:
        typed = sys.stdin.readline().rstrip("\n")
    if not typed:
        return secrets.token_urlsafe(12), True
    faults = password_faults(typed, login=login, field="password")
    if faults:
        raise Invalid("password_refused", "This password cannot be used.", fields=faults)
    return typed, False


def show(engine: Engine, terminal: Terminal) -> None:
    """Print everybody with roles, queues and levels."""
    with engine.read(SYSTEM) as tx:
        for person in rows.find(tx, Person, order_by="login"):
            actor = people.actor_of(tx, person.id)
            parts = [
                person.name,
                ", ".join(sorted(actor.roles)) or "no role",
                f"queues: {', '.join(sorted(actor.queues))}" if actor.queues else "",
                f"leads: {', '.join(sorted(actor.leads))}" if actor.leads else "",
                f"decides: {', '.join(level.key for level in actor.levels)}" if actor.levels else "",
                "" if person.active else "not active",
            ]
            terminal.say(f"{person.login:<14} {' · '.join(part for part in parts if part)}")


COMMAND = Command("user", "keep the people who sign in", arguments, run)
