"""What somebody has to do: their own tasks, those of absent people in whose place they stand, and their queues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model.errors import Forbidden
from engine.model.lists import Colour, Holding, Listed, Walk, WorkFilter
from engine.model.people import Person
from engine.store import counters, rows, work_lists
from engine.store.transaction import Tx
from engine.store.work_lists import Scope, WorkItem

__all__ = [
    "Desk",
    "QueueLine",
    "Walk",
    "WorkItem",
    "colleagues",
    "desk",
    "my_tasks",
    "queue_lines",
    "queue_tasks",
    "takeable_tasks",
]
ANY_QUEUE = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The counts on the inbox's tabs, each counted up to 100, and what its filters offer."""

    own: int
    own_late: int
    takeable: int
    queues: Sequence[tuple[str, str, int]]
    categories: Sequence[str]
    stands_for: Sequence[str]


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One queue of the actor; all but `open` are counted up to 100."""

    key: str
    name: str
    open: int
    free: int
    late: int
    first: WorkItem | None


def my_tasks(tx: Tx, wanted: WorkFilter, walk: Walk) -> Listed[WorkItem]:
    """The actor's own open tasks, and those of absent people whose substitute the actor is today."""
    return work_lists.page(tx, work_lists.own_scope(tx.actor), wanted, walk)


def takeable_tasks(tx: Tx, wanted: WorkFilter, walk: Walk) -> Listed[WorkItem]:
    """The free tasks of all the actor's queues that the actor may take."""
    return work_lists.page(tx, _takeable(tx), wanted, walk)


def queue_tasks(tx: Tx, queue: str, wanted: WorkFilter, walk: Walk) -> Listed[WorkItem]:
    """The open tasks of one of the actor's queues; raises Forbidden for another's."""
    if queue not in {key for key, _ in work_lists.queues_of(tx)}:
        raise Forbidden(
            "queue_not_yours", "The queue {queue} is not one of yours. Ask its lead to add you to it.", queue=queue
        )
    takeable = wanted.holding is Holding.FREE
    return work_lists.page(tx, Scope(queues=(queue,), takeable=takeable), wanted, walk)


def desk(tx: Tx) -> Desk:
    """The counts on the tabs."""
    own = work_lists.own_scope(tx.actor)
    queues = [
        (key, name, work_lists.count(tx, Scope(queues=(key,), takeable=True))) for key, name in work_lists.queues_of(tx)
    ]
    absent = rows.find(tx, Person, id=tuple(tx.actor.stands_for), order_by="name")
    return Desk(
        own=work_lists.count(tx, own),
        own_late=work_lists.count(tx, own, colour=Colour.LATE),
        takeable=work_lists.count(tx, _takeable(tx)),
        queues=queues,
        categories=work_lists.categories(tx),
        stands_for=[person.name for person in absent],
    )


def queue_lines(tx: Tx) -> list[QueueLine]:
    """The actor's queues with what lies in them."""
    totals = counters.values(tx, "tasks_by_queue")
    lines: list[QueueLine] = []
    for key, name in work_lists.queues_of(tx):
        scope = Scope(queues=(key,), takeable=True)
        first = work_lists.page(tx, scope, WorkFilter(), Walk(size=1)).rows
        lines.append(
            QueueLine(
                key=key,
                name=name,
                open=totals.get(key, 0),
                free=work_lists.count(tx, scope),
                late=work_lists.count(tx, Scope(queues=(key,)), colour=Colour.LATE),
                first=first[0] if first else None,
            )
        )
    return lines


def colleagues(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    """Names of people by id, for pages that show who did something."""
    return {person.id: person.name for person in rows.find(tx, Person, id=tuple(set(ids)))}


def _takeable(tx: Tx) -> Scope:
    """Tasks without a queue are offered to whoever holds their role."""
    return Scope(queues=(ANY_QUEUE, *(key for key, _ in work_lists.queues_of(tx))), takeable=True)
