"""`makegood migrate-store` moves a stopped installation to another database, and lets nothing count that is not the same there."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

from engine.commands.command import Command
from engine.commands.holding import patiently_hold
from engine.commands.terminal import Terminal
from engine.model.errors import NotFound, StorageTrouble
from engine.model.people import SYSTEM
from engine.settings import Settings
from engine.store.anchors import AUDIT_KEY, key_in
from engine.store.connection import Database, utc_now
from engine.store.opening import opened, upgraded
from engine.store.snapshots import move
from engine.store.transaction import Store
from engine.wiring import NO_ZONE, build


def arguments(parser: ArgumentParser) -> None:
    """Take from where, and to where."""
    parser.add_argument("source", metavar="FROM", help="sqlite:///path/to/makegood.db or postgresql+psycopg://…")
    parser.add_argument("target", metavar="TO", help="an empty database: postgresql+psycopg://… or sqlite:///path")


def run(args: Namespace, terminal: Terminal) -> int:
    """Move it, verify rows and chains, and say which settings name the new place."""
    settings = Settings.from_environment()
    source, target = settings.at(args.source, named="FROM"), settings.at(args.target, named="TO")
    if not source.is_postgres and not source.database_path.exists():
        raise NotFound("nothing_to_move", "There is no database at {path}.", path=source.database_name)
    keys = folder_of_keys(source, target)
    with held({keys, *(each.database_path.parent for each in (source, target) if not each.is_postgres)}):
        require_key(database_of(source), keys)
        upgraded(target.database_url, target.database_path, now=utc_now())
        total = move(database_of(source), database_of(target))
        terminal.say(f"{total} rows moved from {source.database_name} to {target.database_name}, each compared.")
        verify(replace(target, data_dir=keys, zone=NO_ZONE))
    terminal.say("Every audit chain and every anchor verifies there.")
    terminal.say(
        f"From now on set MAKEGOOD_DATABASE_URL to {target.database_address} (with its password, if it has one)."
    )
    if keys != settings.data_dir:
        terminal.say(f"Let MAKEGOOD_DATA_DIR be {keys}: the keys of this installation lie there.")
    return 0


def folder_of_keys(source: Settings, target: Settings) -> Path:
    """The data folder, or, where it has no keys, the folder of a SQLite file that has them beside it."""
    files = [each.database_path.parent for each in (source, target) if not each.is_postgres]
    return next((each for each in (source.data_dir, *files) if (each / AUDIT_KEY).exists()), source.data_dir)


@contextmanager
def held(folders: set[Path]) -> Iterator[None]:
    """Hold folders; raise Conflict where a process works on one. PostgreSQL itself knows who works on it."""
    with ExitStack() as stack:
        for folder in sorted(folders):
            stack.callback(patiently_hold(Settings(data_dir=folder)).release)
        yield


def require_key(source: Database, folder: Path) -> None:
    """Raise StorageTrouble, before anything moves, where the key that sealed the audit trail is not in the folder."""
    with closing(Store(source)) as store, store.read(SYSTEM) as tx:
        key_in(tx, folder)


def verify(target: Settings) -> None:
    """Recompute every chain in the new place; raise StorageTrouble where one does not hold."""
    with closing(build(target)) as engine:
        faults = engine.verify_audit()
    if faults:
        raise StorageTrouble(
            "moved_with_faults",
            "The rows are the same, but the audit trail does not hold, there as here: {first} Ask “makegood audit verify” for all.",
            first=str(faults[0].message),
        )


def database_of(settings: Settings) -> Database:
    """Open the database that the settings name."""
    return opened(settings.database_url, settings.database_path, now=utc_now())


COMMAND = Command("migrate-store", "move a stopped installation to another database", arguments, run)
