"""The inbox shows what somebody has and may take, in order, page by page, over the partial indexes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.actions.take_next_task import take_next_task
from engine.model.case import Case
from engine.model.errors import Forbidden
from engine.model.lists import Colour, Holding, Order, WorkFilter, order_from, place_from
from engine.model.people import Queue, QueueMember, Role
from engine.model.running import Deployment, Instance
from engine.model.task import Task, TaskState
from engine.queries import worklist
from engine.queries.worklist import Walk, my_tasks, queue_tasks, takeable_tasks
from engine.store import counters, people, rows
from engine.store.task_legs import OPEN
from engine.store.transaction import Tx
from tests.engine.conftest import add_case, add_person

EVERYTHING = WorkFilter()


class Desk:
    """Anna of the front office, Ben of the technicians, and a case whose tasks the tests add."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.anna = add_person(tx, "anna", Role.CLERK)
        self.ben = add_person(tx, "ben", Role.SPECIALIST)
        rows.insert_many(tx, [Queue(key="front_office", name="Front office"), Queue(key="technical", name="Technical")])
        rows.insert(tx, QueueMember(queue_key="front_office", person_id=self.anna.id))
        rows.insert(tx, QueueMember(queue_key="technical", person_id=self.ben.id))
        self.case: Case = add_case(tx)
        rows.insert(tx, Deployment(id="d", key="complaint", digest="x", deployed_at=tx.now))
        self.instance = Instance(
            id="i", case_id=self.case.id, deployment_id="d", process_id="complaint", started_at=tx.now
        )
        rows.insert(tx, self.instance)
        self.count = 0

    def task(self, name: str, *, days: int | None = None, **columns: object) -> Task:
        self.count += 1
        task = Task(
            id=self.tx.new_id(),
            case_id=self.case.id,
            instance_id="i",
            wait_id=str(self.count),
            element_id="work",
            name=name,
            queue="front_office",
            due_at=None if days is None else self.tx.now + timedelta(days=days),
            created_at=self.tx.now,
        ).changed(**columns)
        rows.insert(self.tx, task)
        return task

    def as_anna(self) -> Tx:
        return replace(self.tx, actor=people.actor_of(self.tx, self.anna.id))


@pytest.fixture
def desk(tx: Tx) -> Desk:
    return Desk(tx)


def names(listed: object) -> list[str]:
    return [item.task.name for item in listed.rows]  # type: ignore[attr-defined]  # a page of work items


def test_the_earliest_due_comes_first_and_tasks_without_a_due_last(desk: Desk) -> None:
    desk.task("someday")
    desk.task("friday", days=4)
    desk.task("tomorrow", days=1)
    assert names(takeable_tasks(desk.as_anna(), EVERYTHING, Walk())) == ["tomorrow", "friday", "someday"]
    back = Walk(Order("due", descending=True))
    assert names(takeable_tasks(desk.as_anna(), EVERYTHING, back)) == ["someday", "friday", "tomorrow"]


@pytest.mark.parametrize("order", ["due", "-due", "age", "-age", "priority", "-priority"])
def test_every_task_is_on_exactly_one_page_there_and_back(desk: Desk, order: str) -> None:
    for number in range(23):
        desk.task(f"t{number}", days=number % 5 if number % 3 else None, priority=number % 4)
    wanted = order_from(order, ("due", "age", "priority"))
    whole = names(takeable_tasks(desk.as_anna(), EVERYTHING, Walk(wanted, size=100)))
    forth: list[str] = []
    page = takeable_tasks(desk.as_anna(), EVERYTHING, Walk(wanted, size=5))
    pages = [names(page)]
    while page.next is not None:
        page = takeable_tasks(desk.as_anna(), EVERYTHING, Walk(wanted, place_from(str(page.next)), 5))
        pages.append(names(page))
    forth = [name for each in pages for name in each]
    assert forth == whole
    assert len(whole) == 23
    for earlier in reversed(pages[:-1]):
        assert page.previous is not None
        page = takeable_tasks(desk.as_anna(), EVERYTHING, Walk(wanted, place_from(str(page.previous)), 5))
        assert names(page) == earlier
    assert page.previous is None


def test_anna_has_her_own_tasks_and_those_of_absent_jan(desk: Desk) -> None:
    jan = add_person(desk.tx, "jan", Role.CLERK)
    desk.task("hers", owner_id=desk.anna.id, state=TaskState.RESERVED)
    desk.task("jans", owner_id=jan.id, state=TaskState.RESERVED)
    desk.task("bens", owner_id=desk.ben.id, state=TaskState.RESERVED)
    assert names(my_tasks(desk.as_anna(), EVERYTHING, Walk())) == ["hers"]
    standing_in = desk.as_anna()
    standing_in = replace(standing_in, actor=replace(standing_in.actor, stands_for=frozenset({jan.id})))
    assert names(my_tasks(standing_in, EVERYTHING, Walk())) == ["hers", "jans"]


