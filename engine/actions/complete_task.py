"""Completing a task checks permission, version and form, writes what the form declares, and advances the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.actions.advance_instance import advance_instance
from engine.actions.case_record import CaseRecord, lock_by_task
from engine.actions.check_answer import check_answer
from engine.actions.exclude_performer import exclude_performer
from engine.actions.form_of_task import form_of_task
from engine.actions.keep_answers import keep_answers
from engine.actions.permission import require_task
from engine.actions.task_changes import on_behalf, refuse_closed, refuse_others, refuse_resting, refuse_stale
from engine.execution.form_rules import validate
from engine.execution.runtime import TaskCompleted
from engine.model.errors import Conflict, Invalid
from engine.model.form import Form
from engine.model.running import Instance
from engine.model.task import Task, TaskState
from engine.model.values import normalise
from engine.store import rows
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody fills in: the version of the task that they saw, the form's values, and the button."""

    version: int | None = None
    data: Mapping[str, object]
    outcome: str | None = None


def complete_task(tx: Tx, task_id: str, answer: Answer) -> list[Task]:
    """Complete a task and give the tasks that were opened by it.

    Raises Conflict for a closed, foreign or changed task, Invalid with every field's fault; nothing is written then.
    """
    record, task = lock_by_task(tx, task_id)
    require_task(tx, task)
    refuse_closed(task)
    refuse_resting(task)
    refuse_others(tx, task)
    refuse_stale(task, answer.version)
    form = form_of_task(tx, task)
    values = _checked_values(record, form, answer)
    outcome = _checked_outcome(task, answer.outcome)
    check_answer(record, task, outcome=outcome, values=values)
    written = keep_answers(record, task, form, values)
    absent = on_behalf(tx, task)
    _close(tx, task, outcome, absent)
    record.completed[task.instance_id, task.wait_id] = task
    exclude_performer(record, task, absent)
    record.note(
        "task_completed",
        task=task.id,
        element=task.element_id,
        name=task.name,
        outcome=outcome,
        behalf=absent,
        fields=sorted(written),
    )
    declared = form.names if form is not None else frozenset[str]()
    event = TaskCompleted(task.wait_id, written, outcome or None, declared=declared)
    advance_instance(tx, record, rows.get(tx, Instance, task.instance_id), event)
    return [rows.get(tx, Task, opened) for opened in record.opened_tasks]


def _checked_values(record: CaseRecord, form: Form | None, answer: Answer) -> dict[str, object]:
    """The typed values; raises Invalid naming every fault at once."""
    if form is None:
        if answer.data:
            names = ", ".join(sorted(answer.data))
            raise Invalid("no_form", "This task asks for nothing, so {names} cannot be given with it.", names=names)
        return {}
    normalise(dict(answer.data), form.key)
    checked = validate(form, answer.data, record.facts)
    if checked.errors:
        raise Invalid(
            "form_invalid",
            "Not everything fits yet: see the marked fields. What you typed is kept.",
            fields=checked.errors,
        )
    return dict(checked.values)


def _checked_outcome(task: Task, outcome: str | None) -> str:
    """One of the task's buttons; raises Conflict for another one, or where one is needed and none was pressed."""
    if not task.outcomes:
        return ""
    if outcome in task.outcomes:
        return str(outcome)
    raise Conflict(
        "outcome_needed", "“{task}” ends with one of: {outcomes}.", task=task.name, outcomes=", ".join(task.outcomes)
    )


def _close(tx: Tx, task: Task, outcome: str, absent: str | None) -> None:
    """Write the task's end: who, when, for whom; whose it was stays, for a reference that is written is looked up."""
    owner = {} if task.owner_id is not None else {"owner_id": tx.actor.person_id}
    rows.update(
        tx,
        Task,
        task.id,
        state=TaskState.COMPLETED,
        closed_by=tx.actor.person_id,
        on_behalf_of=absent,
        closed_at=tx.now,
        outcome=outcome,
        draft=None,
        version=task.version + 1,
        **owner,
    )
