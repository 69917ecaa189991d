"""A length of time is one of four types that never mix: an ISO period, calendar days, working days, working hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from engine.model.errors import Invalid
from engine.model.zones import MICROSECOND, add_days, add_months, instant_of, out_of_range, zone_named


@dataclass(frozen=True, slots=True)
class Period:
    """An ISO 8601 duration: months and days are counted on the local calendar, `exact` is time that passes."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta()

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        on_calendar = _part(years, "Y") + _part(months, "M") + _part(self.days, "D")
        return f"P{on_calendar}{_clock_part(self.exact, needed=not on_calendar)}"

    def times(self, count: int) -> Period:
        """Give the period `count` times; raise `Invalid` where no calendar holds it."""
        try:
            return Period(self.months * count, self.days * count, self.exact * count)
        except OverflowError:
            raise out_of_range() from None

    @property
    def is_zero(self) -> bool:
        return not (self.months or self.days or self.exact)


class CalendarUnit(StrEnum):
    """The units that count every day, working or not."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """A day unit such as `14 days` or `8 weeks`: the day of the event does not count, the end is 24:00."""

    count: int
    unit: CalendarUnit = CalendarUnit.DAY

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{_plural(self.count)}"


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A day unit that counts the working days of a calendar, such as `3 working days`."""

    count: int

    def __str__(self) -> str:
        return f"{self.count} working day{_plural(self.count)}"


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Time that passes only while a calendar's doors are open, such as `8 working hours`."""

    count: Decimal

    def __str__(self) -> str:
        return f"{self.count.normalize():f} working hour{_plural(self.count)}"


Length: TypeAlias = Period | CalendarDays | WorkingDays | WorkingHours

_ISO = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,7})D)?"
    r"(T(?:(\d{1,9}(?:[.,]\d{1,6})?)H)?(?:(\d{1,9}(?:[.,]\d{1,6})?)M)?(?:(\d{1,12}(?:[.,]\d{1,9})?)S)?)?",
    re.ASCII,
)
_WORDS = re.compile(
    r"(\d{1,6}(?:\.\d{1,6})?) +(?:(calendar|working|business) +)?(second|minute|hour|day|week|month|year)s?", re.ASCII
)
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,12})?)?))?(Z|[+-]\d\d:?\d\d)?(\[[A-Za-z_/+0-9-]+\])?",
    re.ASCII,
)


def unquoted(text: str) -> str:
    """Drop blanks around a text and one pair of quotes, which diagrams of some tools carry."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].strip()
    return text


def parse_period(text: str) -> Period:
    """Read an ISO 8601 duration (`P10D`, `PT2H30M`, `P1Y2M`), quoted or not; raise `Invalid` for anything else."""
    found = _ISO.fullmatch(unquoted(text))
    if found is None or not any(found.group(1, 2, 3, 4, 6, 7, 8)) or found[5] == "T":
        raise Invalid(
            "duration_unreadable", "“{text}” is not a duration; write for instance P10D, PT2H or P1M.", text=text
        )
    years, months, weeks, days = (int(part or 0) for part in found.group(1, 2, 3, 4))
    hours, minutes, seconds = (Decimal((part or "0").replace(",", ".")) for part in found.group(6, 7, 8))
    return Period(years * 12 + months, weeks * 7 + days, _seconds(hours * 3600 + minutes * 60 + seconds))


@lru_cache(maxsize=1024)
def parse_length(text: str) -> Length:
    """Read the length of a clock: an ISO period, or words such as `14 days`, `3 working days`, `8 working hours`.

    Raises `Invalid` with the ways to write it. `2 weeks` and `1 month` are day units; `2 hours` is exact time (R12).
    """
    plain = " ".join(unquoted(text).split())
    if plain.startswith("P"):
        return parse_period(plain)
    found = _WORDS.fullmatch(plain.lower())
    length = _length_of(Decimal(found[1]), found[2] or "", found[3]) if found else None
    if length is None:
        raise Invalid(
            "length_unreadable",
            "“{text}” is not a length of time; write for instance P10D, 14 days, 3 working days or 8 working hours.",
            text=text,
        )
    return length


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO 8601 date or date-time as UTC; without a zone of its own it is local time, a date alone its beginning.

    Raises `Invalid` for a text that is neither.
    """
    found = _MOMENT.fullmatch(unquoted(text))
    try:
        if found is None:
            raise ValueError(text)
        return _moment(found, zone)
    except (ValueError, OverflowError):
        raise Invalid(
            "moment_unreadable",
            "“{text}” is not a date or time; write for instance 2026-03-02 or 2026-03-02T09:00:00+01:00.",
            text=text,
        ) from None


def add_period(start: datetime, period: Period, zone: ZoneInfo) -> datetime:
    """Give start + period in UTC: months, then days on the zone's wall calendar, then time that passes (R10, R12).

    Raises `Invalid` outside the years 1 to 9999.
    """
    try:
        moment = start.astimezone(UTC)
        if period.months:
            local = start.astimezone(zone).replace(tzinfo=None)
            day = add_days(add_months(local.date(), period.months), period.days)
            moment = instant_of(datetime.combine(day, local.time()), zone)
        elif period.days:  # the sum is on the wall, and of two equal times the first
            moment = (start.astimezone(zone) + timedelta(period.days)).astimezone(UTC)
        return moment + period.exact
    except OverflowError:
        raise out_of_range() from None


def before_period(end: datetime, period: Period, zone: ZoneInfo) -> datetime:
    """Give end − period in UTC, on the zone's wall calendar for months and days."""
    return add_period(end, period.times(-1), zone)


def _moment(found: re.Match[str], zone: ZoneInfo) -> datetime:
    clock = (found[2] or "00:00").replace(",", ".")
    midnight_after = clock.startswith("24:00") and not clock.strip("24:0.")
    hours, _, fraction = ("00:00" if midnight_after else clock).partition(".")
    exact = time.fromisoformat(hours).replace(microsecond=int(f"{fraction:0<6}"[:6]) if fraction else 0)
    local = datetime.combine(date.fromisoformat(found[1]), exact) + timedelta(days=midnight_after)
    if found[3]:
        return datetime.fromisoformat(f"{local.isoformat()}{found[3]}").astimezone(UTC)
    return instant_of(local, zone_named(found[4].strip("[]")) if found[4] else zone)


def _length_of(count: Decimal, kind: str, unit: str) -> Length | None:
    whole = int(count) if count == int(count) else None
    working = kind in ("working", "business")
    if unit == "hour" and working:
        return WorkingHours(count)
    if unit in _SECONDS:
        return None if kind else Period(exact=_seconds(count * _SECONDS[unit]))
    if whole is None or (working and unit != "day"):
        return None
    return WorkingDays(whole) if working else CalendarDays(whole, CalendarUnit(unit))


def _seconds(seconds: Decimal) -> timedelta:
    try:
        return timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError:
        raise out_of_range() from None


def _part(count: int, letter: str) -> str:
    return f"{count}{letter}" if count else ""


def _clock_part(exact: timedelta, *, needed: bool) -> str:
    if not exact:
        return "T0S" if needed else ""
    micros = exact // MICROSECOND
    sign = "-" if micros < 0 else ""
    minutes, rest = divmod(abs(micros), 60_000_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{Decimal(rest) / 1_000_000:f}" if rest else ""
    parts = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", f"{seconds}S" if seconds else ""]
    return "T" + "".join(sign + part for part in parts if part)


def _plural(count: int | Decimal) -> str:
    return "" if count == 1 else "s"
