"""What a migration means for tasks and messages is told as one row each: kept, changed, subscribed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.execution.operations.records import Change, ChangeKind, OpenTasks, Plan
from engine.execution.operations.telling import Naming
from engine.execution.runtime import TaskWait, Wait
from engine.model.errors import Message

_OPENS = (ChangeKind.TIMER_ADDED, ChangeKind.MESSAGE_ADDED, ChangeKind.SIGNAL_ADDED)


def of_tasks(before: Mapping[str, Wait], after: Iterable[Wait], plan: Plan, tasks: OpenTasks) -> Iterator[Change]:
    """Tell of every task that stays open: as it is or as what, and which fields of its draft the new form lacks."""
    for new in after:
        old = before.get(new.id)
        if isinstance(old, TaskWait) and isinstance(new, TaskWait):
            yield _task(old, new)
            lacking = sorted(tasks.drafts.get(new.id, frozenset()) - plan.forms.get(new.form, frozenset()))
            if lacking and (new.form in plan.forms or not new.form):
                message = Message(
                    "migrate_fields",
                    "The new form of “{element}” has no {fields}; what was typed there is not shown any more.",
                    {"element": new.name or new.element_id, "fields": ", ".join(lacking)},
                )
                yield Change(ChangeKind.FIELDS_LACKING, new.element_id, message, new.id)


def _task(old: TaskWait, new: TaskWait) -> Change:
    names = {"element": old.name or old.element_id, "other": new.name or new.element_id}
    if (old.element_id, old.name) != (new.element_id, new.name):
        told = Message("migrate_task_renamed", "The task “{element}” goes on as “{other}”.", names)
    elif old != new:
        told = Message(
            "migrate_task_changed", "The task “{element}” stays open and changes with the new version.", names
        )
    else:
        told = Message("migrate_task_kept", "The task “{element}” stays as it is.", names)
        return Change(ChangeKind.TASK_KEPT, new.element_id, told, new.id)
    return Change(ChangeKind.TASK_CHANGED, new.element_id, told, new.id)


def without_renewals(changes: Iterable[Change], renewed: Mapping[str, str], name: Naming) -> list[Change]:
    """Tell of a wait that was closed only to be opened under another name as one change."""
    told: list[Change] = []
    for change in changes:
        if change.wait_id in renewed:
            continue
        if change.wait_id in renewed.values() and change.kind in _OPENS:
            message = Message(
                "migrate_renewed",
                "“{element}” waits for something else in the new version, under the same key.",
                {"element": name(change.element_id)},
            )
            told.append(Change(ChangeKind.MESSAGE_RENAMED, change.element_id, message, change.wait_id))
        else:
            told.append(change)
    return told
