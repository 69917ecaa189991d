"""What a durable step costs, measured beside a bare commit of one row on the same disk."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from engine.actions.claim_task import claim_task
from engine.actions.complete_task import Answer, complete_task
from engine.actions.register_case import Registration, register_case
from engine.commands.demo.making import begin_empty
from engine.commands.demo.people import hire
from engine.model.people import SYSTEM, Actor
from engine.model.task import Task
from engine.settings import Settings
from engine.store import people, rows
from engine.wiring import Engine, build
from tests.bench.figures import Bound, Figures, seconds_of

ROUNDS = 150
MUST = {"bare_commits": Bound(most=4)}
TRIAGED = {"product_group": "appliance", "category": "defect", "area": "product"}


def run() -> Figures:
    """Measure a bare commit, a registration, and a claim with its completion."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder) / "data")
        begin_empty(settings)
        engine = build(settings)
        hire(engine.store)
        registered = seconds_of([lambda: register(engine)], ROUNDS, disk=True)[0]
        engine.settle()
        bare, completed = seconds_of(
            [bare_commit(Path(folder) / "bare.db"), complete_next(engine)], ROUNDS - 10, block=10, disk=True
        )
        engine.close()
    measured = {
        "bare commit of one row": (bare * 1e3, "ms"),
        "register a case up to its first letter": (registered * 1e3, "ms"),
        "claim and complete a task, up to the next one": (completed * 1e3, "ms"),
    }
    return Figures("step", measured, {"bare_commits": completed / bare}, MUST)


def bare_commit(path: Path) -> Callable[[], object]:
    """Insert one row and commit, as durably as the store does."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE row (value TEXT)")

    def commit() -> None:
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO row VALUES ('x')")
        database.execute("COMMIT")

    return commit


def register(engine: Engine) -> None:
    """Register one complaint."""
    with engine.begin(SYSTEM) as tx:
        register_case(tx, Registration(subject="A kettle that leaks", description="It leaks since Monday."))


def complete_next(engine: Engine) -> Callable[[], object]:
    """Let Anna check the classification of one case after the other."""
    with engine.read(SYSTEM) as tx:
        anna: Actor = people.actor_of(tx, next(person.id for person in [people.by_login(tx, "anna")] if person))
        tasks = [task.id for task in rows.find(tx, Task, element_id="triage", order_by="id")]
    coming = iter(tasks)

    def complete() -> None:
        task = next(coming)
        with engine.begin(anna) as tx:
            claim_task(tx, task)
            complete_task(tx, task, Answer(data=TRIAGED, outcome="complaint"))

    return complete
