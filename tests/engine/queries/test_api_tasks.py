"""A program's list has each task once, those without a due last, and is read from where a page ended."""

from __future__ import annotations

import pytest

from engine.model.lists import Place
from engine.model.task import TaskState
from engine.queries.api_tasks import TaskFilter, tasks_for_program
from engine.store.sqlite import SqliteConnection
from engine.store.transaction import Tx
from tests.engine.queries.test_worklist import Desk


@pytest.fixture
def desk(tx: Tx) -> Desk:
    """Anna and Ben with a case."""
    return Desk(tx)


def names(desk: Desk, wanted: TaskFilter | None = None, *, size: int = 100) -> list[str]:
    """The names of all pages, one after the other."""
    found: list[str] = []
    after: Place | None = None
    while True:
        page = tasks_for_program(desk.as_anna(), wanted or TaskFilter(), after, size=size)
        found += [line.task.name for line in page.rows]
        if page.next is None:
            return found
        after = page.next


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_pages_join_to_the_whole_list(desk: Desk, size: int) -> None:
    for days in (3, 1, None, 2, 1):
        desk.task(f"due in {days}", days=days)
    desk.task("mine", days=2, owner_id=desk.anna.id, state=TaskState.RESERVED)
    desk.task("of a colleague", days=0, owner_id=desk.ben.id, state=TaskState.IN_PROGRESS)
    desk.task("no day", owner_id=desk.anna.id, state=TaskState.RESERVED)
    wanted = ["of a colleague", "due in 1", "due in 1", "due in 2", "mine", "due in 3", "due in None", "no day"]
    assert names(desk, size=size) == wanted


def test_tasks_of_foreign_queues_and_roles_are_left_out(desk: Desk) -> None:
    desk.task("for technicians", queue="technical")
    desk.task("for managers", queue="", role="manager")
    desk.task("for clerks", queue="", role="clerk")
    assert names(desk) == ["for clerks"]


def test_mine_is_also_what_lies_in_foreign_queues(desk: Desk) -> None:
    desk.task("given to me", queue="technical", owner_id=desk.anna.id, state=TaskState.RESERVED)
    desk.task("free")
    assert names(desk, TaskFilter(mine=True)) == ["given to me"]
    assert names(desk, TaskFilter(queue="front_office", mine=True)) == []
    assert sorted(names(desk)) == ["free", "given to me"]


@pytest.mark.only_on("sqlite")  # SQLite tells its plan
def test_free_and_held_tasks_are_read_in_the_order_of_their_indexes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, dict[str, object]]] = []
    read = SqliteConnection.rows

    def watched(self: SqliteConnection, statement: str, params: dict[str, object]) -> list[tuple[object, ...]]:
        asked.append((statement, params))
        return read(self, statement, params)

    monkeypatch.setattr(SqliteConnection, "rows", watched)
    names(desk, TaskFilter(queue="front_office"))
    statement, params = next(each for each in asked if "UNION ALL" in each[0])
    steps = desk.tx.connection.rows(f"EXPLAIN QUERY PLAN {statement}", params)
    plan = [what for _, _, _, what in steps]
    for index in ("ix_task_free_queue", "ix_task_held_queue"):  # with a due, and without
        assert len([step for step in plan if f"{index} (queue=? AND due_at" in step]) == 2, plan
    around_the_legs = {0, *(step for step, _, _, what in steps if what.endswith(" picked") and "SCAN" not in what)}
    sorted_in = [within for _, within, _, what in steps if "TEMP B-TREE" in what]
    # no leg is sorted; what they give is, at most once where they are merged and once with all that is shown
    assert set(sorted_in) <= around_the_legs, plan
    assert len(sorted_in) == len(set(sorted_in)), plan
