"""`makegood import complaints` registers the rows of a file as cases, each exactly once however often it is run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from engine.commands.command import Command, opened
from engine.commands.holding import is_held
from engine.commands.import_batches import PAUSE, Import, Plan
from engine.commands.import_report import report
from engine.commands.import_rows import Reading, days_of, mapping_of, read_rows
from engine.commands.terminal import Terminal
from engine.model.errors import Conflict
from engine.model.people import SYSTEM
from engine.wiring import Engine


def arguments(parser: ArgumentParser) -> None:
    """Take what to import and how to read it."""
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    own = what.add_parser("complaints", help="a CSV file, plain or packed with gzip, one complaint a row")
    own.add_argument("file", type=Path, metavar="FILE.csv[.gz]")
    own.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help="where a column has another name"
    )
    own.add_argument("--country", default="", help="of rows that name none, such as US")
    own.add_argument("--segment", default="", help="of customers whose row names none")
    own.add_argument("--language", default="en", help="of the texts (default: %(default)s)")
    own.add_argument("--source", default="", help="where the ids are from; without it, the file's name")
    own.add_argument(
        "--date-format", default="", metavar="FORMAT", help="such as %%d/%%m/%%Y; an ambiguous date needs it"
    )
    own.add_argument(
        "--received",
        choices=("now", "column"),
        default="column",
        help="whether a dated row was received on its date or now (default: %(default)s)",
    )
    own.add_argument("--limit", type=int, default=0, help="stop after so many rows")
    own.add_argument("--dry-run", action="store_true", help="read everything, register nothing")


def run(args: Namespace, terminal: Terminal) -> int:
    """Import the file and close with a report."""
    plan = Plan(
        source=args.source or args.file.name.split(".")[0],
        country=args.country.strip().upper(),
        segment=args.segment.strip().lower(),
        language=args.language,
        by_column=args.received == "column",
        dry_run=args.dry_run,
    )
    columns = mapping_of(args.map)
    rows = read_rows(args.file, Reading(columns, days_of(args.file, columns, args.date_format)))
    with opened() as engine:
        refuse_unprepared(engine)
        done = Import(engine, plan, terminal, pause=PAUSE if is_held(engine.settings) else 0)
        try:
            done.take(rows, limit=args.limit)
        finally:
            report(done, terminal)
    return 0


def refuse_unprepared(engine: Engine) -> None:
    """Raise Conflict where no process is deployed that could take complaints."""
    with engine.read(SYSTEM) as tx:
        if tx.catalog.newest_or_none("complaint") is None:
            raise Conflict(
                "not_prepared",
                "No process for complaints is deployed here yet. Run makegood demo --none (or makegood deploy) first.",
            )


COMMAND = Command("import", "bring complaints in from a file", arguments, run)
