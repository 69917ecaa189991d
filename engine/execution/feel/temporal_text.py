"""Reads dates, times and durations from ISO 8601 text exactly as FEEL writes them; what does not fit is a ValueError."""

from __future__ import annotations

import re

from engine.execution.feel.temporal import (
    DAY,
    SECOND,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    Temporal,
    YearsMonths,
    zone_of,
)

_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:(?P<utc>[zZ])|(?P<offset>[+-]\d\d:\d\d(?::\d\d)?)|@(?P<zone>[\w/+-]+))?",
    re.ASCII,
)
_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?P<clock>T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)(?:\.(?P<fraction>\d*))?S)?)?",
    re.ASCII,
)
_LARGEST_OFFSET = 18 * 3600
_DIGITS = 30


def read_date(text: str) -> FeelDate:
    """Read `2026-03-02`; years of five to nine digits and before year 0 are written out."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    return FeelDate(int(found[1]), int(found[2]), int(found[3]))


def read_time(text: str) -> FeelTime:
    """Read `10:30:00`, with `Z`, `+02:00` or `@Europe/Warsaw` behind it."""
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(text)
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    nanos = clock_nanos(hour, minute, second) + int((found[4] or "").ljust(9, "0"))
    if found["zone"] is not None:
        zone_of(found["zone"])
        return FeelTime(nanos, None, found["zone"])
    if found["utc"] is not None:
        return FeelTime(nanos, 0)
    return FeelTime(nanos, None if found["offset"] is None else _offset(found["offset"]))


def clock_nanos(hour: int, minute: int, second: int) -> int:
    """Give a time of day in nanoseconds; raise ValueError where no clock shows it."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise ValueError(hour)
    return ((hour * 60 + minute) * 60 + second) * SECOND


def checked_offset(seconds: int) -> int:
    """Give an offset back; raise ValueError where it is more than 18 hours."""
    if abs(seconds) > _LARGEST_OFFSET:
        raise ValueError(seconds)
    return seconds


def _offset(text: str) -> int:
    parts = [int(part) for part in text[1:].split(":")]
    seconds = parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0)
    if any(part > 59 for part in parts[1:]):
        raise ValueError(text)
    return checked_offset(-seconds if text[0] == "-" else seconds)


def read_date_and_time(text: str) -> FeelDateTime:
    """Read a date and a time joined by `T`; a date alone is its midnight."""
    day, joint, clock = text.partition("T")
    return FeelDateTime(read_date(day), read_time(clock) if joint else FeelTime(0))


def read_duration(text: str) -> YearsMonths | DaysTime:
    """Read `P1Y2M` or `P3DT4H`; a mixture of months and days has no length and is refused."""
    found = _DURATION.fullmatch(text)
    if not found or text.endswith(("P", "T")) or len(text) > _DIGITS * 6:
        raise ValueError(text)
    calendar = found["years"] is not None or found["months"] is not None
    if calendar and (found["days"] is not None or found["clock"] is not None):
        raise ValueError(text)
    sign = -1 if found["sign"] else 1
    number = {
        name: int((found[name] or "0")[:_DIGITS]) for name in ("years", "months", "days", "hours", "minutes", "seconds")
    }
    if calendar:
        return YearsMonths(sign * (number["years"] * 12 + number["months"]))
    seconds = number["hours"] * 3600 + number["minutes"] * 60 + number["seconds"]
    fraction = int((found["fraction"] or "")[:9].ljust(9, "0"))
    return DaysTime(sign * (number["days"] * DAY + seconds * SECOND + fraction))


def read_at(text: str) -> Temporal:
    """Read the text of an `@` literal, whose kind its form shows."""
    if text.lstrip("-").startswith("P"):
        return read_duration(text)
    if "T" in text.partition("@")[0]:
        return read_date_and_time(text)
    return read_time(text) if ":" in text else read_date(text)
