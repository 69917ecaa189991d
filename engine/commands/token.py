"""`makegood token` gives programs a key to the API; it is printed once and kept as a hash only."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import timedelta

from engine.actions.create_token import NewToken, create_token, revoke_token
from engine.commands.command import Command, opened
from engine.commands.terminal import Terminal
from engine.model.people import SYSTEM, Person, Token
from engine.store import rows
from engine.wiring import Engine


def arguments(parser: ArgumentParser) -> None:
    """Take what to do."""
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    create = what.add_parser("create", help="make a token and print it, once")
    create.add_argument("login", help="the person as whom the program acts")
    create.add_argument("--name", required=True, help="which program it is for")
    create.add_argument("--days", type=days, help="how long it lasts; without it, until it is revoked")
    what.add_parser("list", help="show the tokens, without their secrets")
    what.add_parser("revoke", help="refuse a token from now on").add_argument("id")


def days(text: str) -> int:
    """Read a number of days from 1 on."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 3650:
        raise ArgumentTypeError("write a number of days from 1 to 3650")
    return int(text)


def run(args: Namespace, terminal: Terminal) -> int:
    """Do it."""
    with opened() as engine:
        if args.what == "create":
            create(engine, args, terminal)
        elif args.what == "list":
            show(engine, terminal)
        else:
            with engine.begin(SYSTEM) as tx:
                token = revoke_token(tx, args.id)
            terminal.say(f"“{token.name}” is refused from now on.")
    return 0


def create(engine: Engine, args: Namespace, terminal: Terminal) -> None:
    """Print the new token alone on the output, what to know about it beside."""
    plain = f"mg_{secrets.token_urlsafe(32)}"
    with engine.begin(SYSTEM) as tx:
        expires = tx.now + timedelta(days=args.days) if args.days else None
        token = create_token(tx, args.login, NewToken(name=args.name, plain=plain, expires_at=expires))
    terminal.tell(f"Token {token.id} acts as {args.login}. This is the only time that it is shown:")
    terminal.say(plain)


def show(engine: Engine, terminal: Terminal) -> None:
    """Print every token: whose, what for, when used, whether it still counts."""
    with engine.read(SYSTEM) as tx:
        logins = {person.id: person.login for person in rows.find(tx, Person)}
        for token in rows.find(tx, Token, order_by="created_at, id"):
            state = "revoked" if token.revoked_at else "expired" if is_over(token, engine) else "in use"
            used = f"last used {token.used_at:%Y-%m-%d %H:%M}" if token.used_at else "never used"
            terminal.say(f"{token.id}  {logins[token.person_id]:<12} {state:<8} {used}  {token.name}")


def is_over(token: Token, engine: Engine) -> bool:
    """Whether its end has passed."""
    return token.expires_at is not None and token.expires_at <= engine.store.clock()


COMMAND = Command("token", "give programs a key to the API", arguments, run)
