"""Where the work lies: by queue and by person, with what is late, due today and due within a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.model.errors import Forbidden
from engine.model.lists import Listed, Walk, WorkFilter
from engine.model.people import Person, Queue, QueueMember, Role
from engine.model.zones import add_days, end_of_day, local_day, start_of_day, zone_named
from engine.store import load, people, rows, work_lists
from engine.store.load import LoadRow
from engine.store.transaction import Tx
from engine.store.work_lists import Scope, WorkItem

__all__ = [
    "Board",
    "Load",
    "PersonLoad",
    "QueueLoad",
    "Walk",
    "WorkItem",
    "board",
    "categories",
    "colleagues",
    "led_queues",
    "tasks_to_move",
]
ANYWHERE = ""
"""The key under which tasks without a queue are counted; managers move them."""


@dataclass(slots=True)
class Load:
    """Open tasks; `late`, `today`, `week` and `later` add up to those with a due, the rest have none."""

    open: int = 0
    free: int = 0
    late: int = 0
    today: int = 0
    week: int = 0
    oldest: datetime | None = None

    @property
    def later(self) -> int:
        """What is due after a week, or never."""
        return self.open - self.late - self.today - self.week

    def add(self, row: LoadRow) -> None:
        """Count a row in."""
        self.open += row.open
        self.free += row.open if row.owner_id is None else 0
        self.late += row.late
        self.today += row.today
        self.week += row.week
        if row.oldest is not None and (self.oldest is None or row.oldest < self.oldest):
            self.oldest = row.oldest


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """One queue with its lead and how many of its people are here today."""

    key: str
    name: str
    lead: str
    present: int
    members: int
    load: Load


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """One person's work in the reader's queues; an absent one names who stands in."""

    id: str
    name: str
    is_absent: bool
    substitute: str
    queues: Sequence[str]
    load: Load


@dataclass(frozen=True, slots=True)
class Board:
    """The load of all queues that the reader leads."""

    queues: Sequence[QueueLoad]
    people: Sequence[PersonLoad]
    total: Load
    days: Sequence[tuple[date, int]] = field(default_factory=list[tuple[date, int]])


def led_queues(tx: Tx) -> list[tuple[str, str]]:
    """Key and name of the queues that the actor leads: all for a manager; raises Forbidden for others."""
    if not tx.actor.has(Role.LEAD, Role.MANAGER):
        raise Forbidden("not_a_lead", "Only leads and managers look at the work of others.")
    found = rows.find(tx, Queue, order_by="name, key")
    return [
        (each.key, each.name or each.key) for each in found if tx.actor.has(Role.MANAGER) or each.key in tx.actor.leads
    ]


def scope_of(tx: Tx) -> list[str]:
    """The keys under which the actor's tasks are counted."""
    keys = [key for key, _ in led_queues(tx)]
    return [*keys, ANYWHERE] if tx.actor.has(Role.MANAGER) else keys


def board(tx: Tx, *, days: int = 10) -> Board:
    """Everything that the first page of a lead shows of the load."""
    names = dict(led_queues(tx))
    scope = scope_of(tx)
    zone = zone_named(tx.actor.zone)
    first = local_day(tx.now, zone)
    ends = (end_of_day(first, zone), end_of_day(add_days(first, 7), zone))
    found = load.load_rows(tx, scope, today=ends[0], week=ends[1])
    by_queue, by_person, total = _summed(found, names)
    bounds = [tx.now, *(start_of_day(add_days(first, place), zone) for place in range(1, days + 1))]
    counts = load.due_between(tx, scope, bounds)
    return Board(
        queues=_queue_loads(tx, names, by_queue),
        people=_person_loads(tx, scope, by_person),
        total=total,
        days=[(add_days(first, place), count) for place, count in enumerate(counts)],
    )


def tasks_to_move(tx: Tx, queue: str, wanted: WorkFilter, walk: Walk) -> Listed[WorkItem]:
    """Open tasks of one of the actor's queues, or of all where `queue` is empty; raises Forbidden for another's."""
    scope = scope_of(tx)
    if queue and queue not in scope:
        raise Forbidden(
            "queue_not_led", "You do not lead the queue {queue}. Its lead or a manager moves its work.", queue=queue
        )
    return work_lists.page(tx, Scope(queues=(queue,) if queue else tuple(scope)), wanted, walk)


def categories(tx: Tx) -> list[str]:
    """The categories that open cases have."""
    return work_lists.categories(tx)


def colleagues(tx: Tx) -> list[PersonLoad]:
    """Everybody who may be given tasks of the actor's queues, those with the least first."""
    scope = scope_of(tx)
    zone = zone_named(tx.actor.zone)
    end = end_of_day(local_day(tx.now, zone), zone)
    _, by_person, _ = _summed(load.load_rows(tx, scope, today=end, week=end), {})
    found = _person_loads(tx, scope, by_person)
    return sorted(found, key=lambda each: (each.is_absent, each.name))


def _summed(found: Sequence[LoadRow], names: dict[str, str]) -> tuple[dict[str, Load], dict[str, Load], Load]:
    by_queue: dict[str, Load] = {key: Load() for key in names}
    by_person: dict[str, Load] = {}
    total = Load()
    for row in found:
        by_queue.setdefault(row.queue, Load()).add(row)
        if row.owner_id is not None:
            by_person.setdefault(row.owner_id, Load()).add(row)
        total.add(row)
    return by_queue, by_person, total


def _queue_loads(tx: Tx, names: dict[str, str], found: dict[str, Load]) -> list[QueueLoad]:
    queues = {queue.key: queue for queue in rows.find(tx, Queue)}
    members = rows.find(tx, QueueMember)
    away = people.absences(tx)
    leads = {
        person.id: person.name
        for person in rows.find(tx, Person, id={queue.lead_id for queue in queues.values() if queue.lead_id})
    }
    lines: list[QueueLoad] = []
    for key, figures in found.items():
        ids = [member.person_id for member in members if member.queue_key == key]
        ids = [each for each in ids if each not in away.inactive]
        lead = queues[key].lead_id if key in queues else None
        present = sum(1 for each in ids if away.is_present(each))
        lines.append(QueueLoad(key, names.get(key, ""), leads.get(lead or "", ""), present, len(ids), figures))
    return sorted(lines, key=lambda line: (-line.load.late, -line.load.open, line.name))


def _person_loads(tx: Tx, scope: Sequence[str], found: dict[str, Load]) -> list[PersonLoad]:
    """Members and leads of the queues, managers, and whoever else holds a task of theirs."""
    away = people.absences(tx)
    queues_of: dict[str, list[str]] = {}
    for member in rows.find(tx, QueueMember, queue_key=tuple(scope), order_by="queue_key"):
        queues_of.setdefault(member.person_id, []).append(member.queue_key)
    leads = {queue.lead_id for queue in rows.find(tx, Queue, key=tuple(scope)) if queue.lead_id}
    own = {tx.actor.person_id} - {None}
    wanted = {*queues_of, *found, *leads, *own}
    names = {person.id: person for person in rows.find(tx, Person)}
    lines: list[PersonLoad] = []
    for key in wanted:
        person = names.get(key or "")
        if person is None or (not person.active and key not in found):
            continue
        stand_in = away.stand_in(person.id)
        lines.append(
            PersonLoad(
                person.id,
                person.name,
                not away.is_present(person.id),
                names[stand_in].name if stand_in and stand_in != person.id else "",
                queues_of.get(person.id, []),
                found.get(person.id, Load()),
            )
        )
    return sorted(lines, key=lambda line: (-line.load.late, -line.load.open, line.name))
