"""A timer's text is worked out once, when the timer is armed; occurrence n is start + n × period, without drift (R10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.execution.compiler.code import TimerCode
from engine.execution.machine.run import Stuck
from engine.execution.machine.waits import moment
from engine.model.bpmn import TimerForm
from engine.model.cycle import Cycle, Schedule, first_occurrence, occurrence, parse_cycle
from engine.model.duration import Period, add_period, parse_moment, parse_period
from engine.model.values import Months
from engine.model.zones import out_of_range, to_microseconds

Facts = dict[str, object]
_LAST = to_microseconds(datetime.max.replace(tzinfo=UTC))


def arm_timer(timer: TimerCode, value: object, now: datetime, zone: ZoneInfo) -> Facts:
    """Work out when the timer is due; `value` is what its expression gave, for a literal its text."""
    if timer.clock:
        return {}
    if timer.micros is not None:
        return {"due": bounded_due(to_microseconds(now) + timer.micros)}
    if timer.period is not None:
        return {"due": to_microseconds(add_period(now, timer.period, zone))}
    if (timer.form is TimerForm.CYCLE and not isinstance(value, str)) or (isinstance(value, str) and _repeats(value)):
        return _arm_cycle(str(value), now, zone)
    if isinstance(value, str):
        text = value.strip()
        is_length = text.lstrip("\"'").startswith("P")
        due = add_period(now, parse_period(text), zone) if is_length else parse_moment(text, zone)
    elif isinstance(value, timedelta | Months):
        period = Period(exact=value) if isinstance(value, timedelta) else Period(months=value.count)
        due = add_period(now, period, zone)
    elif isinstance(value, datetime):
        due = value if value.tzinfo is not None else parse_moment(value.isoformat(), zone)
    elif isinstance(value, date):
        due = parse_moment(value.isoformat(), zone)
    else:
        raise Stuck("timer_without_time", "The timer's expression gave {value}, which is no time.", value=repr(value))
    return {"due": to_microseconds(due)}


def bounded_due(due: int) -> int:
    """Give the moment back; raise Invalid where it lies beyond all calendars."""
    if due > _LAST:
        raise out_of_range()
    return due


def _repeats(text: str) -> bool:
    return text.strip().lstrip("\"'").startswith("R")


def _arm_cycle(text: str, now: datetime, zone: ZoneInfo) -> Facts:
    cycle = parse_cycle(text, zone)
    found = first_occurrence(Schedule(cycle, now, zone))
    if found is None:
        return {"cycle": str(cycle), "from": to_microseconds(now), "number": 0, "spent": True}
    return {"cycle": str(cycle), "from": to_microseconds(now), "number": found.number, "due": to_microseconds(found.at)}


def next_of(facts: Facts, fired: int, zone: ZoneInfo) -> Facts | None:
    """Give the facts of the occurrence after the one that fired, or None where the cycle is over."""
    text, start = facts.get("cycle"), moment(facts.get("from"))
    if not isinstance(text, str) or start is None:
        return None
    cycle: Cycle = parse_cycle(text, zone)
    found = occurrence(Schedule(cycle, start, zone), fired + 1)
    if found is None:
        return None
    return {**facts, "number": found.number, "due": to_microseconds(found.at)}
