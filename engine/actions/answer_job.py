"""The result of work outside is an event of its own; one that comes too late is recorded and dropped (R4)."""

from __future__ import annotations

from engine.actions.advance_instance import advance_instance
from engine.actions.case_record import lock
from engine.actions.permission import require_system
from engine.execution.runtime import JobDone, JobFailed, SignalReceived
from engine.model.errors import Conflict
from engine.model.running import Instance
from engine.store import rows
from engine.store.transaction import Tx


def answer_job(tx: Tx, instance_id: str, event: JobDone | JobFailed | SignalReceived) -> None:
    """Give a job's result, or a signal, to its instance."""
    require_system(tx)
    instance = rows.get(tx, Instance, instance_id)
    record = lock(tx, instance.case_id)
    instance = rows.get(tx, Instance, instance_id)
    if not instance.status.is_live:
        record.note("late_result", wait=event.wait_id, instance=instance.id)
        record.flush()
        return
    try:
        advance_instance(tx, record, instance, event)
    except Conflict:
        record.note("late_result", wait=event.wait_id, instance=instance.id)
        record.flush()
