"""A case under change: what one step alters is gathered here and written once, with its audit events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine.actions.case_facts import CaseFacts
from engine.model.case import Case, ClockRow
from engine.model.records import changed
from engine.model.task import Task
from engine.store import audit, rows
from engine.store.ahead import is_held_unread
from engine.store.task_lock import lock_task
from engine.store.transaction import Tx


@dataclass(slots=True)
class CaseRecord:
    """The locked case, its pending column changes and its pending audit events, in order.

    `completed` are the tasks, `received` the subscription whose message has come, `settled` the waits whose rows an action
    has closed already, or that have none, by instance and wait; `clocks` are the rows that were looked up, by their keys.
    A case `is_new` until its process starts.
    """

    tx: Tx
    case_id: str
    changes: dict[str, object] = field(default_factory=dict[str, object])
    events: list[tuple[str, dict[str, object]]] = field(default_factory=list[tuple[str, dict[str, object]]])
    opened_tasks: list[str] = field(default_factory=list[str])
    completed: dict[tuple[str, str], Task] = field(default_factory=dict[tuple[str, str], Task])
    received: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    settled: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    clocks: dict[str, ClockRow | None] = field(default_factory=dict[str, "ClockRow | None"])
    is_new: bool = False
    variables_of: Callable[[], dict[str, object]] = dict[str, object]
    known: Case | None = None
    facts: CaseFacts = field(init=False)

    def __post_init__(self) -> None:
        self.facts = CaseFacts(self.tx, self.known, self.case_id)

    @property
    def case(self) -> Case:
        """The case with its pending changes; it is put together, or read, when somebody looks at it."""
        if self.known is None:
            self.known = rows.get(self.tx, Case, self.case_id)
        return self.known

    def column(self, name: str) -> Any:
        """One column of the case with its pending changes, for which the whole row need not be put together."""
        if self.known is None and rows.is_known(self.tx, Case, self.case_id):
            return rows.known_field(self.tx, Case, self.case_id, name)
        return getattr(self.case, name)

    def change(self, **columns: object) -> None:
        """Alter columns of the case; what reads the facts afterwards sees the new values."""
        case = self.case
        different = {name: value for name, value in columns.items() if getattr(case, name) != value}
        if different:
            self.known = changed(case, different)
            self.changes.update(different)
            self.refresh()

    def kept(self) -> tuple[Case | None, dict[str, object], list[tuple[str, dict[str, object]]]]:
        """What is pending now, for `go_back`."""
        return self.known, dict(self.changes), list(self.events)

    def go_back(self, kept: tuple[Case | None, dict[str, object], list[tuple[str, dict[str, object]]]]) -> None:
        """Forget what was changed and noted since; the rows are undone by the savepoint around it."""
        self.known, self.changes, self.events = kept
        self.clocks.clear()
        self.refresh()

    def refresh(self) -> None:
        """Read the facts anew, after rows beside the case changed."""
        self.facts = CaseFacts(self.tx, self.known, self.case_id)

    def note(self, kind: str, /, **data: object) -> None:
        """Add an audit event; `data` holds codes, keys and figures, never personal values."""
        self.events.append((kind, data))

    def flush(self) -> None:
        """Write the pending changes and events."""
        if self.events:
            audit.append_many(self.tx, self.case_id, self.events, changes=self.changes)
        elif self.changes:
            rows.update(self.tx, Case, self.case_id, **self.changes)
        self.changes.clear()
        self.events.clear()


def lock_by_task(tx: Tx, task_id: str) -> tuple[CaseRecord, Task]:
    """Take the row of the task's case, and give the task as it is then; raise NotFound."""
    task = lock_task(tx, task_id)
    return _blank(tx, task.case_id, None), task


def lock(tx: Tx, case_id: str) -> CaseRecord:
    """Take the case's row (the lock of everything that belongs to the case)."""
    if is_held_unread(tx, case_id):
        return _blank(tx, case_id, None)
    return record_of(tx, rows.get(tx, Case, case_id, lock=True))


def record_of(tx: Tx, case: Case) -> CaseRecord:
    """A record of a case that is held, or only looked at, with nothing in it yet."""
    return _blank(tx, case.id, case)


def _blank(tx: Tx, case_id: str, case: Case | None) -> CaseRecord:
    """A default of a stated type is made five times as slowly as an empty one is given."""
    return CaseRecord(tx, case_id, {}, [], [], {}, {}, set(), {}, known=case)
