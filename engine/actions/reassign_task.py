"""Leads move work: the task goes to a present person with a reason; the draft stays, old and new owner are told."""

from __future__ import annotations

from dataclasses import replace

from engine.actions.case_record import CaseRecord, lock_by_task
from engine.actions.choose_owner import present_owner
from engine.actions.keep_answers import keep_reason
from engine.actions.notify_people import tell
from engine.actions.permission import may_be_given, may_perform, require_lead, require_signed_in, require_task
from engine.actions.task_changes import in_state, refuse_closed, refuse_others
from engine.model.errors import Conflict, FieldError, Forbidden, Invalid, Message, NotFound
from engine.model.people import Person
from engine.model.task import Task, TaskState
from engine.store import people, rows
from engine.store.transaction import Tx

DELEGATED = "delegated"


def reassign_task(tx: Tx, task_id: str, *, to: str, reason: str) -> Task:
    """Give the task to the person `to` (id or login), or their substitute while absent.

    Raises Forbidden for somebody who is not the lead, Invalid without a reason, Conflict where `to` may not do it.
    """
    record, task = lock_by_task(tx, task_id)
    require_lead(tx, task)
    refuse_closed(task)
    if not reason.strip():
        fault = FieldError("reason", Message("reason_needed", "Say why; the old and the new owner read it."))
        raise Invalid("reason_needed", "A reassignment needs a reason.", fields=[fault])
    person = person_named(tx, to)
    owner = present_owner(tx, person.id, replace(task, owner_id=None))
    if owner is None or not may_be_given(people.actor_of(tx, owner.person_id), task):
        raise Conflict(
            "cannot_take_task",
            "{person} cannot take “{task}”: absent without a substitute, without the role that it needs, or part of an "
            "earlier step. Choose somebody else.",
            person=person.name,
            task=task.name,
        )
    return hand_over(record, task, owner.person_id, behalf=owner.for_absent, reason=reason.strip())


def delegate_task(tx: Tx, task_id: str, *, to: str) -> Task:
    """The owner hands the task to a colleague who may do it; the delegator stays a potential owner (R20)."""
    person_id = require_signed_in(tx)
    record, task = lock_by_task(tx, task_id)
    require_task(tx, task)
    refuse_closed(task)
    refuse_others(tx, task)
    person = person_named(tx, to)
    if not may_perform(people.actor_of(tx, person.id), replace(task, owner_id=None)):
        raise Forbidden(
            "delegate_not_allowed",
            "{person} may not do “{task}”: it needs the queue {queue} or another role.",
            person=person.name,
            task=task.name,
            queue=task.queue or "–",
        )
    if not people.is_present(tx, person.id):
        raise Conflict("delegate_absent", "{person} is absent today. Choose somebody who is here.", person=person.name)
    return hand_over(record, task, person.id, behalf=person_id, reason=DELEGATED)


def hand_over(record: CaseRecord, task: Task, owner: str, *, behalf: str | None, reason: str) -> Task:
    """Write the new owner and tell both; what was typed stays with the task."""
    tx = record.tx
    changes = {"owner_id": owner, "delegator_id": behalf, "claimed_at": tx.now, **in_state(task, TaskState.RESERVED)}
    rows.update(tx, Task, task.id, version=task.version + 1, **changes)
    record.note(
        "reassigned",
        task=task.id,
        before=task.owner_id,
        owner=owner,
        behalf=behalf,
        why=reason if reason == DELEGATED else keep_reason(record, reason),
    )
    tell(record, owner, "task_given", task_id=task.id, task=task.name, reason=reason)
    if task.owner_id is not None and task.owner_id not in (owner, tx.actor.person_id):
        tell(record, task.owner_id, "task_taken_away", task_id=task.id, task=task.name, reason=reason)
    record.flush()
    return rows.get(tx, Task, task.id)


def person_named(tx: Tx, named: str) -> Person:
    """An active person by id or login; raises NotFound."""
    person = people.by_id_or_login(tx, named)
    if person is None or not person.active:
        raise NotFound("person_unknown", "There is no colleague “{person}” who could take this.", person=named)
    return person
