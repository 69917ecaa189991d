"""Whose task it is: a named person, the earlier performer, or a substitute for somebody absent; never somebody absent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.actions.permission import LADDER, may_perform
from engine.execution.runtime import TaskWait
from engine.model.people import Actor, Role
from engine.model.running import Instance
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.store import people, rows
from engine.store.staff import on_duty
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Owner:
    """Who gets a task, and the absent person in whose place."""

    person_id: str
    for_absent: str | None = None


def choose_owner(tx: Tx, instance: Instance, wait: TaskWait, task: Task) -> Owner | None:
    """The person named by the diagram (assignee, or the performer of `same_as`), or None: the task is offered."""
    named = wait.assignee or earlier_performer(tx, instance, wait.same_as)
    if not named:
        return None
    person = people.by_id_or_login(tx, named)
    if person is None:
        return None
    return present_owner(tx, person.id, task)


def present_owner(tx: Tx, person_id: str, task: Task) -> Owner | None:
    """The person, or the substitute while absent; None where nobody present may perform the task."""
    substitute = people.substitute_of(tx, person_id)
    if substitute is None:
        return None
    if substitute != person_id and not allowed(tx, substitute, replace(task, owner_id=person_id)):
        return None
    if person_id in task.excluded or substitute in task.excluded:
        return None
    return Owner(substitute, person_id if substitute != person_id else None)


def allowed(tx: Tx, person_id: str, task: Task) -> bool:
    """Whether this person may perform the task today."""
    return may_perform(people.actor_of(tx, person_id), task)


def earlier_performer(tx: Tx, instance: Instance, element: str) -> str | None:
    """Who works on `element` in this case now, or else who last completed it (retain familiar)."""
    if not element:
        return None
    at_work = rows.find(tx, Task, case_id=instance.case_id, element_id=element, state=tuple(OPEN_STATES))
    holders = [task.owner_id for task in at_work if task.owner_id]
    if holders:
        return holders[-1]
    done = rows.find(
        tx,
        Task,
        case_id=instance.case_id,
        element_id=element,
        state=TaskState.COMPLETED,
        order_by="closed_at DESC, id DESC",
        limit=1,
    )
    return done[0].closed_by if done else None


def eligible_people(tx: Tx, task: Task) -> list[Actor]:
    """Present people who may perform the task; candidates are looked up by queue, role or approval level."""
    offered = task.changed(owner_id=None) if task.owner_id is not None else task
    return [actor for actor in people.present_actors(tx) if may_perform(actor, offered)]


def is_eligible(tx: Tx, task: Task) -> bool:
    """Whether anybody present may perform the task."""
    known = on_duty(tx).eligible
    offer = (task.queue, task.role, tuple(task.candidates), tuple(task.excluded))
    found = known.get(offer)
    if found is None:
        offered = task.changed(owner_id=None) if task.owner_id is not None else task
        found = known[offer] = any(may_perform(actor, offered) for actor in people.present_actors(tx))
    return found


def raise_level(tx: Tx, task: Task) -> str:
    """The next role or approval level that somebody present holds, or the top one; empty for an open queue task."""
    anywhere = replace(task, queue="", candidates=[])
    for role in rungs_above(tx, task.role):
        if is_eligible(tx, replace(anywhere, role=role)):
            return role
    return ""


def rungs_above(tx: Tx, role: str) -> list[str]:
    """Roles above `role` in the ladder, or approval levels above it by rank."""
    levels = [level.key for level in sorted(tx.actor.known_levels, key=lambda level: level.rank)]
    if role in levels:
        return levels[levels.index(role) + 1 :]
    if role in LADDER:
        return [str(rung) for rung in LADDER[LADDER.index(Role(role)) + 1 :]]
    return [str(Role.LEAD), str(Role.MANAGER)]
