"""Leads move many tasks at once: each for itself, so that one that cannot be moved holds up no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.actions.permission import is_excluded, may_perform, require_role
from engine.actions.reassign_task import person_named, reassign_task
from engine.actions.release_task import release_task
from engine.model.case import Case
from engine.model.errors import Conflict, FieldError, Forbidden, Invalid, Message, NotFound
from engine.model.people import Actor, Role
from engine.model.task import Task
from engine.store import load, people, rows
from engine.store.transaction import Tx, savepoint

SHARE, BACK = "share", "back"
"""Instead of a person: to those of the queue who have the least, or back into the queue for whoever takes it."""
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one task: it is with `owner_name`, or `refusal` says why not."""

    task_id: str
    task: Task | None
    owner_name: str = ""
    refusal: Message | None = None
    case_number: str = ""


def reassign_tasks(tx: Tx, task_ids: Sequence[str], *, to: str, reason: str) -> list[Moved]:
    """Give tasks to a person (id or login), to those of the queue who have the least, or back into the queue.

    Raises Invalid where nothing is chosen or no reason is given, NotFound for an unknown person.
    """
    require_role(tx, Role.LEAD, Role.MANAGER)
    wanted = list(dict.fromkeys(task_ids))
    refuse_gaps(wanted, to, reason)
    if to not in (SHARE, BACK):
        person_named(tx, to)
    sharing = Sharing(tx) if to == SHARE else None
    return [with_case(tx, move(tx, key, to=to, reason=reason, sharing=sharing)) for key in wanted]


def with_case(tx: Tx, moved: Moved) -> Moved:
    """The same with the number of the case, which tells twenty tasks of one name apart."""
    require_role(tx, Role.LEAD, Role.MANAGER)
    case = rows.maybe(tx, Case, moved.task.case_id) if moved.task and moved.task.case_id else None
    return replace(moved, case_number=case.number) if case else moved


def refuse_gaps(task_ids: Sequence[str], to: str, reason: str) -> None:
    """Every gap at once."""
    faults: list[FieldError] = []
    if not task_ids:
        faults.append(FieldError("task", Message("no_task_chosen", "Choose at least one task.")))
    if len(task_ids) > AT_ONCE:
        text = "Choose at most {count} tasks at once."
        faults.append(FieldError("task", Message("too_many_tasks", text, {"count": AT_ONCE})))
    if not to:
        faults.append(FieldError("to", Message("no_person_chosen", "Choose who is to have them.")))
    if not reason.strip():
        faults.append(FieldError("reason", Message("reason_needed", "Say why; the old and the new owner read it.")))
    if faults:
        raise Invalid("cannot_move_tasks", "Nothing was moved.", fields=faults)


class Sharing:
    """Who of the present people has how much; each task goes to whoever of its queue has the least."""

    def __init__(self, tx: Tx) -> None:
        self._present = people.present_actors(tx)
        self._held = load.held(tx)

    def next_for(self, task: Task) -> Actor | None:
        """The member of the task's queue with the fewest tasks, not its owner; None where there is nobody."""
        able = [
            actor
            for actor in self._present
            if task.queue in actor.queues
            and actor.person_id != task.owner_id
            and not is_excluded(actor, task)
            and may_perform(actor, task.changed(owner_id=None))
        ]
        return min(able, key=lambda actor: (self._held.get(actor.person_id or "", 0), actor.name), default=None)

    def count(self, task: Task) -> None:
        """Remember where a task went."""
        if task.owner_id is not None:
            self._held[task.owner_id] = self._held.get(task.owner_id, 0) + 1


def move(tx: Tx, task_id: str, *, to: str, reason: str, sharing: Sharing | None) -> Moved:
    """Move one task; a refusal undoes what was begun with it."""
    require_role(tx, Role.LEAD, Role.MANAGER)
    task = rows.maybe(tx, Task, task_id)
    try:
        with savepoint(tx):
            if to == BACK:
                return Moved(task_id, release_task(tx, task_id))
            person = chosen(task, sharing) if sharing is not None else to
            task = reassign_task(tx, task_id, to=person, reason=reason)
    except (Conflict, Forbidden, NotFound) as refusal:
        return Moved(task_id, task, refusal=refusal.message)
    if sharing is not None:
        sharing.count(task)
    owner = person_named(tx, task.owner_id or "")
    return Moved(task_id, task, owner.name)


def chosen(task: Task | None, sharing: Sharing) -> str:
    """Whoever has the least; raises Conflict where nobody else of the queue is present."""
    if task is None:
        raise NotFound("task_not_found", "There is no such task that you may see.")
    actor = sharing.next_for(task)
    if actor is None or actor.person_id is None:
        raise Conflict(
            "nobody_to_share",
            "Nobody else of the queue {queue} who may do “{task}” is present. Choose a person.",
            queue=task.queue or "–",
            task=task.name,
        )
    return actor.person_id
