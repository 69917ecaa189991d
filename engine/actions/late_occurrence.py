"""After an outage only the latest missed occurrence of a repeating timer fires; the others are skipped (R10)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from engine.model.cycle import Late, Schedule, occurrences_due, parse_cycle
from engine.model.operations import StartTimer
from engine.model.running import Timer


def latest_missed(timer: Timer | StartTimer, now: datetime) -> tuple[int | None, datetime]:
    """The number of the occurrence that fires now and when it was due; a timer without a cycle is its own occurrence."""
    due = timer.due_at or now
    text, armed = timer.spec.get("cycle"), timer.spec.get("starts_at")
    if not isinstance(text, str) or not text or not isinstance(armed, datetime):
        return None, due
    zone = ZoneInfo(str(timer.spec.get("zone") or "UTC"))
    late = Late.ALL if timer.spec.get("late_all") else Late.LATEST
    number = int(str(timer.spec.get("occurrence") or 1))
    found = occurrences_due(Schedule(parse_cycle(text, zone), armed, zone, late), number, now, most=1)
    return (found.fire[0].number, found.fire[0].at) if found.fire else (None, due)
