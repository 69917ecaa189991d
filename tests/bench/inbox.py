"""What lists cost among a million open tasks and ten million rows of history: pages, counts, a case's history, searches."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median, quantiles

from engine.actions.find_customer import NewCustomer
from engine.actions.register_case import Registration, register_case
from engine.model.case import Case
from engine.model.lists import CaseFilter, Holding, Order, Place, Walk, WorkFilter
from engine.model.people import SYSTEM, Actor
from engine.model.running import Instance, PathEvent
from engine.model.task import Task
from engine.queries import case_search
from engine.queries.worklist import desk, my_tasks, queue_tasks
from engine.store import audit, rows, search, task_pages
from engine.store.task_legs import OPEN
from engine.store.task_pages import TaskScope
from engine.store.transaction import Tx
from engine.wiring import Engine, build
from tests.bench.figures import Bound, Figures
from tests.bench.many_cases import COMMON, HISTORY, QUEUES, RARE, copy_cases
from tests.bench.recurring_task import house_with_recurring_task, person

TASKS = 1_000_000
TIMES, SLOW_TIMES = 300, 3
ALL = "the first tasks of oneself and of two queues"
FREE = WorkFilter(holding=Holding.FREE)
_BY_OR = f"""(task.owner_id = :owner OR task.queue IN ('technical', 'front_office')) AND {OPEN}
ORDER BY task.due_at, task.id LIMIT 30"""
_INDEX_FOR_OR = f"CREATE INDEX ix_task_by_or ON task (queue, owner_id, due_at, id) WHERE {OPEN.replace('task.', '')}"
_DEEP = f"""SELECT due_at, id FROM task WHERE queue = :queue AND owner_id IS NULL AND {OPEN}
ORDER BY due_at, id LIMIT 1 OFFSET :skipped"""
Read = Callable[[Tx], object]


def run(*, tasks: int = TASKS, times: int = TIMES) -> Figures:
    """Copy the cases, then read each list by turns, and the first page once in a while as one query with OR."""
    with tempfile.TemporaryDirectory() as folder:
        engine = crowded_house(Path(folder), tasks)
        ben = person(engine, "ben")
        reads = reads_of(engine, ben, tasks)
        taken = {name: timed(engine, ben, read, times) for name, read in reads.items()}
        must_be_alike(engine, ben)
        with_or = timed(engine, ben, by_or, SLOW_TIMES)
        with engine.begin(SYSTEM) as tx:
            tx.connection.execute(_INDEX_FOR_OR)
        with_index = timed(engine, ben, by_or, SLOW_TIMES)
        engine.close()
    slowest = {name: quantiles(each, n=100)[98] for name, each in taken.items()}
    measured = {f"{name}, p99": (seconds * 1e3, "ms") for name, seconds in slowest.items()}
    measured[f"{ALL}, median"] = (median(taken[ALL]) * 1e3, "ms")
    measured["the same tasks by one query with OR, median"] = (median(with_or) * 1e3, "ms")
    measured["the same with an index that holds all that OR asks for, median"] = (median(with_index) * 1e3, "ms")
    ratios = {f"{name.replace(' ', '_')}_to_5_ms": seconds / 5e-3 for name, seconds in slowest.items()}
    must = dict.fromkeys(ratios, Bound(most=1))
    ratios["or_query"] = median(with_or) / median(taken[ALL])
    ratios["or_query_with_its_index"] = median(with_index) / median(taken[ALL])
    return Figures("inbox", measured, ratios, {**must, "or_query": Bound(least=300)})


def crowded_house(folder: Path, tasks: int) -> Engine:
    """A house with so many cases, each with an open task and its history."""
    engine = house_with_recurring_task(folder)
    with engine.begin(SYSTEM) as tx:
        register_case(tx, Registration(subject="A lamp flickers", customer=NewCustomer(name="Zofia Customer")))
    engine.settle()
    engine.close()
    copy_cases(engine.settings.database_path, tasks)
    return build(engine.settings)


def reads_of(engine: Engine, actor: Actor, tasks: int) -> Mapping[str, Read]:
    """What is read, by name; each time another case and another rare word."""
    with engine.read(actor) as tx:
        middle = Place(*rows.fetch(tx, _DEEP, {"queue": QUEUES[0], "skipped": tasks // 8})[0])
    numbers = count(1, max(tasks // 1000, 1))

    def number() -> int:
        return next(numbers) % tasks + 1

    return {
        ALL: lambda tx: task_pages.page(tx, _both(actor), None, size=30),
        "a page of own tasks": lambda tx: my_tasks(tx, WorkFilter(), Walk()),
        "a page of a queue": lambda tx: queue_tasks(tx, QUEUES[0], FREE, Walk()),
        "a page deep in a queue": lambda tx: queue_tasks(tx, QUEUES[0], FREE, Walk(place=middle)),
        "a page of all that is open in a queue": lambda tx: queue_tasks(tx, QUEUES[0], WorkFilter(), Walk()),
        "a page of a queue with a rare word": lambda tx: with_words(tx, RARE.format(number=max(4, number() // 4 * 4))),
        "a page of a queue with a common word": lambda tx: with_words(tx, COMMON),
        "a page of a queue with part of a task's name": lambda tx: with_words(tx, "DAMAGE"),
        "the counts": desk,
        "the history of a case": lambda tx: history(tx, number()),
        "a search for a rare word": lambda tx: search.matching(tx, RARE.format(number=number()), limit=50),
        "a search for a common word": lambda tx: search.matching(tx, COMMON, limit=50),
        "a search for two common words": lambda tx: search.matching(tx, f"{COMMON} monday", limit=50),
        "a search for the beginning of a common word": lambda tx: search.matching(tx, COMMON[:-1], limit=50),
        "a page of cases with a rare word": lambda tx: found(tx, RARE.format(number=number())),
        "a page of cases with a common word": lambda tx: found(tx, COMMON),
    }


def history(tx: Tx, number: int) -> None:
    """A case's audit trail and the places that its process has passed."""
    case = rows.first(tx, Case, number=f"M-{number:07}")
    if case is None:
        raise RuntimeError("a copied case is missing")
    instances = rows.find(tx, Instance, case_id=case.id)
    passed = [rows.find(tx, PathEvent, instance_id=instance.id, order_by="id") for instance in instances]
    if len(audit.events_of(tx, case.id)) != HISTORY or len(passed[0]) != HISTORY:
        raise RuntimeError("a copied case has another history")


