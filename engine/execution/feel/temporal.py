"""Dates, times and durations as FEEL has them: to the nanosecond, with offset or zone name, and exact ISO text."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.execution.feel.reckoning import LARGEST_YEAR, alike, from_ordinal, ordinal

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
_MICRO = 1_000
_EPOCH = date(1970, 1, 1).toordinal()
_SAME_CALENDAR = 2000


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Give the zone of an IANA name; raise ValueError where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError(name) from None


@dataclass(frozen=True, slots=True)
class FeelDate:
    """A day of the calendar."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        alike(self.year, self.month, self.day)

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"

    @property
    def ordinal(self) -> int:
        """The number of the day, 1 being 0001-01-01."""
        return ordinal(self.year, self.month, self.day)

    @property
    def alike(self) -> date:
        """A day of a year that Python knows, with the same weekday, week and leap year."""
        return alike(self.year, self.month, self.day)

    def plus_months(self, months: int) -> FeelDate:
        """Count months; a day that the month lacks becomes its last one. Raises ValueError outside the years."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        last = monthrange(year % 400 + 400, month + 1)[1]
        return FeelDate(year, month + 1, min(self.day, last))

    def to_python(self) -> date | None:
        """Give Python's date, which knows the years 1 to 9999."""
        return date(self.year, self.month, self.day) if 1 <= self.year <= 9999 else None


def date_of(number: int) -> FeelDate:
    """Give the day of a number; raise ValueError outside the years."""
    return FeelDate(*from_ordinal(number))


@dataclass(frozen=True, slots=True)
class FeelTime:
    """A time of day in nanoseconds, with an offset in seconds, a zone name, or neither."""

    nanos: int
    offset: int | None = None
    zone: str | None = None

    def __str__(self) -> str:
        return _clock_text(self.nanos) + self.place_text

    @property
    def place_text(self) -> str:
        """The zone as ISO text, empty for local time."""
        if self.zone is not None:
            return f"@{self.zone}"
        return "" if self.offset is None else _offset_text(self.offset)

    @property
    def has_place(self) -> bool:
        return self.offset is not None or self.zone is not None

    @property
    def effective_offset(self) -> int | None:
        """Seconds east of UTC; a zone without a day has its offset of winter."""
        return _zone_offset(self.zone, 2000, 1, 1, 0) if self.zone is not None else self.offset

    @property
    def moment(self) -> int:
        """Nanoseconds that order times: of the day, at UTC where a zone is known."""
        return self.nanos - (self.effective_offset or 0) * SECOND

    def to_python(self) -> time | None:
        """Give Python's time; None where it has parts of a microsecond."""
        if self.nanos % _MICRO:
            return None
        return _python_time(self.nanos).replace(tzinfo=_python_zone(self))


@dataclass(frozen=True, slots=True)
class FeelDateTime:
    """A day and a time of it."""

    date: FeelDate
    time: FeelTime

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC on that day; None for local time."""
        if self.time.zone is None:
            return self.time.offset
        day = self.date
        return _zone_offset(self.time.zone, day.year, day.month, day.day, self.time.nanos)

    @property
    def moment(self) -> int:
        """Nanoseconds since 1970, at UTC where a zone is known."""
        return (self.date.ordinal - _EPOCH) * DAY + self.time.nanos - (self.offset or 0) * SECOND

    def to_python(self) -> datetime | None:
        """Give Python's datetime; None outside the years 1 to 9999 and where there are parts of a microsecond."""
        day, clock = self.date.to_python(), self.time.to_python()
        return datetime.combine(day, clock) if day is not None and clock is not None else None


def moment_of(nanos: int, like: FeelTime) -> FeelDateTime:
    """Give the local time of a moment at the place of another time; raise ValueError outside the years."""
    offset = like.offset or 0
    if like.zone is not None:
        days, rest = divmod(nanos, DAY)
        year, month, day = from_ordinal(days + _EPOCH)
        plain = datetime(_known_year(year), month, day, tzinfo=UTC) + timedelta(seconds=rest // SECOND)
        offset = _seconds(plain.astimezone(zone_of(like.zone)))
    days, rest = divmod(nanos + offset * SECOND, DAY)
    return FeelDateTime(date_of(days + _EPOCH), FeelTime(rest, like.offset, like.zone))


@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A duration of whole calendar months."""

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) > 24 * LARGEST_YEAR:
            raise ValueError(self.months)

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (parts or "0M")

    def to_python(self) -> None:
        """Give nothing: Python has no such type."""
        return


@dataclass(frozen=True, slots=True)
class DaysTime:
    """A duration of days, hours, minutes and seconds, in nanoseconds."""

    nanos: int

    def __post_init__(self) -> None:
        if abs(self.nanos) > 2 * LARGEST_YEAR * 366 * DAY:
            raise ValueError(self.nanos)

    def __str__(self) -> str:
        seconds, fraction = divmod(abs(self.nanos), SECOND)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        clock += f"{seconds}{_fraction_text(fraction)}S" if seconds or fraction else ""
        text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return ("-" if self.nanos < 0 else "") + "P" + (text or "T0S")

    def to_python(self) -> timedelta | None:
        """Give Python's timedelta; None where it is too long for it or has parts of a microsecond."""
        if self.nanos % _MICRO or abs(self.nanos) >= 999_999_999 * DAY:
            return None
        return timedelta(microseconds=self.nanos // _MICRO)


Temporal = FeelDate | FeelTime | FeelDateTime | YearsMonths | DaysTime


def _known_year(year: int) -> int:
    """Give a year with the same calendar whose zones are known: of the rules that hold today where it is far away."""
    return year if 1 < year < 9998 else year % 400 + _SAME_CALENDAR


def _seconds(moment: datetime) -> int:
    return int((moment.utcoffset() or timedelta()).total_seconds())


@lru_cache(maxsize=4096)
def _zone_offset(zone: str, year: int, month: int, day: int, nanos: int) -> int:
    local = datetime.combine(date(_known_year(year), month, day), _python_time(nanos), zone_of(zone))
    return _seconds(local)


def _python_time(nanos: int) -> time:
    seconds, rest = divmod(nanos, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return time(hour, minute, second, rest // _MICRO)


def _python_zone(clock: FeelTime) -> timezone | ZoneInfo | None:
    if clock.zone is not None:
        return zone_of(clock.zone)
    if clock.offset is None:
        return None
    return timezone(timedelta(seconds=clock.offset)) if clock.offset else UTC


def _fraction_text(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""


def _clock_text(nanos: int) -> str:
    seconds, fraction = divmod(nanos, SECOND)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}{_fraction_text(fraction)}"


def _offset_text(offset: int) -> str:
    if offset == 0:
        return "Z"
    minutes, second = divmod(abs(offset), 60)
    text = f"{'-' if offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{second:02}" if second else text
