"""Lists of tasks are narrowed by words of the case or by any part of the task's name, alike in both databases."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from engine.model.case import Case
from engine.model.lists import Holding, Order, Walk, WorkFilter, place_from
from engine.model.people import Role
from engine.model.running import Instance
from engine.model.task import Task, TaskState
from engine.queries.api_tasks import TaskFilter, tasks_for_program
from engine.queries.worklist import my_tasks, queue_tasks, takeable_tasks
from engine.store import rows, search
from engine.store.sqlite import SqliteConnection
from engine.store.transaction import Tx
from tests.engine.conftest import add_case, add_person
from tests.engine.queries.test_worklist import Desk, names


@pytest.fixture
def desk(tx: Tx) -> Desk:
    """Anna and Ben with a case about a kettle."""
    desk = Desk(tx)
    search.put(tx, desk.case.id, "C-2026-000001 kettle leaks")
    return desk


def with_words(desk: Desk, number: str, words: str) -> Case:
    """Another case that is found by these words, with an instance."""
    case = add_case(desk.tx, number)
    rows.insert(desk.tx, replace(desk.instance, id=number, case_id=case.id))
    search.put(desk.tx, case.id, words)
    return case


def task_of(desk: Desk, case: Case, name: str, *, days: int | None = None, **columns: object) -> Task:
    """A task of another case than the desk's."""
    instance = rows.find(desk.tx, Instance, case_id=case.id)[0]
    return desk.task(name, days=days, case_id=case.id, instance_id=instance.id, **columns)


def found(desk: Desk, text: str, holding: Holding = Holding.ALL, size: int = 100) -> list[str]:
    """The names of all pages of the front office that the text leaves, in their order."""
    wanted, tx = WorkFilter(text=text, holding=holding), desk.as_anna()
    page = queue_tasks(tx, "front_office", wanted, Walk(size=size))
    seen = names(page)
    while page.next is not None:
        page = queue_tasks(tx, "front_office", wanted, Walk(place=place_from(str(page.next)), size=size))
        seen += names(page)
    return seen


def test_tasks_are_found_by_words_of_their_case_or_part_of_their_name(desk: Desk) -> None:
    toaster = with_words(desk, "C-2", "C-2 toaster burns")
    desk.task("Ask about the toaster", days=1)
    task_of(desk, toaster, "Assess", days=2)
    task_of(desk, toaster, "Call the toaster's owner")
    desk.task("Assess", days=3)
    assert found(desk, "toaster") == ["Ask about the toaster", "Assess", "Call the toaster's owner"]
    assert found(desk, "TOAST") == found(desk, "toaster")
    assert found(desk, "kettle") == ["Ask about the toaster", "Assess"]
    assert found(desk, "nobody wrote this") == []


def test_capital_letters_of_every_language_have_small_ones(desk: Desk) -> None:
    desk.task("ŻĄDANIE ÜBERPRÜFEN")
    assert found(desk, "żądanie ü") == ["ŻĄDANIE ÜBERPRÜFEN"]


@pytest.mark.parametrize("holding", Holding)
@pytest.mark.parametrize("different", [3, 12])
def test_pages_of_found_tasks_join_to_all_that_a_plain_look_finds(desk: Desk, holding: Holding, different: int) -> None:
    toaster = with_words(desk, "C-2", "C-2 toaster burns")
    for number in range(24):
        taken = {"owner_id": desk.ben.id, "state": TaskState.IN_PROGRESS} if number % 3 == 0 else {}
        days = number % 5 if number % 4 else None
        name = f"call {'toaster' if number % 2 else 'kettle'} {number % different}"
        task_of(desk, toaster if number % 7 == 0 else desk.case, name, days=days, **taken)
    everything = queue_tasks(desk.as_anna(), "front_office", WorkFilter(holding=holding), Walk(size=100)).rows
    plain = [each.task.name for each in everything if "toaster" in each.task.name or each.task.case_id == toaster.id]
    assert plain
    assert found(desk, "toaster", holding, size=3) == plain


