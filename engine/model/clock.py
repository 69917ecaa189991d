"""A clock's due follows from its length, calendar and start alone; how much is used is counted in running time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from functools import lru_cache

from engine.model.calendar import Calendar, add_working_days, next_working_day, working_spans
from engine.model.duration import (
    CalendarDays,
    CalendarUnit,
    Length,
    Period,
    WorkingDays,
    add_period,
    parse_length,
    parse_moment,
    unquoted,
)
from engine.model.errors import Invalid
from engine.model.zones import MICROSECOND, add_days, add_months, end_of_day, local_day


class ClockKind(StrEnum):
    """Who set the clock: the law, the customer's contract, or the house itself."""

    STATUTORY = "statutory"
    CONTRACT = "contract"
    INTERNAL = "internal"


class ClockState(StrEnum):
    """A clock runs until it is stopped; past its due it is breached, or has lapsed where the law attaches an effect."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    BREACHED = "breached"
    LAPSED = "lapsed"


class ChipColour(StrEnum):
    """The class name of a clock's chip."""

    OK = "ok"
    SOON = "soon"
    LATE = "late"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a clock: the last local day, its zone, the instant, and the day from which the end was moved (R12)."""

    day: date
    zone: str
    instant: datetime
    moved_from: date | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock does not run; open while `until` is none."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Basis:
    """Why a clock has its length: the rule row and its version with what chose it, or the contract's segment."""

    country: str = ""
    party: str = ""
    segment: str = ""
    rule: str = ""
    rule_version: int = 0


