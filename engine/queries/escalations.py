"""What escalated, lapsed or found nobody in the last days, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from engine.model.audit import AuditEvent
from engine.model.lists import Listed, Place
from engine.model.people import Person, Role
from engine.model.task import Task
from engine.queries.queue_load import led_queues
from engine.store import rows, watch_lists
from engine.store.transaction import Tx
from engine.store.watch_lists import EventFilter, EventLine

__all__ = ["EventLine", "Since", "escalations", "named_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Which escalations: of the last `days`, from `level` per cent on, of one queue or of all the reader's."""

    days: int = 7
    level: int = 0
    queue: str = ""


def escalations(tx: Tx, wanted: Since, place: Place | None = None, *, size: int = 40) -> Listed[EventLine]:
    """One page."""
    led = [key for key, _ in led_queues(tx)]
    queues: list[str] | None = None if tx.actor.has(Role.MANAGER) else led
    if wanted.queue:
        queues = [wanted.queue] if wanted.queue in led else []
    since = tx.now - timedelta(days=wanted.days)
    return watch_lists.escalations(tx, EventFilter(since=since, level=wanted.level, queues=queues), place, size)


def named_in(tx: Tx, events: Iterable[AuditEvent]) -> tuple[dict[str, str], dict[str, str]]:
    """Names of the people and of the tasks that events mention, by id."""
    people_ids: set[str] = set()
    tasks: set[str] = set()
    for event in events:
        told = event.data.get("told")
        people_ids |= {str(each) for each in told} if isinstance(told, list | tuple) else set()
        people_ids |= {str(event.actor_id)} if event.actor_id else set()
        tasks |= {str(event.data["task"])} if "task" in event.data else set()
    names = {person.id: person.name for person in rows.find(tx, Person, id=tuple(people_ids))}
    return names, {task.id: task.name for task in rows.find(tx, Task, id=tuple(tasks))}