def test_tasks_from_which_anna_is_excluded_are_not_offered_to_her(desk: Desk) -> None:
    desk.task("check", excluded=[desk.anna.id])
    desk.task("lead's", role="lead")
    desk.task("ben's choice", candidates=["ben"])
    desk.task("hers to choose", candidates=["front_office"])
    desk.task("technical", queue="technical")
    assert names(takeable_tasks(desk.as_anna(), EVERYTHING, Walk())) == ["hers to choose"]


def test_a_queue_of_others_is_refused(desk: Desk) -> None:
    with pytest.raises(Forbidden, match="not one of yours"):
        queue_tasks(desk.as_anna(), "technical", EVERYTHING, Walk())


def test_the_colours_of_chips_split_the_list(desk: Desk) -> None:
    desk.task("late", days=-1)
    desk.task("soon", days=1)
    desk.task("ok", days=9)
    desk.task("none")
    found = {colour: names(takeable_tasks(desk.as_anna(), WorkFilter(colour=colour), Walk())) for colour in Colour}
    assert found == {colour: [colour.value] for colour in Colour}


def test_filters_narrow_by_holder_category_priority_and_words(desk: Desk) -> None:
    rows.update(desk.tx, Case, desk.case.id, category="defect")
    desk.task("free", priority=1)
    desk.task("taken", owner_id=desk.ben.id, state=TaskState.IN_PROGRESS)
    tx = desk.as_anna()
    assert names(queue_tasks(tx, "front_office", WorkFilter(holding=Holding.FREE), Walk())) == ["free"]
    assert names(queue_tasks(tx, "front_office", WorkFilter(holding=Holding.STARTED), Walk())) == ["taken"]
    assert names(queue_tasks(tx, "front_office", WorkFilter(priority=1), Walk())) == ["free"]
    assert names(queue_tasks(tx, "front_office", WorkFilter(text="TAKE"), Walk())) == ["taken"]
    assert names(queue_tasks(tx, "front_office", WorkFilter(category="defect"), Walk())) == ["free", "taken"]
    assert names(queue_tasks(tx, "front_office", WorkFilter(category="damage"), Walk())) == []


def test_take_next_claims_the_earliest_due_that_nobody_holds(desk: Desk) -> None:
    desk.task("held", days=0, owner_id=desk.ben.id, state=TaskState.RESERVED)
    desk.task("suspended", days=0, state=TaskState.SUSPENDED)
    desk.task("later", days=3)
    desk.task("next", days=1)
    taken = take_next_task(desk.as_anna())
    assert taken is not None
    assert (taken.name, taken.owner_id, taken.state) == ("next", desk.anna.id, TaskState.RESERVED)
    assert take_next_task(desk.as_anna(), queue="technical") is None


def test_the_tabs_count_what_can_be_taken(desk: Desk) -> None:
    desk.task("late", days=-1, owner_id=desk.anna.id, state=TaskState.RESERVED)
    desk.task("free")
    found = worklist.desk(desk.as_anna())
    assert (found.own, found.own_late, found.takeable) == (1, 1, 1)
    assert found.queues == [("front_office", "Front office", 1)]


def test_all_open_tasks_of_a_queue_come_by_due_whoever_has_them(desk: Desk) -> None:
    desk.task("third", days=3)
    desk.task("first", days=1, owner_id=desk.ben.id, state=TaskState.RESERVED)
    desk.task("second", days=2)
    tx = desk.as_anna()
    page = queue_tasks(tx, "front_office", WorkFilter(), Walk(size=2))
    assert names(page) == ["first", "second"]
    assert names(queue_tasks(tx, "front_office", WorkFilter(), Walk(place=page.next, size=2))) == ["third"]


def test_the_filter_offers_the_categories_that_cases_have(desk: Desk) -> None:
    counters.add(desk.tx, "cases_by_category", "", 3)
    counters.add(desk.tx, "cases_by_category", "defect", 2)
    counters.add(desk.tx, "cases_by_category", "delivery", 1)
    assert worklist.desk(desk.as_anna()).categories == ["defect", "delivery"]


@pytest.mark.only_on("sqlite")  # SQLite tells its plan
def test_a_list_reads_only_the_partial_indexes(desk: Desk) -> None:
    statement = (
        f"EXPLAIN QUERY PLAN SELECT id FROM task WHERE task.queue = 'q' AND {OPEN} AND task.owner_id IS NULL AND task.state = 'ready' "
        "AND task.due_at IS NOT NULL AND (task.due_at, task.id) > (1, 'a') ORDER BY task.due_at, task.id LIMIT 5"
    )
    plan = " ".join(str(row[3]) for row in rows.fetch(desk.tx, statement))
    assert "ix_task_free_queue" in plan
    assert "TEMP B-TREE" not in plan
