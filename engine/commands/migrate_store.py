"""`makegood migrate-store` moves a stopped installation to another database, and lets nothing count that is not the same there."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from dataclasses import replace

from engine.commands.command import Command
from engine.commands.holding import patiently_hold
from engine.commands.terminal import Terminal
from engine.model.errors import NotFound, StorageTrouble
from engine.settings import Settings
from engine.store.connection import Database, utc_now
from engine.store.opening import opened, upgraded
from engine.store.snapshots import move
from engine.wiring import build


def arguments(parser: ArgumentParser) -> None:
    """Take from where, and to where."""
    parser.add_argument("source", metavar="FROM", help="sqlite:///path/to/makegood.db or postgresql+psycopg://…")
    parser.add_argument("target", metavar="TO", help="an empty database: postgresql+psycopg://… or sqlite:///path")


def run(args: Namespace, terminal: Terminal) -> int:
    """Move it, verify rows and chains, and say which setting names the new place."""
    settings = Settings.from_environment()
    source, target = settings.at(args.source, named="FROM"), settings.at(args.target, named="TO")
    if not source.is_postgres and not source.database_path.exists():
        raise NotFound("nothing_to_move", "There is no database at {path}.", path=source.database_name)
    lock = patiently_hold(settings)
    try:
        upgraded(target.database_url, target.database_path, now=utc_now())
        total = move(database_of(source), database_of(target))
        terminal.say(f"{total} rows moved from {source.database_name} to {target.database_name}, each compared.")
        verify(target)
    finally:
        lock.release()
    terminal.say("Every audit chain and every anchor verifies there.")
    terminal.say(
        f"From now on set MAKEGOOD_DATABASE_URL to {target.database_address} (with its password, if it has one)."
    )
    return 0


def verify(target: Settings) -> None:
    """Recompute every chain in the new place; raise StorageTrouble where one does not hold."""
    with closing(build(replace(target, zone="UTC"))) as engine:
        faults = engine.verify_audit()
    if faults:
        raise StorageTrouble(
            "moved_with_faults",
            "The rows are the same, but the audit trail has {count} faults; the first: {first} They were there before.",
            count=len(faults),
            first=str(faults[0].message),
        )


def database_of(settings: Settings) -> Database:
    """Open the database that the settings name."""
    return opened(settings.database_url, settings.database_path, now=utc_now())


COMMAND = Command("migrate-store", "move a stopped installation to another database", arguments, run)
