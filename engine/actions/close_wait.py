"""A wait that the machine closed closes its row in the same step: nothing stays open that nobody waits for (promise 5)."""

from __future__ import annotations

from engine.actions.case_record import CaseRecord
from engine.execution.runtime import WaitClosed
from engine.jobs import drop_of_wait
from engine.model.case import CaseMessage
from engine.model.running import Instance, Subscription, SubscriptionState, TimerState
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.store import counters, rows, timers

TASK_ENDS = {"completed": TaskState.COMPLETED, "failed": TaskState.FAILED, "skipped": TaskState.OBSOLETE}
TIMER_ENDS = {"fired": TimerState.FIRED, "skipped": TimerState.SKIPPED}
_CANCELLED = TimerState.CANCELLED  # an enumeration's member costs a look-up each time it is named


def close_wait(record: CaseRecord, instance: Instance, closed: WaitClosed) -> None:
    """Close the task, timer, subscription or job row of one wait, if it has one that nobody has closed yet."""
    if (instance.id, closed.wait_id) in record.settled:
        record.settled.remove((instance.id, closed.wait_id))
        return
    match closed.kind:
        case "task":
            close_task(record, instance, closed)
        case "timer":
            timers.settle(record.tx, instance, closed.wait_id, TIMER_ENDS.get(closed.how, _CANCELLED))
        case "message" | "signal":
            state = SubscriptionState.RECEIVED if closed.how == "received" else SubscriptionState.CLOSED
            known = record.received.pop((instance.id, closed.wait_id), None)
            if known is not None:
                rows.update(record.tx, Subscription, known, state=state)
            else:
                place = {**instance.place, "wait_id": closed.wait_id}
                rows.change_where(record.tx, Subscription, {"state": state}, state="open", **place)
        case _:
            drop_of_wait(record.tx, instance.id, closed.wait_id, case_id=instance.case_id)
            drop_letter(record, f"{instance.id}:{closed.wait_id}")


def drop_letter(record: CaseRecord, key: str) -> None:
    """A letter whose wait ended before it was handed over is never sent, and its row says so (promise 6)."""
    for letter in rows.find(record.tx, CaseMessage, dedupe_key=key, state="queued"):
        rows.update(record.tx, CaseMessage, letter.id, state="dropped")
        record.note("letter_dropped", letter=letter.letter, message=letter.id)


def close_task(record: CaseRecord, instance: Instance, closed: WaitClosed) -> None:
    """A completed task was written by the action; an interrupted one becomes Exited, a skipped one Obsolete (R20)."""
    completed = record.completed.pop((instance.id, closed.wait_id), None)
    if completed is not None:
        counters.add(record.tx, "tasks_by_queue", completed.queue, -1)
        return
    for task in rows.find(record.tx, Task, wait_id=closed.wait_id, **instance.place):
        counters.add(record.tx, "tasks_by_queue", task.queue, -1)
        if task.state not in OPEN_STATES:
            continue
        state = TASK_ENDS.get(closed.how, TaskState.EXITED)
        rows.update(record.tx, Task, task.id, state=state, closed_at=record.tx.now, version=task.version + 1)
        record.note("task_exited", task=task.id, element=task.element_id)
