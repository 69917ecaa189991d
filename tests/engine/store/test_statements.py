"""A completed task costs few statements, and on PostgreSQL few round trips."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from engine.actions.claim_task import claim_task
from engine.actions.complete_task import Answer, complete_task
from engine.actions.deploy_process import deploy_process
from engine.actions.reassign_task import reassign_task
from engine.actions.release_task import release_task
from engine.actions.start_task import start_task
from engine.model.people import SYSTEM
from engine.model.task import Task
from engine.store import rows
from engine.store.postgres import PostgresConnection
from engine.store.sqlite import SqliteConnection
from engine.store.transaction import Tx
from tests.bench.recurring_task import ANSWER, DIAGRAM, FORM
from tests.engine.actions.conftest import Desk, desk

__all__ = ["desk"]
ASKED = ("execute", "executemany", "rows", "row", "send")


@pytest.fixture
def complete(desk: Desk) -> Callable[[Tx], object]:
    """Complete a task that comes round again, with form, clock and reminder; what a process reads once is read."""
    with desk.store.begin(SYSTEM) as tx:
        deploy_process(tx, "rounds", {"rounds.bpmn": DIAGRAM.encode(), "forms/damage.json": json.dumps(FORM).encode()})
    case = desk.register()
    eva = desk.person("eva")
    coming = [task.id for task in desk.open_tasks(case)]

    def once(tx: Tx) -> None:
        coming[:] = [task.id for task in complete_task(tx, coming[0], Answer(data=ANSWER))]

    for _ in range(3):
        with desk.store.begin(eva) as tx:
            once(tx)
    assert len(desk.all(Task, case_id=case.id)) == 4
    return once


@pytest.mark.only_on("sqlite")
def test_a_completed_task_asks_little(
    desk: Desk, complete: Callable[[Tx], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(name: str) -> Callable[..., object]:
        plain = getattr(SqliteConnection, name)

        def ask(self: SqliteConnection, statement: str, *rest: object) -> object:
            if not asked or asked[-1] is not statement:  # `send` and `rows` may be made of another one
                asked.append(statement)
            return plain(self, statement, *rest)

        return ask

    eva = desk.person("eva")
    for name in ASKED:
        monkeypatch.setattr(SqliteConnection, name, counted(name))
    with desk.store.begin(eva) as tx:
        complete(tx)
    assert (asked[0], asked[-1]) == ("BEGIN IMMEDIATE", "COMMIT")
    assert len(asked[1:-1]) <= 12, asked


def handed_to_ben(tx: Tx, task_id: str) -> object:
    """Reassign a task."""
    return reassign_task(tx, task_id, to="ben", reason="Ben knows kettles.")


def round_trips(told: str) -> int:
    """How often the client waited for the server, by libpq's record of what went from (F) and came back (B)."""
    sides = re.findall(r"^[^\n]*?\t([FB])\t", told, re.MULTILINE)
    return sum(here == "F" and after == "B" for here, after in pairwise(sides))


@contextmanager
def trips_told(desk: Desk, who: str, record: Path) -> Iterator[Tx]:
    """A transaction of somebody; libpq writes down what went over the line until it was kept."""
    with record.open("wb") as file:
        opened = desk.store.begin(desk.person(who))
        tx = opened.__enter__()
        connection = tx.connection
        assert isinstance(connection, PostgresConnection)
        line = connection._driver.pgconn  # `driver` would send what waits
        line.trace(file.fileno())
        yield tx
        opened.__exit__(None, None, None)
        line.untrace()


@pytest.mark.only_on("postgresql")
def test_a_completed_task_takes_four_round_trips(desk: Desk, complete: Callable[[Tx], object], tmp_path: Path) -> None:
    with trips_told(desk, "eva", tmp_path / "protocol") as tx:
        complete(tx)
    assert 2 <= round_trips((tmp_path / "protocol").read_text()) <= 4
    with desk.store.read(SYSTEM) as tx:
        assert rows.count(tx, Task) == 5


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize(("act", "most"), [(claim_task, 2), (start_task, 2), (release_task, 2), (handed_to_ben, 4)])
@pytest.mark.usefixtures("complete")
def test_what_is_done_to_a_task_locks_and_reads_it_in_one_trip(
    desk: Desk, act: Callable[[Tx, str], object], most: int, tmp_path: Path
) -> None:
    task = next(task for task in desk.all(Task) if task.is_open)
    if act is not claim_task:
        with desk.store.begin(desk.person("eva")) as tx:
            claim_task(tx, task.id)
    with trips_told(desk, "eva", tmp_path / "protocol") as tx:
        act(tx, task.id)
    assert round_trips((tmp_path / "protocol").read_text()) <= most