def test_ones_own_tasks_are_found_by_name_and_by_case_too(desk: Desk) -> None:
    own: dict[str, object] = {"owner_id": desk.anna.id, "state": TaskState.RESERVED}
    desk.task("call the customer", days=None, **own)
    desk.task("write", days=None, **own)
    desk.task("call the dealer", owner_id=desk.ben.id, state=TaskState.RESERVED)
    tx = desk.as_anna()
    assert names(my_tasks(tx, WorkFilter(text="call"), Walk())) == ["call the customer"]
    assert names(my_tasks(tx, WorkFilter(text="kettle"), Walk(Order("age")))) == ["call the customer", "write"]
    assert names(my_tasks(tx, WorkFilter(text="kettle", holding=Holding.FREE), Walk())) == []


def test_words_open_no_list_that_is_closed_to_the_reader(desk: Desk) -> None:
    desk.task("call the customer", queue="technical")
    desk.task("call the dealer", role="lead")
    desk.task("call the maker")
    assert names(takeable_tasks(desk.as_anna(), WorkFilter(text="call"), Walk())) == ["call the maker"]
    assert names(takeable_tasks(desk.as_anna(), WorkFilter(text="kettle"), Walk())) == ["call the maker"]


def test_a_program_finds_the_same(desk: Desk) -> None:
    toaster = with_words(desk, "C-2", "C-2 toaster burns")
    task_of(desk, toaster, "write", days=1, owner_id=desk.anna.id, state=TaskState.RESERVED)
    task_of(desk, toaster, "assess")
    desk.task("Toaster: ask", days=2, owner_id=desk.ben.id, state=TaskState.RESERVED)
    desk.task("assess", days=3)
    tx = desk.as_anna()
    lines = tasks_for_program(tx, TaskFilter(text="toaster"), None, size=10).rows
    assert [line.task.name for line in lines] == ["write", "Toaster: ask", "assess"]
    of_case = tasks_for_program(tx, TaskFilter(text="TOASTER", case=desk.case.number), None, size=10).rows
    assert [line.task.name for line in of_case] == ["Toaster: ask"]


def test_a_persons_tasks_of_a_queue_are_narrowed_by_words(desk: Desk) -> None:
    desk.task("call", owner_id=desk.ben.id, state=TaskState.RESERVED)
    desk.task("call", days=1)
    add_person(desk.tx, "clara", Role.LEAD)
    wanted = WorkFilter(text="call", owner=desk.ben.id)
    assert [item.owner_name for item in queue_tasks(desk.as_anna(), "front_office", wanted, Walk()).rows] == ["Ben"]


@pytest.mark.only_on("sqlite")  # SQLite tells its plan
@pytest.mark.parametrize("holding", Holding)
def test_no_list_by_words_reads_a_whole_queue(desk: Desk, holding: Holding, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, dict[str, object]]] = []
    read = SqliteConnection.rows

    def watched(self: SqliteConnection, statement: str, params: dict[str, object]) -> list[tuple[object, ...]]:
        asked.append((statement, params))
        return read(self, statement, params)

    monkeypatch.setattr(SqliteConnection, "rows", watched)
    desk.task("call the customer", days=1)
    found(desk, "call", holding)
    of_tasks = [each for each in asked if "FROM task" in each[0]]
    assert len(of_tasks) == 2
    for statement, params in of_tasks:
        plan = [row[3] for row in read(desk.tx.connection, f"EXPLAIN QUERY PLAN {statement}", params)]  # type: ignore[arg-type]  # SQLite's own
        steps = [step for step in plan if re.match(r"(SEARCH|SCAN) task\b", step)]
        looked_up = ("ix_task_open_name", "(case_id=?", "PRIMARY KEY (id=?)")
        assert [step for step in steps if step.startswith("SEARCH") and any(way in step for way in looked_up)] == steps
