"""`makegood backup` writes one file while the desk works; `makegood restore` puts it back, verified, while it does not."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from engine.commands.command import Command
from engine.commands.holding import patiently_hold
from engine.commands.terminal import Terminal
from engine.model.errors import Conflict
from engine.settings import Settings
from engine.store.backup import ARCHIVES, back_up, require_backup, restore
from engine.store.connection import utc_now
from engine.store.snapshots import put_snapshot, write_snapshot


def backup_arguments(parser: ArgumentParser) -> None:
    """Take where to write."""
    parser.add_argument("target", type=Path, metavar="TARGET", help="the file to write, or a folder for it")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run_backup(args: Namespace, terminal: Terminal) -> int:
    """Write the backup and say what it holds."""
    settings = Settings.from_environment()
    now = utc_now()
    target: Path = args.target
    if target.is_dir():
        target = target / f"makegood-{now:%Y%m%dT%H%M%S}.backup"
    if target.exists() and not args.force:
        raise Conflict(
            "backup_there", "{path} is there already. Choose another name, or add --force.", path=str(target)
        )
    made = back_up(snapshot_of(settings, now), settings.data_dir, target, now=now)
    size = target.stat().st_size
    terminal.say(
        f"{target}: {size / 1e6:.1f} MB, schema {made.revision}, {len(made.digests)} files, each with its digest."
    )
    if made.archives:
        terminal.say(f"Archived cases are not in it. Keep a copy of these files of {settings.data_dir / ARCHIVES} too:")
    for name in made.archives:
        terminal.say(f"  {name}{'' if (settings.data_dir / ARCHIVES / name).exists() else '  (not there now)'}")
    return 0


def restore_arguments(parser: ArgumentParser) -> None:
    """Take the file."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a backup that makegood backup wrote")


def run_restore(args: Namespace, terminal: Terminal) -> int:
    """Put the backup back; what was there moves aside."""
    settings = Settings.from_environment()
    now = utc_now()
    lock = patiently_hold(settings)
    was_there = settings.database_path.exists()
    try:
        require_backup(args.file)
        aside = settings.data_dir / "backups" / f"before-restore-{now:%Y%m%dT%H%M%S}.backup"
        if settings.is_postgres:
            back_up(snapshot_of(settings, now), settings.data_dir, aside, now=now)
        put = partial(put_snapshot, settings.database_url, settings.database_path, now=now)
        found = restore(args.file, put, settings.data_dir)
    finally:
        lock.release()
    terminal.say(f"Restored the backup of {found.made_at} to {settings.database_name}.")
    if settings.is_postgres:
        terminal.say(f"What was there before is a backup: {aside}.")
    elif was_there:
        terminal.say("What was there before lies beside it, with “before-restore” in its name.")
    for name in found.archives:
        if not (settings.data_dir / ARCHIVES / name).exists():
            terminal.tell(
                f"Archived cases lie in {name}, which is not in {settings.data_dir / ARCHIVES}: copy it there."
            )
    return 0


def snapshot_of(settings: Settings, now: datetime) -> Callable[[Path], None]:
    """What writes all there is now into a file."""
    return lambda target: write_snapshot(settings.database_url, settings.database_path, target, now=now)


BACKUP = Command("backup", "write everything into one file, while the desk works", backup_arguments, run_backup)
RESTORE = Command("restore", "put a backup back after verifying it", restore_arguments, run_restore)
