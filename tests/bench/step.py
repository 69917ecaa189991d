"""What a durable step costs, measured beside a bare commit of one row on the same disk, and beside stock SpiffWorkflow."""

from __future__ import annotations

import io
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from engine.actions.claim_task import claim_task
from engine.actions.complete_task import Answer, complete_task
from engine.actions.register_case import Registration, register_case
from engine.commands.demo.making import begin_empty
from engine.commands.demo.people import hire
from engine.model.people import SYSTEM
from engine.model.task import Task
from engine.settings import Settings
from engine.store import rows
from engine.wiring import Engine, build, settle_down
from tests.bench.figures import Bound, Figures, seconds_of
from tests.bench.recurring_task import complete_rounds, house_with_recurring_task, person
from tests.bench.same_complaint import ANSWERS, DATA, same_diagram

ROUNDS, CASES = 200, 40
MUST = {"bare_commits": Bound(most=4), "stock_spiffworkflow": Bound(least=10)}
TRIAGED = {"product_group": "appliance", "category": "defect", "area": "product"}


def run() -> Figures:
    """Measure a bare commit, a step, a step of the shipped complaint, and one on stock SpiffWorkflow, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        engine, shipped = house_with_recurring_task(place / "rounds", cases=CASES), begun(place / "shipped")
        registered = seconds_of([lambda: register(shipped)], ROUNDS + 10, disk=True)[0]
        shipped.settle()
        works = [
            bare_commit(place / "bare.db"),
            complete_rounds(engine),
            complete_next(shipped),
            stock_steps(place / "stock.db"),
        ]
        settle_down()  # as serving does once it has started
        bare, step, triaged, stock = seconds_of(works, ROUNDS, block=10, disk=True)
        engine.close()
        shipped.close()
    measured = {
        "bare commit of one row": (bare * 1e3, "ms"),
        "complete a task, up to the next one": (step * 1e3, "ms"),
        "register a complaint up to its first letter": (registered * 1e3, "ms"),
        "claim and complete a complaint's first task, with its tables": (triaged * 1e3, "ms"),
        "a task of the same complaint on stock SpiffWorkflow with a JSON row": (stock * 1e3, "ms"),
    }
    ratios = {
        "bare_commits": step / bare,
        "bare_commits_of_a_complaint": triaged / bare,
        "stock_spiffworkflow": stock / step,
        "stock_spiffworkflow_to_a_complaint": stock / triaged,
    }
    return Figures("step", measured, ratios, MUST)


def begun(folder: Path) -> Engine:
    """A house with the shipped processes and its people."""
    settings = Settings(data_dir=folder)
    begin_empty(settings)
    engine = build(settings)
    hire(engine.store)
    return engine


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
    anna = person(engine, "anna")
    with engine.read(SYSTEM) as tx:
        tasks = [task.id for task in rows.find(tx, Task, element_id="triage", order_by="id")]
    coming = iter(tasks)

    def complete() -> None:
        task = next(coming)
        with engine.begin(anna) as tx:
            claim_task(tx, task)
            complete_task(tx, task, Answer(data=TRIAGED, outcome="complaint"))

    return complete


def stock_steps(path: Path) -> Callable[[], object]:
    """The same complaint on SpiffWorkflow as it comes: its own JSON in one row, read and written for each task."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE instance (id INTEGER PRIMARY KEY, state TEXT)"
    )
    serializer: Any = BpmnWorkflowSerializer()
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(same_diagram()), "complaint.bpmn")
    fresh: Any = BpmnWorkflow(parser.get_spec("complaint"), parser.get_subprocess_specs("complaint"))
    fresh.task_tree.data.update(DATA)
    fresh.do_engine_steps()
    first = serializer.serialize_json(fresh)
    database.execute("INSERT INTO instance VALUES (1, ?)", (first,))

    def complete() -> None:
        database.execute("BEGIN IMMEDIATE")
        text = database.execute("SELECT state FROM instance WHERE id = 1").fetchone()[0]
        workflow: Any = serializer.deserialize_json(text)
        task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
        task.data.update(ANSWERS.get(task.task_spec.bpmn_id, {}))
        task.run()
        workflow.do_engine_steps()
        kept = first if workflow.is_completed() else serializer.serialize_json(workflow)
        database.execute("UPDATE instance SET state = ? WHERE id = 1", (kept,))
        database.execute("COMMIT")

    return complete
