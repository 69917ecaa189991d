"""What somebody needs to do one task: the task, the case beside it, what its form is filled with, what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.execution.programs import program_of, runtime_named
from engine.model.audit import AuditEvent
from engine.model.case import Case, Customer
from engine.model.decision import Decision, SpecialMode
from engine.model.errors import Conflict, NotFound
from engine.model.form import Form, Store
from engine.model.running import Instance
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.queries.case_parts import (
    ClockView,
    Written,
    attachments_of,
    clocks_of,
    comments_of,
    decisions_of,
    description_of,
    events_with_texts,
    messages_of,
    names_of,
    special_modes_of,
    with_texts,
)
from engine.queries.drawings import drawing_of
from engine.store import rows
from engine.store.transaction import Tx

FactsOf = Callable[[Tx, Case], Mapping[str, object]]
_CUSTOMER = ("name", "email", "phone", "address", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """`known` are the names that the form's conditions may read; `names` are of all people on the page."""

    task: Task
    case: Case
    customer: Customer | None
    complainant: Customer | None
    instruction: str
    description: str
    clocks: Sequence[ClockView]
    decisions: Sequence[Decision]
    special_modes: Sequence[SpecialMode]
    comments: Sequence[Written]
    letters: Sequence[Written]
    attachments: Sequence[Written]
    open_tasks: Sequence[Task]
    done_tasks: Sequence[Task]
    known: Mapping[str, object]
    names: Mapping[str, str]

    def person(self, person_id: str | None) -> str:
        """The name of a person on the page."""
        return self.names.get(person_id or "", "")


def visible_task(tx: Tx, task_id: str) -> Task:
    """The task; raises NotFound for one that does not exist or that the actor may not see."""
    task = rows.maybe(tx, Task, task_id) if tx.actor.sees_cases else None
    if task is None:
        raise NotFound("task_not_found", "There is no such task that you may see.")
    return task


def task_page(tx: Tx, task_id: str, *, facts_of: FactsOf) -> TaskPage:
    """Read the page of a task; raises NotFound for a task that does not exist or that the actor may not see."""
    task = visible_task(tx, task_id)
    case = rows.get(tx, Case, task.case_id)
    instance = rows.get(tx, Instance, task.instance_id)
    decisions, special = decisions_of(tx, case.id), special_modes_of(tx, case.id)
    open_tasks = rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)), order_by="id")
    people = [person for each in (task, *open_tasks) for person in (each.owner_id, each.delegator_id)]
    people += [task.closed_by, task.on_behalf_of]
    people += [person for each in decisions for person in (each.decided_by, each.approved_by, each.on_behalf_of)]
    people += [person for mode in special for person in (mode.asked_by, mode.decided_by, mode.second_by)]
    return TaskPage(
        task=task,
        case=case,
        customer=rows.maybe(tx, Customer, case.customer_id),
        complainant=rows.maybe(tx, Customer, case.complainant_id),
        instruction=instruction_of(tx, instance, task),
        description=description_of(tx, case.id),
        clocks=clocks_of(tx, case.id),
        decisions=decisions,
        special_modes=special,
        comments=comments_of(tx, case.id, limit=5),
        letters=messages_of(tx, case.id, kinds=("letter", "reply", "question"), limit=5),
        attachments=attachments_of(tx, case.id),
        open_tasks=open_tasks,
        done_tasks=done_before(tx, task),
        known=known_to(tx, instance, task, facts_of(tx, case)),
        names=names_of(tx, people),
    )


def done_before(tx: Tx, task: Task) -> list[Task]:
    """The latest completed task of each other step of the same process."""
    done = rows.find(
        tx, Task, case_id=task.case_id, instance_id=task.instance_id, state=TaskState.COMPLETED, order_by="id"
    )
    return list({each.element_id: each for each in done if each.element_id != task.element_id}.values())


def instruction_of(tx: Tx, instance: Instance, task: Task) -> str:
    """What the diagram says about the task."""
    try:
        drawing = drawing_of(tx, instance.deployment_id, instance.process_id)
    except NotFound:
        return ""
    element = drawing.elements.get(task.element_id)
    return element.documentation.strip() if element is not None else ""


def known_to(tx: Tx, instance: Instance, task: Task, facts: Mapping[str, object]) -> dict[str, object]:
    """All names that can be seen where the task waits, nearest first, with the texts behind references."""
    if not task.is_open or not instance.status.is_live:
        return with_texts(tx, dict(facts))
    runtime = runtime_named(instance.runtime)
    program = program_of(tx.catalog.by_id(instance.deployment_id), deployments=tx.catalog)
    try:
        seen = runtime.visible(program, instance.state, task.wait_id, facts=facts)
    except Conflict:
        seen = {}
    return with_texts(tx, {**facts, **seen})


def filled_in(page: TaskPage, form: Form) -> dict[str, object]:
    """What the form is opened with: the draft as it was typed, else what is known of each field."""
    if page.task.draft is not None:
        return dict(page.task.draft)
    found: dict[str, object] = {}
    for field in form.fields:
        value = page.known.get(field.name)
        column = field.name.removeprefix("customer_").removeprefix("owner_")
        if field.store is Store.CUSTOMER and page.customer is not None and column in _CUSTOMER:
            value = getattr(page.customer, column)
        if value is not None and not field.readonly:
            found[field.name] = value
    return found


def changes_of(tx: Tx, task: Task, *, limit: int = 5) -> tuple[list[AuditEvent], dict[str, str]]:
    """What happened to a task last, the newest first, with the names of the people in it."""
    recent = rows.find(tx, AuditEvent, case_id=task.case_id, order_by="sequence DESC", limit=60)
    events = events_with_texts(tx, [event for event in recent if event.data.get("task") == task.id][:limit])
    people = [person for event in events for person in (event.actor_id, event.on_behalf_of)]
    people += [
        str(event.data[name]) for event in events for name in ("owner", "before", "behalf") if event.data.get(name)
    ]
    return events, names_of(tx, people)
