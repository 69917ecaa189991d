"""Escalation by level: 50 tells the owner or the lead, 80 the lead, 100 puts the task before a present person (R11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.actions.case_record import CaseRecord
from engine.actions.choose_owner import Owner, present_owner
from engine.actions.inputs import amount_of, text_of
from engine.actions.notify_people import leads_of, tell
from engine.actions.permission import may_be_given, require_case
from engine.actions.task_changes import in_state
from engine.model.running import Instance
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.store import people, rows
from engine.store.ahead import find_of_case


def escalate_task(record: CaseRecord, instance: Instance, inputs: Mapping[str, object]) -> dict[str, object]:
    """Escalate the case's open tasks on the clock `clock` to `level`; the draft stays, old and new owner are told."""
    require_case(record.tx, record.case)
    clock = text_of(inputs, "clock", "contract")
    level = int(amount_of(inputs, "level") or 50)
    told: list[str] = []
    for task in find_of_case(record.tx, Task, record.case_id, clock=clock, state=tuple(sorted(OPEN_STATES))):
        if level >= 100:
            told += reassign_overdue(record, task)
        elif level >= 80 or task.owner_id is None:
            told += [tell_escalation(record, lead, task, level) for lead in leads_of(record, task.queue)]
        else:
            told.append(tell_escalation(record, task.owner_id, task, level))
    record.note("escalated", clock=clock, level=level, told=sorted(set(told)))
    return {}


def tell_escalation(record: CaseRecord, person_id: str, task: Task, level: int) -> str:
    """One notice a level, task and person."""
    dedupe = f"{task.id}:{level}"
    return tell(record, person_id, f"escalation_{level}", dedupe=dedupe, task_id=task.id, task=task.name)


def reassign_overdue(record: CaseRecord, task: Task) -> list[str]:
    """Give the task to its lead (or who stands in); where nobody eligible is present it goes to the managers' queue."""
    tx = record.tx
    owner = new_owner(record, task)
    told = [tell_escalation(record, lead, task, 100) for lead in leads_of(record, task.queue)]
    if task.owner_id is not None:
        told.append(tell_escalation(record, task.owner_id, task, 100))
    if owner is None:
        record.note("nobody_to_escalate_to", task=task.id)
        return told + [tell_escalation(record, manager, task, 100) for manager in people.managers(tx)]
    if owner.person_id == task.owner_id:
        return told
    rows.update(
        tx,
        Task,
        task.id,
        owner_id=owner.person_id,
        delegator_id=owner.for_absent,
        **in_state(task, TaskState.RESERVED),
        claimed_at=tx.now,
        version=task.version + 1,
    )
    record.note(
        "reassigned",
        task=task.id,
        before=task.owner_id,
        owner=owner.person_id,
        why="escalation",
        behalf=owner.for_absent,
    )
    told.append(tell_escalation(record, owner.person_id, task, 100))
    return told


def new_owner(record: CaseRecord, task: Task) -> Owner | None:
    """The present lead of the task's queue, else a present manager, never somebody excluded, absent or without the role."""
    for person in [*leads_of(record, task.queue), *people.managers(record.tx)]:
        owner = present_owner(record.tx, person, replace(task, owner_id=None))
        if owner is not None and may_be_given(people.actor_of(record.tx, owner.person_id), task):
            return owner
    return None
