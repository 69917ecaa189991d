"""An armed timer is a row; a threshold's due comes from the case's clock, and moves with it (R11)."""

from __future__ import annotations

from datetime import datetime

from engine.actions.case_clocks import as_clock, clock_of, due_of_threshold
from engine.actions.case_record import CaseRecord
from engine.execution.runtime import Threshold, TimerWait
from engine.model.records import maker
from engine.model.running import Instance, Timer, TimerState
from engine.store import rows

_timer = maker(Timer)


def arm_timer(record: CaseRecord, instance: Instance, wait: TimerWait) -> None:
    """Keep the timer; a threshold that is already past, or is settled for this clock, is recorded as skipped."""
    due, skipped = (wait.due, False) if wait.threshold is None else threshold_of(record, wait.threshold)
    if skipped and wait.threshold is not None:
        record.note("threshold_skipped", clock=wait.threshold.clock, at=wait.threshold.at, element=wait.element_id)
    row = _timer(
        id=record.tx.new_id(),
        case_id=record.case_id,
        instance_id=instance.id,
        wait_id=wait.id,
        element_id=wait.element_id,
        due_at=due,
        state=TimerState.SKIPPED if skipped else TimerState.PENDING,
        clock_key=wait.threshold.clock if wait.threshold else "",
        at=wait.threshold.at if wait.threshold else "",
        spec=schedule_of(wait),
        armed_at=record.tx.now,
        settled_at=record.tx.now if skipped else None,
    )
    rows.insert(record.tx, row)


def threshold_of(record: CaseRecord, threshold: Threshold) -> tuple[datetime | None, bool]:
    """The due of a threshold and whether it is skipped; no due while the case has no such clock."""
    row = clock_of(record, threshold.clock)
    if row is None:
        return None, False
    return due_of_threshold(as_clock(row), threshold.at)


def schedule_of(wait: TimerWait) -> dict[str, object]:
    """What the late policy needs of a repeating timer (R10)."""
    if not wait.cycle:
        return {}
    return {
        "cycle": wait.cycle,
        "occurrence": wait.occurrence,
        "starts_at": wait.starts_at,
        "late_all": wait.late_all,
        "zone": wait.zone,
    }
