"""A closed case has no open task, timer or subscription of its own process: the diagram's terminate end sees to that."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from engine.actions.case_clocks import stop_clock
from engine.actions.case_record import CaseRecord
from engine.actions.inputs import text_of
from engine.actions.permission import require_case
from engine.model.case import CaseStatus, ClockRow
from engine.model.running import Instance
from engine.model.zones import local_day
from engine.store import counters, rows


def close_case(record: CaseRecord, instance: Instance, inputs: Mapping[str, object]) -> dict[str, object]:
    """Close the case with its root cause; contract clocks end here, a statutory one only by dispatch or lapse."""
    require_case(record.tx, record.case)
    cause = text_of(inputs, "root_cause", record.case.root_cause)
    for clock in rows.find(record.tx, ClockRow, case_id=record.case_id, state="running"):
        if clock.kind != "statutory" or text_of(inputs, "without_answer"):
            stop_clock(record, clock, on=local_day(record.tx.now, ZoneInfo(clock.zone)))
    if record.case.status != CaseStatus.CLOSED:
        counters.add(record.tx, "cases", "open", -1)
        counters.add(record.tx, "cases", "closed", 1)
    record.change(status=CaseStatus.CLOSED, closed_at=record.tx.now, root_cause=cause)
    record.note("case_closed", root_cause=cause)
    return {}
