"""A case's clocks are rows that keep the whole clock; every change moves the thresholds in the same transaction (R11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from engine.actions.case_record import CaseRecord
from engine.model.case import ClockRow
from engine.model.clock import Clock, ClockState
from engine.model.clock_changes import stop
from engine.model.clock_rows import clock_from_plain, clock_to_plain
from engine.model.running import Timer
from engine.model.task import OPEN_STATES, Task
from engine.model.thresholds import threshold_due
from engine.model.zones import from_microseconds
from engine.store import rows, timers
from engine.store.ahead import find_of_case

COLUMNS = ("kind", "state", "data", "due_at", "due_local", "zone", "stopped_at", "fired", "version")

_DUE = "SELECT due_at FROM clock WHERE case_id = ? AND key = ?"


def clock_of(record: CaseRecord, key: str) -> ClockRow | None:
    """The case's clock with this key, if it has one."""
    if key not in record.clocks and not record.is_new:
        record.clocks[key] = next(iter(find_of_case(record.tx, ClockRow, record.case_id, key=key)), None)
    return record.clocks.get(key)


def due_of_clock(record: CaseRecord, key: str) -> datetime | None:
    """When the case's clock with this key is due; None where it has none."""
    known = record.clocks.get(key)
    if known is not None:
        return known.due_at
    found = record.tx.connection.row(_DUE, (record.case_id, key))
    return from_microseconds(found[0]) if found is not None and found[0] is not None else None


def as_clock(row: ClockRow) -> Clock:
    """The clock that a row keeps."""
    return clock_from_plain(row.data)


def add_clock(record: CaseRecord, clock: Clock) -> ClockRow:
    """Keep a new clock; thresholds that waited for it are armed."""
    empty = ClockRow(id=record.tx.new_id(), case_id=record.case_id, key=clock.key, started_at=clock.started)
    row = row_of(empty, clock)
    rows.insert(record.tx, row)
    record.clocks[clock.key] = row
    record.note(
        "clock_started", clock=clock.key, due=clock.due.day, rule=clock.basis.rule, version=clock.basis.rule_version
    )
    if not record.is_new:
        move_thresholds(record, row.key, clock)
    return row


def change_clock(record: CaseRecord, row: ClockRow, clock: Clock) -> ClockRow:
    """Keep the altered clock, and move its unfired thresholds and the due of its open tasks."""
    changed = row_of(replace(row, version=row.version + 1), clock)
    columns = {name: getattr(changed, name) for name in COLUMNS}
    rows.update(record.tx, ClockRow, row.id, **columns)
    record.clocks[row.key] = changed
    if clock.state != row.state or clock.due.instant != row.due_at:
        move_thresholds(record, row.key, clock)
        for task in rows.find(record.tx, Task, case_id=record.case_id, clock=row.key, state=tuple(sorted(OPEN_STATES))):
            rows.update(record.tx, Task, task.id, due_at=clock.due.instant)
    return changed


def stop_clock(record: CaseRecord, row: ClockRow, *, on: date) -> ClockRow:
    """Stop a clock by what happened on the local day `on`."""
    stopped = stop(as_clock(row), on, record.tx.now)
    record.note("clock_stopped", clock=row.key, on=on)
    return change_clock(record, row, stopped)


def row_of(row: ClockRow, clock: Clock) -> ClockRow:
    """The row with the whole clock, and with what lists, timers and letters read of it."""
    return replace(
        row,
        key=clock.key,
        kind=str(clock.kind),
        state=str(clock.state),
        data=clock_to_plain(clock),
        due_at=clock.due.instant,
        due_local=clock.due.day,
        zone=clock.due.zone,
        stopped_at=clock.stopped,
        fired=clock.fired,
    )


def move_thresholds(record: CaseRecord, key: str, clock: Clock) -> None:
    """Give the unfired thresholds of a clock their new due, or none while it does not run."""
    for timer in timers.of_clock(record.tx, record.case_id, key):
        rows.update(record.tx, Timer, timer.id, due_at=due_of_threshold(clock, timer.at)[0])


def due_of_threshold(clock: Clock, at: str) -> tuple[datetime | None, bool]:
    """When the threshold is to fire; no due while the clock stands, and skipped where it is settled (R11)."""
    if clock.state not in (ClockState.RUNNING, ClockState.BREACHED):
        return None, False
    due = threshold_due(clock, at)
    return due, due is None
