"""A process of its own that registers cases, each with a job, until a crash point ends it: python register_and_die.py DATABASE."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.jobs import Handlers, OuterHandler, drain, enqueue
from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.running import Job
from engine.store import audit, counters, numbers, rows
from engine.store.sqlite import SqliteDatabase
from engine.store.transaction import Store, Tx

CASES = 6


def register(store: Store) -> None:
    """Register one case and say so once it is acknowledged."""
    with store.begin(SYSTEM) as tx:
        number = f"C-{numbers.next_number(tx, 'case')}"
        case = Case(id=tx.new_id(), number=number, opened_at=tx.now)
        rows.insert(tx, case)
        audit.append(tx, case.id, "registered", {"number": number})
        counters.add(tx, "cases", "all", 1)
        enqueue(tx, "classify", {"case": case.id})
        enqueue(tx, "send", {"case": case.id})
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def classify(tx: Tx, job: Job) -> None:
    """Change the case, as an inner job does."""
    case = rows.get(tx, Case, str(job.args["case"]))
    rows.update(tx, Case, case.id, priority=case.priority - 1)
    audit.append(tx, case.id, "classified", {})


def record(tx: Tx, job: Job, result: object) -> None:
    """Keep that the letter was accepted."""
    audit.append(tx, str(job.args["case"]), "sent", {"result": result})


HANDLERS: Handlers = {
    "classify": classify,
    "send": OuterHandler(lambda tx, job: job.args["case"], lambda case: "accepted", record),
}


def main() -> None:
    """Register, run the jobs, register again."""
    store = Store(SqliteDatabase(str(Path(sys.argv[1]))))
    for _ in range(CASES // 2):
        register(store)
    drain(store, HANDLERS)
    for _ in range(CASES // 2):
        register(store)
    drain(store, HANDLERS)


if __name__ == "__main__":
    main()
