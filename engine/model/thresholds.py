"""A threshold refers to its clock, not to a time: it moves with the due, and once fired or skipped it rests until a reset."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from engine.model.calendar import add_working_days
from engine.model.clock import Clock, ClockState, instant_at
from engine.model.duration import CalendarDays, CalendarUnit, Period, WorkingDays, before_period, parse_length, unquoted
from engine.model.errors import Invalid
from engine.model.zones import end_of_day

LARGEST_PERCENT = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the clock's running time, such as `80%`."""

    percent: Decimal

    def __str__(self) -> str:
        return f"{self.percent.normalize():f}%"


@dataclass(frozen=True, slots=True)
class Before:
    """A time before the due, such as `P2D before` or `1 working day before`."""

    length: Period | WorkingDays

    def __str__(self) -> str:
        return f"{self.length} before"


@dataclass(frozen=True, slots=True)
class AtDue:
    """The due itself."""

    def __str__(self) -> str:
        return "due"


Threshold: TypeAlias = Share | Before | AtDue

_SHARE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?) ?%", re.ASCII)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a look at a clock's thresholds found, each by its text: to fire now, to record as skipped, still to come."""

    fire: tuple[str, ...]
    skipped: tuple[str, ...]
    pending: tuple[tuple[str, datetime], ...]


@lru_cache(maxsize=1024)
def parse_threshold(text: str) -> Threshold:
    """Read `80%`, `P2D before`, `2 working days before` or `due`; raise `Invalid` for anything else."""
    plain = unquoted(text)
    share = _SHARE.fullmatch(plain)
    if share and 0 < Decimal(share[1]) <= LARGEST_PERCENT:
        return Share(Decimal(share[1]))
    if plain == "due":
        return AtDue()
    before = _before(plain.removesuffix("before").strip()) if plain.endswith(" before") else None
    if before is None:
        raise Invalid(
            "threshold_unreadable",
            "“{text}” is not a threshold of a clock; write for instance 80%, P2D before, or due.",
            text=text,
        )
    return before


def instant_of_threshold(clock: Clock, threshold: Threshold) -> datetime:
    """Compute when a threshold is reached, whatever the clock's state and history."""
    zone = clock.calendar.zone_info
    if isinstance(threshold, Share):
        return instant_at(clock, threshold.percent)
    if isinstance(threshold, AtDue):
        return clock.due.instant
    if isinstance(threshold.length, Period):
        return before_period(clock.due.instant, threshold.length, zone)
    return end_of_day(add_working_days(clock.calendar, clock.due.day, -threshold.length.count), zone)


def threshold_due(clock: Clock, at: str) -> datetime | None:
    """Give when a threshold is to fire: none while the clock does not run, when it has fired, or was past when armed.

    The time may lie in the past; then `settle` says whether it still fires. Raises `Invalid` for an unreadable `at`.
    """
    threshold = parse_threshold(at)
    if clock.state in (ClockState.PAUSED, ClockState.STOPPED):
        return None
    if str(threshold) in (*clock.fired, *clock.skipped):
        return None
    instant = instant_of_threshold(clock, threshold)
    return None if instant < clock.armed else instant


def settle(clock: Clock, thresholds: Iterable[str], now: datetime) -> Settled:
    """Decide which thresholds fire at `now` (R11): of several past ones only the highest, and all that share its time.

    Those already past when the clock was armed are skipped; those that have fired or were skipped are not named again.
    """
    known = {*clock.fired, *clock.skipped}
    fresh = [text for text in dict.fromkeys(str(parse_threshold(at)) for at in thresholds) if text not in known]
    if clock.state in (ClockState.PAUSED, ClockState.STOPPED):
        return Settled((), (), ())
    times = sorted(((instant_of_threshold(clock, parse_threshold(text)), text) for text in fresh), key=lambda t: t[0])
    past = [(instant, text) for instant, text in times if clock.armed <= instant <= now]
    highest = past[-1][0] if past else None
    fire = tuple(text for instant, text in past if instant == highest)
    skipped = tuple(text for instant, text in times if instant < clock.armed or (instant <= now and text not in fire))
    return Settled(fire, skipped, tuple((text, instant) for instant, text in times if instant > now))


def with_settled(clock: Clock, *, fired: Iterable[str] = (), skipped: Iterable[str] = ()) -> Clock:
    """Give the clock that remembers these thresholds, so that no later task on it fires them again."""
    now_fired = dict.fromkeys((*clock.fired, *(str(parse_threshold(at)) for at in fired)))
    now_skipped = dict.fromkeys((*clock.skipped, *(str(parse_threshold(at)) for at in skipped)))
    return replace(clock, fired=tuple(now_fired), skipped=tuple(at for at in now_skipped if at not in now_fired))


def reset_thresholds(clock: Clock, now: datetime) -> Clock:
    """Give the clock with its thresholds armed anew: what lies ahead may fire, what lies behind counts as skipped."""
    return replace(clock, fired=(), skipped=(), armed=now)


def _before(text: str) -> Before | None:
    try:
        length = parse_length(text)
    except Invalid:
        return None
    if isinstance(length, CalendarDays):
        months = {CalendarUnit.MONTH: 1, CalendarUnit.YEAR: 12}.get(length.unit, 0)
        days = {CalendarUnit.DAY: 1, CalendarUnit.WEEK: 7}.get(length.unit, 0)
        length = Period(length.count * months, length.count * days)
    return Before(length) if isinstance(length, Period | WorkingDays) else None
