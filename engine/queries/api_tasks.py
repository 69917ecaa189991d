"""The tasks that a program may see: its person's own, those of the person's queues, or those of one case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.model.case import Case
from engine.model.errors import FieldError, Forbidden, Invalid, Message
from engine.model.lists import Listed, Place, listed
from engine.model.running import Subscription, SubscriptionState
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.queries.case_parts import visible_case
from engine.queries.task_page import visible_task
from engine.store import rows, task_pages, work_lists
from engine.store.staff import staff_of
from engine.store.task_pages import TaskScope
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with the number of its case and who has it."""

    task: Task
    case_number: str
    owner_login: str
    owner_name: str


@dataclass(frozen=True, slots=True)
class TaskDetails:
    """A task and the buttons that it offers beside its outcomes: element id and label."""

    line: TaskLine
    actions: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks to list; empty values do not narrow the list, no state means all open ones."""

    queue: str = ""
    states: tuple[TaskState, ...] = ()
    mine: bool = False
    text: str = ""
    case: str = ""


def tasks_for_program(tx: Tx, wanted: TaskFilter, after: Place | None, *, size: int) -> Listed[TaskLine]:
    """One page; raises NotFound for an unknown case, Forbidden for another's queue, Invalid for closed tasks of all cases."""
    found = task_pages.page(tx, _scope(tx, wanted), after, size=size + 1)
    lines = lines_of(tx, [task for task, _key in found])
    return listed([(line, key, line.task.id) for line, (_task, key) in zip(lines, found, strict=True)], after, size)


def case_of_task(tx: Tx, task_id: str) -> Case:
    """The case of a task; raises NotFound where the actor may not see it."""
    return rows.get(tx, Case, visible_task(tx, task_id).case_id)


def task_for_program(tx: Tx, task_id: str) -> TaskDetails:
    """One task; raises NotFound for a task that does not exist or that the actor may not see."""
    task = visible_task(tx, task_id)
    offered = rows.find(
        tx,
        Subscription,
        instance_id=task.instance_id,
        task_wait=task.wait_id,
        state=SubscriptionState.OPEN,
        order_by="id",
    )
    actions = [(each.element_id, each.action) for each in offered if each.action and task.is_open]
    return TaskDetails(lines_of(tx, [task])[0], actions)


def open_tasks_of_case(tx: Tx, case: Case) -> list[TaskLine]:
    """The open tasks of a case that the actor sees, in the order in which they came up."""
    return lines_of(
        tx, rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)), order_by="id", limit=500)
    )


def lines_of(tx: Tx, tasks: Sequence[Task]) -> list[TaskLine]:
    """Tasks with what a program wants to read beside them."""
    people = people_of(tx, (task.owner_id for task in tasks))
    ids = {task.case_id for task in tasks}  # of one case only, this transaction has it already
    cases = [rows.get(tx, Case, each) for each in ids] if len(ids) == 1 else rows.find(tx, Case, id=tuple(ids))
    numbers = {case.id: case.number for case in cases}
    nobody = ("", "")
    return [TaskLine(task, numbers[task.case_id], *people.get(task.owner_id or "", nobody)) for task in tasks]


def people_of(tx: Tx, ids: Iterable[str | None]) -> dict[str, tuple[str, str]]:
    """Login and name of people by id."""
    staff = staff_of(tx).people
    return {each: (staff[each].login, staff[each].name) for each in ids if each and each in staff}


def _scope(tx: Tx, wanted: TaskFilter) -> TaskScope:
    """What to read, narrowed by the filters."""
    return replace(_whose(tx, wanted), states=wanted.states, text=wanted.text)


def _whose(tx: Tx, wanted: TaskFilter) -> TaskScope:
    """A case's tasks, the actor's own, one queue's, or all that are the actor's to do."""
    own = work_lists.own_scope(tx.actor).owners
    if wanted.case:
        case = visible_case(tx, wanted.case)
        return TaskScope(case_id=case.id, owners=own, own=wanted.mine, queue=wanted.queue)
    if not set(wanted.states) <= OPEN_STATES:
        fault = FieldError(
            "state", Message("state_needs_case", "Tasks that are over are listed for one case: give its number too.")
        )
        raise Invalid("filter_invalid", "The list cannot be made from these filters.", fields=[fault])
    queues = [key for key, _name in work_lists.queues_of(tx)]
    if wanted.queue and wanted.queue not in queues:
        raise Forbidden(
            "queue_not_yours",
            "The queue {queue} is not one of yours. Ask its lead to add you to it.",
            queue=wanted.queue,
        )
    if wanted.mine:
        return TaskScope(owners=own, queue=wanted.queue)
    if wanted.queue:
        return TaskScope(queues=(wanted.queue,))
    return TaskScope(owners=own, queues=("", *queues), roles=tuple(sorted(_held_roles(tx))))


def _held_roles(tx: Tx) -> set[str]:
    """The actor's roles, and the approval levels that they reach."""
    top = max((level.rank for level in tx.actor.levels), default=-1)
    return {*tx.actor.roles, *(level.key for level in tx.actor.known_levels if level.rank <= top)}
