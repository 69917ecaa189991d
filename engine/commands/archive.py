"""`makegood archive` moves cases that were closed long ago into a file, and brings one back from it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path

from engine.actions.archive_cases import Ready, archivable, archive_cases, pack
from engine.actions.bring_back_case import archived, bring_back
from engine.commands.command import Command, opened
from engine.commands.terminal import Terminal
from engine.model.errors import Invalid, MakegoodError
from engine.model.people import SYSTEM
from engine.store.archive_file import unpacked
from engine.store.backup import ARCHIVES
from engine.wiring import Engine

AT_ONCE = 500
"""So many cases go into one file, and out of the database in one transaction of about a second; others write in between."""


def arguments(parser: ArgumentParser) -> None:
    """Take a day, or the number of a case."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--before", metavar="DATE", help="archive cases closed before this day, as 2025-01-31")
    what.add_argument("--bring-back", metavar="NUMBER", help="put an archived case back on the desk")
    parser.add_argument("--dry-run", action="store_true", help="say which cases would be archived, and do nothing")
    parser.add_argument("--file", type=Path, help="where the archive lies now, with --bring-back")


def run(args: Namespace, terminal: Terminal) -> int:
    """Do it."""
    if args.bring_back is not None and args.dry_run:
        raise Invalid("dry_run_alone", "--dry-run goes with --before: bringing a case back removes nothing.")
    if args.before is not None and args.file is not None:
        raise Invalid("file_alone", "--file goes with --bring-back: archives are written to a new file each time.")
    before = day_of(args.before) if args.before is not None else None
    with opened() as engine:
        if before is None:
            return return_case(engine, str(args.bring_back), args.file, terminal)
        return archive(engine, before, terminal, is_dry=args.dry_run)


def archive(engine: Engine, before: date, terminal: Terminal, *, is_dry: bool) -> int:
    """Write the files, then remove what each holds; give 1 where a case must stay because its trail does not hold."""
    with engine.read(SYSTEM) as tx:
        ready = archivable(tx, before)
        if is_dry or not ready.cases:
            return foretell(ready, before, terminal)
        pieces = [ready.cases[first : first + AT_ONCE] for first in range(0, len(ready.cases), AT_ONCE)]
        written = [pack(tx, piece, before, folder=engine.settings.data_dir / ARCHIVES) for piece in pieces]
    for place, packed in enumerate(written):
        try:
            with engine.begin(SYSTEM) as tx:
                archive_cases(tx, packed, before)
        except MakegoodError:
            for left in written[place:]:
                left.path.unlink(missing_ok=True)
            raise
        size = packed.path.stat().st_size
        terminal.say(
            f"{len(packed.cases)} cases closed before {before} are archived in {packed.path} ({size / 1e6:.1f} MB)."
        )
        terminal.say(f"SHA-256 {packed.digest}. Keep a copy of it: the database holds them no more.")
    return tell_broken(ready, terminal)


def foretell(ready: Ready, before: date, terminal: Terminal) -> int:
    """Say which cases would go."""
    if not ready.cases:
        terminal.say(f"No case was closed before {before} for which nothing is left to do.")
    else:
        terminal.say(f"{len(ready.cases)} cases closed before {before} would be archived; nothing was changed:")
    for case in ready.cases:
        terminal.say(f"  {case.number}  closed {case.closed_at:%Y-%m-%d}")
    return tell_broken(ready, terminal)


def tell_broken(ready: Ready, terminal: Terminal) -> int:
    """Name what stays."""
    for case in ready.broken:
        terminal.tell(
            f"{case.number} stays: its audit trail does not hold. Look at “makegood audit verify {case.number}”."
        )
    return 1 if ready.broken else 0


def return_case(engine: Engine, number: str, file: Path | None, terminal: Terminal) -> int:
    """Put the case back from its file."""
    with engine.read(SYSTEM) as tx:
        left, event = archived(tx, number)
    path = file or engine.settings.data_dir / ARCHIVES / event.file
    found, files = unpacked(path, event, left.id)
    with engine.begin(SYSTEM) as tx:
        bring_back(tx, left.number, found, files)
    terminal.say(f"{left.number} is back on the desk, as it was when it was archived on {event.at:%Y-%m-%d}.")
    terminal.say(f"{path} still holds it, beside the others.")
    return 0


def day_of(text: str) -> date:
    """The day; raise Invalid with how to write one."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("date_wrong", "“{text}” is no date. Write it as 2025-01-31.", text=text) from error


COMMAND = Command("archive", "move cases closed long ago into a file, or bring one back", arguments, run)
