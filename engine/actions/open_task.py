"""A user task that the machine waits for becomes a row with its potential owners, exclusions, clock and due."""

from __future__ import annotations

from dataclasses import replace

from engine.actions.case_clocks import due_of_clock
from engine.actions.case_record import CaseRecord
from engine.actions.choose_owner import choose_owner, is_eligible, raise_level
from engine.actions.notify_people import tell
from engine.execution.runtime import TaskWait
from engine.model.records import maker
from engine.model.running import Instance, InstanceStatus
from engine.model.task import Task, TaskState
from engine.store import counters, rows
from engine.store.transaction import Tx

_task = maker(Task)


def open_task(record: CaseRecord, instance: Instance, wait: TaskWait) -> None:
    """Offer the task to its queue or role, or allocate it to the person that the diagram names."""
    tx = record.tx
    due = wait.due or (due_of_clock(record, wait.clock) if wait.clock else None)
    task = _task(
        id=tx.new_id(),
        case_id=record.case_id,
        instance_id=instance.id,
        wait_id=wait.id,
        element_id=wait.element_id,
        process_id=wait.process_id,
        name=wait.name or wait.element_id,
        state=TaskState.READY,
        queue=wait.queue,
        role=wait.role,
        lane=wait.lane,
        owner_id=None,
        delegator_id=None,
        candidates=(*wait.candidate_users, *wait.candidate_groups),
        excluded=tuple(sorted(_excluded_people(tx, instance, wait.excludes))),
        form=wait.form,
        outcomes=tuple(wait.outcomes),
        priority=wait.priority or record.column("priority"),
        clock=wait.clock,
        due_at=due,
        created_at=tx.now,
    )
    _place(record, instance, wait, task)


def _place(record: CaseRecord, instance: Instance, wait: TaskWait, task: Task) -> None:
    """Choose an owner where one is named; where nobody is eligible, raise the level and say so."""
    tx = record.tx
    owner = choose_owner(tx, instance, wait, task)
    raised = "" if owner or is_eligible(tx, task) else raise_level(tx, task)
    if raised:
        record.note("level_raised", task=task.id, element=task.element_id, before=task.role or task.queue, role=raised)
        task = replace(task, role=raised, queue="")
    if owner is not None:
        task = replace(task, owner_id=owner.person_id, delegator_id=owner.for_absent)
        task = replace(task, state=TaskState.RESERVED, claimed_at=tx.now)
    if instance.status is InstanceStatus.SUSPENDED:  # what comes up while the process rests, rests too
        task = replace(task, state=TaskState.SUSPENDED, state_before=task.state)
    rows.insert(tx, task)
    counters.add(tx, "tasks_by_queue", task.queue, 1)
    if task.queue and not record.column("queue"):  # before a table has chosen one, the case is where its first task is
        record.change(queue=task.queue)
    record.opened_tasks.append(task.id)
    record.note(
        "task_opened",
        task=task.id,
        element=task.element_id,
        name=task.name,
        owner=task.owner_id,
        behalf=task.delegator_id,
    )
    if task.owner_id is not None and task.owner_id != tx.actor.person_id:
        tell(record, task.owner_id, "task_allocated", task_id=task.id, task=task.name)


def _excluded_people(tx: Tx, instance: Instance, elements: tuple[str, ...]) -> set[str]:
    """Who performed one of `elements` in this case, or started the process where an element is its start event."""
    if not elements:
        return set()
    done = rows.find(tx, Task, case_id=instance.case_id, element_id=elements, state=TaskState.COMPLETED)
    people = {person for task in done for person in (task.closed_by, task.on_behalf_of) if person}
    performed = {task.element_id for task in rows.find(tx, Task, case_id=instance.case_id, element_id=elements)}
    if instance.started_by and set(elements) - performed:
        people.add(instance.started_by)
    return people
