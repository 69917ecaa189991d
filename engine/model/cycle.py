"""A repeating timer's n-th occurrence is start + n × period on the local calendar; after an outage none is lost unrecorded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from engine.model.duration import Period, add_period, parse_moment, parse_period, unquoted
from engine.model.errors import Invalid

_REPEAT = re.compile(r"R(-1|\d{1,9})?", re.ASCII)


class Late(StrEnum):
    """What fires of the occurrences that an outage missed (R10): the latest one, or on request all of them."""

    LATEST = "latest"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Cycle:
    """An ISO 8601 repeating interval; without `repetitions` it never ends, without `start` it starts when armed."""

    period: Period
    repetitions: int | None = None
    start: datetime | None = None
    end: datetime | None = None

    def __str__(self) -> str:
        count = "" if self.repetitions is None else str(self.repetitions)
        start = f"/{_iso(self.start)}" if self.start else ""
        end = f"/{_iso(self.end)}" if self.end else ""
        return f"R{count}{start}/{self.period}{end}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cycle that was armed at a time, in a zone."""

    cycle: Cycle
    armed: datetime
    zone: ZoneInfo
    late: Late = Late.LATEST


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The n-th time of a schedule."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """What a look at a schedule found: occurrences to fire now, numbers to record as skipped, and the next to wait for."""

    fire: tuple[Occurrence, ...]
    skipped: range
    next: Occurrence | None


def parse_cycle(text: str, zone: ZoneInfo) -> Cycle:
    """Read `R3/PT10M`, `R/START/P1M`, `R5/PT1H/END` or `R/START/END`, quoted or not; local times are the zone's.

    Raises `Invalid` for anything else, and for a cycle without end whose period is zero.
    """
    first, *parts = unquoted(text).split("/")
    repeat = _REPEAT.fullmatch(first)
    if repeat is None or not 1 <= len(parts) <= 3:
        raise Invalid(
            "cycle_unreadable",
            "“{text}” is not a repeating time; write for instance R3/PT10M or R/2026-01-01T09:00:00Z/P1D.",
            text=text,
        )
    count = None if repeat[1] in (None, "-1") else int(repeat[1])
    cycle = _cycle(parts, count, zone)
    if cycle.period.exact < timedelta() or (cycle.period.is_zero and count is None):
        raise Invalid("cycle_endless", "“{text}” would never get further; write a period longer than zero.", text=text)
    return cycle


def occurrence(schedule: Schedule, number: int) -> Occurrence | None:
    """Give the n-th occurrence, or none where the cycle has ended before it.

    Numbers begin at 1: at the start that the cycle names, else one period after arming.
    """
    cycle = schedule.cycle
    if number < 1 or (cycle.repetitions is not None and number > cycle.repetitions):
        return None
    try:
        passed = cycle.period.times(number if cycle.start is None else number - 1)
        at = add_period(cycle.start or schedule.armed, passed, schedule.zone)
    except Invalid:
        return None
    return None if cycle.end is not None and at > cycle.end else Occurrence(number, at)


def first_occurrence(schedule: Schedule) -> Occurrence | None:
    """Give the first occurrence that is not before the arming; earlier ones of a past start are spent."""
    found = occurrence(schedule, 1)
    if found is None or found.at >= schedule.armed:
        return found
    number = _latest_until(schedule, 1, schedule.armed)
    latest = occurrence(schedule, number)
    return latest if latest and latest.at == schedule.armed else occurrence(schedule, number + 1)


def occurrences_due(schedule: Schedule, number: int, now: datetime, *, most: int = 1000) -> Due:
    """Settle what is due at `now` from occurrence `number` on, the one that was waited for.

    Of several missed ones the latest fires and the others are recorded as skipped, or with `late` all fire in order,
    at most `most` in one look. Each occurrence is settled exactly once if the next look starts at `next`.
    """
    waited = occurrence(schedule, number)
    if waited is None or waited.at > now:
        return Due((), range(0), waited)
    latest = _latest_until(schedule, number, now)
    if schedule.late is Late.ALL:
        latest = min(latest, number + most - 1)
        fired = tuple(found for n in range(number, latest + 1) if (found := occurrence(schedule, n)))
        return Due(fired, range(0), occurrence(schedule, latest + 1))
    last = occurrence(schedule, latest)
    return Due((last,) if last else (), range(number, latest), occurrence(schedule, latest + 1))


def _cycle(parts: list[str], count: int | None, zone: ZoneInfo) -> Cycle:
    periods = [part.startswith("P") for part in parts]
    if periods == [True]:
        return Cycle(parse_period(parts[0]), count)
    if periods == [True, False]:
        return Cycle(parse_period(parts[0]), count, end=parse_moment(parts[1], zone))
    start = parse_moment(parts[0], zone)
    if periods == [False, False]:
        return Cycle(Period(exact=parse_moment(parts[1], zone) - start), count, start)
    return Cycle(parse_period(parts[1]), count, start, parse_moment(parts[2], zone) if len(parts) == 3 else None)


def _latest_until(schedule: Schedule, number: int, now: datetime) -> int:
    """Find by doubling and halving the last occurrence not after `now`; `number` itself is one."""
    step = 1
    while _is_due(schedule, number + step, now):
        step *= 2
    low, high = number + step // 2, number + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_due(schedule, middle, now) else (low, middle)
    return low


def _is_due(schedule: Schedule, number: int, now: datetime) -> bool:
    found = occurrence(schedule, number)
    return found is not None and found.at <= now


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
