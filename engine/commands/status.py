"""`makegood status` tells in figures how the desk stands."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from engine.commands.command import Command, opened
from engine.commands.terminal import Terminal, table_lines
from engine.model.case import Case, CaseStatus
from engine.model.people import SYSTEM
from engine.model.running import Incident, IncidentState, Job, JobState
from engine.queries.health import NO_WORKER, has_worker
from engine.store import rows, timers
from engine.store.task_legs import OPEN
from engine.store.transaction import Tx

_TASKS = f"SELECT queue, count(*) FROM task WHERE {OPEN} GROUP BY queue ORDER BY queue"


def arguments(parser: ArgumentParser) -> None:
    """Take --json."""
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: Namespace, terminal: Terminal) -> int:
    """Print the figures."""
    with opened() as engine, engine.read(SYSTEM) as tx:
        figures = figures_of(tx)
    if figures.get("worker") == "none":
        terminal.tell(str(NO_WORKER))
    if args.json:
        terminal.json(figures)
        return 0
    for name, value in figures.items():
        if isinstance(value, dict):
            terminal.say(f"{name.replace('_', ' ')}:")
            for line in table_lines(value):
                terminal.say(line)
        else:
            terminal.say(f"{name.replace('_', ' ')}: {value}")
    return 0


def figures_of(tx: Tx) -> dict[str, object]:
    """Count cases, tasks, timers, jobs and incidents; on PostgreSQL, say whether a worker is alive."""
    worker = has_worker(tx)
    return {
        "cases": rows.count(tx, Case),
        "cases_open": rows.count(tx, Case, status=CaseStatus.OPEN),
        "cases_by_stage": counted(tx, "SELECT stage, count(*) FROM case_file GROUP BY stage ORDER BY stage"),
        "tasks_by_queue": counted(tx, _TASKS),
        "cases_by_category": counted(
            tx, "SELECT category, count(*) FROM case_file GROUP BY category ORDER BY category"
        ),
        "timers_pending": timers.count_pending(tx),
        "jobs_pending": rows.count(tx, Job, state=(JobState.PENDING, JobState.RUNNING)),
        "incidents": rows.count(tx, Incident, state=IncidentState.OPEN),
        **({} if worker is None else {"worker": "alive" if worker else "none"}),
    }


def counted(tx: Tx, query: str) -> dict[str, int]:
    """Names and counts of a query."""
    return {str(name): int(count) for name, count in rows.fetch(tx, query)}


COMMAND = Command("status", "tell in figures how the desk stands", arguments, run)