@dataclass(frozen=True, slots=True)
class ClockPlan:
    """A clock before it starts."""

    key: str
    kind: ClockKind
    calendar: Calendar
    length: Length
    move_off_holidays: bool = False
    basis: Basis = field(default_factory=Basis)


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline of one case. `armed` is when it was made known, which for an import is later than `started`."""

    key: str
    kind: ClockKind
    calendar: Calendar
    length: Length | None
    started: datetime
    event_day: date
    due: Due
    armed: datetime
    state: ClockState = ClockState.RUNNING
    stopped: datetime | None = None
    move_off_holidays: bool = False
    fired: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    pauses: tuple[Pause, ...] = ()
    basis: Basis = field(default_factory=Basis)


def due_of(
    length: Length,
    started: datetime,
    *,
    calendar: Calendar,
    event_day: date | None = None,
    move_off_holidays: bool = False,
) -> Due:
    """Compute a due (R12): day units exclude the day of the event and end at 24:00 local, periods count from `started`.

    Raises `Invalid` for working hours, which no clock counts yet.
    """
    zone = calendar.zone_info
    if isinstance(length, Period):
        instant = add_period(started, length, zone)
        return Due(local_day(instant, zone), zone.key, instant)
    day = event_day or local_day(started, zone)
    if isinstance(length, WorkingDays):
        end = add_working_days(calendar, day, length.count)
    elif isinstance(length, CalendarDays):
        end = _calendar_end(day, length)
    else:
        raise Invalid(
            "working_hours_not_counted",
            "A clock cannot count “{length}” yet; give its length in working days, days, or as a duration.",
            length=str(length),
        )
    last = next_working_day(calendar, end) if move_off_holidays else end
    return Due(last, zone.key, end_of_day(last, zone), end if last != end else None)


def start_clock(
    plan: ClockPlan, started: datetime, *, event_day: date | None = None, armed: datetime | None = None
) -> Clock:
    """Start a clock at an event; `armed` is now where the event lies in the past."""
    day = event_day or local_day(started, plan.calendar.zone_info)
    due = due_of(plan.length, started, calendar=plan.calendar, event_day=day, move_off_holidays=plan.move_off_holidays)
    return Clock(
        plan.key,
        plan.kind,
        plan.calendar,
        plan.length,
        started,
        day,
        due,
        armed or started,
        move_off_holidays=plan.move_off_holidays,
        basis=plan.basis,
    )


def given_clock(key: str, given: str | date | timedelta | Length, *, started: datetime, calendar: Calendar) -> Clock:
    """Start a clock of which somebody gives the length (`P10D`, `3 working days`) or the due itself.

    A due that is a date ends at 24:00 of it. Raises `Invalid` for a text that is neither.
    """
    kind = ClockKind(key) if key in set(ClockKind) else ClockKind.INTERNAL
    given = unquoted(given) if isinstance(given, str) else given
    if isinstance(given, str) and given[:1].isdigit() and given[4:5] == "-":
        moment = parse_moment(given, calendar.zone_info)
        given = moment if "T" in given else local_day(moment, calendar.zone_info)
    if isinstance(given, date):
        due = _given_due(given, calendar)
        return Clock(key, kind, calendar, None, started, local_day(started, calendar.zone_info), due, started)
    length = parse_length(given) if isinstance(given, str) else given
    length = Period(exact=length) if isinstance(length, timedelta) else length
    return start_clock(ClockPlan(key, kind, calendar, length), started)


def recomputed_due(clock: Clock) -> Due:
    """Compute the due again from length, calendar and start; it equals the stored one unless somebody set it."""
    if clock.length is None:
        return clock.due
    return due_of(
        clock.length,
        clock.started,
        calendar=clock.calendar,
        event_day=clock.event_day,
        move_off_holidays=clock.move_off_holidays,
    )


def runs_from(clock: Clock) -> datetime:
    """Give the instant from which time counts: day units begin after the day of the event."""
    if isinstance(clock.length, CalendarDays | WorkingDays):
        return end_of_day(clock.event_day, clock.calendar.zone_info)
    return clock.started


def running_time(clock: Clock, until: datetime) -> timedelta:
    """Give how long the clock has run up to an instant; working-day clocks run on working days only (R11)."""
    first = runs_from(clock)
    if until <= first:
        return timedelta()
    if not isinstance(clock.length, WorkingDays):
        return until - first
    return working_time(clock.calendar, first, until)


def working_time(calendar: Calendar, first: datetime, until: datetime) -> timedelta:
    """Give how much of the time between two instants lies on working days."""
    total = timedelta()
    for begin, end in working_spans(calendar, first):
        if begin >= until:
            break
        total += min(end, until) - begin
    return total


def instant_at(clock: Clock, percent: Decimal) -> datetime:
    """Give the first instant at which so many percent of the clock are used; 100 is the due itself."""
    if percent == 100:
        return clock.due.instant
    first, due = runs_from(clock), clock.due.instant
    if isinstance(clock.length, WorkingDays):
        return _working_instant(clock.calendar, first, due, percent)
    return first + _share_of(max(due - first, timedelta()), percent)


def _share_of(time: timedelta, percent: Decimal) -> timedelta:
    """So many percent of a time, in whole microseconds, rounded up."""
    share = (time // MICROSECOND * percent / 100).to_integral_value(ROUND_CEILING)
    return timedelta(microseconds=int(share))


@lru_cache(maxsize=4096)  # whole days are walked through, and cases of one day share their dues
def _working_instant(calendar: Calendar, first: datetime, due: datetime, percent: Decimal) -> datetime:
    """The same on working days, of a clock that runs from `first`."""
    amount = _share_of(working_time(calendar, first, due), percent)
    spans = working_spans(calendar, first)
    begin, end = next(spans)
    while amount > end - begin:
        amount -= end - begin
        begin, end = next(spans)
    return begin + amount


def percent_used(clock: Clock, now: datetime) -> Decimal:
    """Give the percentage of the allotted running time that is used, above 100 after the due; stopped clocks stand."""
    at = min(now, clock.stopped) if clock.stopped else now
    allotted = running_time(clock, clock.due.instant)
    if not allotted:
        return Decimal(100 if at >= clock.due.instant else 0)
    return Decimal(running_time(clock, at) // MICROSECOND * 100) / Decimal(allotted // MICROSECOND)


def remaining(clock: Clock, now: datetime) -> timedelta:
    """Give the time left until the due, negative after it; of a stopped clock what was left then."""
    return clock.due.instant - (clock.stopped or now)


def chip_colour(clock: Clock, now: datetime) -> ChipColour:
    """Choose the chip: done when stopped, late from the due, soon from 80 % or two days before a statutory due."""
    if clock.state is ClockState.STOPPED:
        return ChipColour.DONE
    if clock.state is ClockState.LAPSED or now >= clock.due.instant:
        return ChipColour.LATE
    warned = clock.kind is ClockKind.STATUTORY and remaining(clock, now) <= timedelta(days=2)
    return ChipColour.SOON if warned or percent_used(clock, now) >= 80 else ChipColour.OK


def _calendar_end(day: date, length: CalendarDays) -> date:
    if length.unit is CalendarUnit.MONTH:
        return add_months(day, length.count)
    if length.unit is CalendarUnit.YEAR:
        return add_months(day, length.count * 12)
    return add_days(day, length.count * (7 if length.unit is CalendarUnit.WEEK else 1))


def _given_due(given: date, calendar: Calendar) -> Due:
    zone = calendar.zone_info
    if isinstance(given, datetime):
        return Due(local_day(given, zone), zone.key, given)
    return Due(given, zone.key, end_of_day(given, zone))