def with_words(tx: Tx, words: str) -> None:
    """The first page of a queue's free tasks that have the words."""
    queue_tasks(tx, QUEUES[0], replace(FREE, text=words), Walk())


def by_or(tx: Tx) -> list[Task]:
    """The first tasks by one query with OR."""
    return rows.select(tx, Task, _BY_OR, {"owner": tx.actor.person_id})


def must_be_alike(engine: Engine, actor: Actor) -> None:
    """Both ways must give the same tasks in the same order; raises RuntimeError."""
    with engine.read(actor) as tx:
        if [task for task, _key in task_pages.page(tx, _both(actor), None, size=30)] != by_or(tx):
            raise RuntimeError("the query with OR finds other tasks")


def _both(actor: Actor) -> TaskScope:
    return TaskScope(owners=(actor.person_id or "",), queues=QUEUES[:2])


def found(tx: Tx, words: str) -> None:
    """The first page of the cases that have the words."""
    if not case_search.cases(tx, CaseFilter(text=words), Walk(Order("opened", descending=True))).rows:
        raise RuntimeError(f"nothing is found by {words}")


def timed(engine: Engine, actor: Actor, read: Read, times: int) -> list[float]:
    """Seconds of each reading transaction."""
    taken: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        with engine.read(actor) as tx:
            read(tx)
        taken.append(time.perf_counter() - begun)
    return taken
