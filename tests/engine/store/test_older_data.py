"""What an older version kept is there after an upgrade, row by row, and is held together by today's keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command

from engine.model.audit import AuditEvent
from engine.model.errors import Conflict, Duplicate
from engine.model.people import SYSTEM
from engine.model.running import Deployment, Instance, Job, PathEvent, Subscription, Timer
from engine.model.task import Task, TaskState
from engine.store import audit, rows
from engine.store.connection import Database
from engine.store.opening import is_postgres, postgres_at, upgraded
from engine.store.postgres import postgres_engine
from engine.store.sqlite import SqliteDatabase, sqlite_engine
from engine.store.transaction import Store, Tx, savepoint
from engine.store.upgrade import alembic_config
from tests.databases import Databases
from tests.engine.conftest import MONDAY, HandClock, add_case

BEFORE_KEYS = "0005"
KINDS = (Task, Timer, Subscription, Job, PathEvent, AuditEvent, Instance)


@pytest.fixture
def old_url(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the version before rows were kept by their key."""
    if dialect == "sqlite":
        yield made(f"sqlite:///{tmp_path / 'makegood.db'}")
        return
    databases: Databases = request.getfixturevalue("databases")
    url = databases.copy("nothing", lambda _url: None)
    yield made(url)
    databases.drop(url)


def made(url: str) -> str:
    """The tables of the older version."""
    config = alembic_config()
    engine = postgres_engine(url) if is_postgres(url) else sqlite_engine(path_of(url))
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE_KEYS)
    engine.dispose()
    return url


def path_of(url: str) -> str:
    """Where the SQLite file is."""
    return url.removeprefix("sqlite:///")


def database_at(url: str) -> Database:
    """The database, whatever its version."""
    return postgres_at(url) if is_postgres(url) else SqliteDatabase(path_of(url))


def run_a_little(tx: Tx) -> Instance:
    """Two tasks, the first one done, a timer, a message, a job, and what is told of them."""
    case = add_case(tx)
    deployment = Deployment(
        id=tx.new_id(), key="rounds", version=1, digest="d", process_ids=["rounds"], deployed_at=tx.now
    )
    instance = Instance(
        id=tx.new_id(), case_id=case.id, deployment_id=deployment.id, process_id="rounds", started_at=tx.now
    )
    rows.insert_many(tx, [deployment, instance])
    for number in range(2):
        wait = {**instance.place, "wait_id": f"w{number}", "element_id": "assess"}
        task = Task(id=tx.new_id(), process_id="rounds", name="Assess", queue="technical", created_at=tx.now, **wait)
        timer = Timer(id=tx.new_id(), due_at=tx.now, armed_at=tx.now, clock_key="statutory" * number, **wait)
        passed = PathEvent(id=tx.new_id(), instance_id=instance.id, element_id="assess", how="completed", at=tx.now)
        job = Job(id=tx.new_id(), name="told", case_id=case.id, due_at=tx.now, created_at=tx.now)
        rows.insert_many(tx, [task, timer, Subscription(id=tx.new_id(), name="paid", **wait), passed, job])
        audit.append(tx, case.id, "escalated", {"task": task.id})
    rows.update_where(tx, Task, {"state": TaskState.EXITED}, wait_id="w0")
    return instance


def keep(tx: Tx, row: object) -> None:
    """Keep it, and hear at once whether that is refused."""
    rows.insert(tx, row)
    tx.connection.flush()


def kept(tx: Tx) -> dict[type, list[object]]:
    """All rows of the kinds whose tables were made anew."""
    return {kind: list(rows.find(tx, kind, order_by="id")) for kind in KINDS}


def test_what_an_older_version_kept_is_there_after_the_upgrade(
    old_url: str, tmp_path: Path, hand_clock: HandClock
) -> None:
    with closing(Store(database_at(old_url), clock=hand_clock)) as store, store.begin(SYSTEM) as tx:
        run_a_little(tx)
        before = kept(tx)
    assert upgraded(old_url, tmp_path / "makegood.db", now=MONDAY).before == BEFORE_KEYS
    with closing(Store(database_at(old_url), clock=hand_clock)) as store, store.read(SYSTEM) as tx:
        after = kept(tx)
        assert audit.verify(tx) == []
    tasks = [row for row in before.pop(Task) if isinstance(row, Task)]
    assert after.pop(Task) == [replace(tasks[0], closed_at=tasks[0].created_at), tasks[1]]
    assert after == before


def test_a_wait_of_an_instance_has_one_row_and_the_case_of_its_instance(tx: Tx) -> None:
    instance = run_a_little(tx)
    other = add_case(tx, "C-2026-000002")
    task, timer = rows.find(tx, Task, wait_id="w1")[0], rows.find(tx, Timer, wait_id="w1")[0]
    for twin in (replace(task, id=tx.new_id()), replace(timer, id=tx.new_id())):
        with pytest.raises(Duplicate), savepoint(tx):
            keep(tx, twin)
    with pytest.raises(Conflict), savepoint(tx):
        keep(tx, replace(task, id=tx.new_id(), wait_id="w2", case_id=other.id))
    assert {row.case_id for row in rows.find(tx, Task, **instance.place)} == {instance.case_id}
