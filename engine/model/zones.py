"""A zone is an IANA name; a local time becomes an instant by one rule, also where clocks are put forward or back."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.model.errors import Invalid

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def zone_named(key: str) -> ZoneInfo:
    """Give the zone of an IANA name such as `Europe/Warsaw`; raise `Invalid` for a name that nobody knows."""
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            "zone_unknown", "“{zone}” is not a time zone; write an IANA name such as Europe/Warsaw.", zone=key
        ) from None


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Turn a local time without zone into UTC: one that is skipped moves on by the gap, of two equal ones the first counts.

    Raises `Invalid` for a time outside the years 1 to 9999.
    """
    try:
        return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except OverflowError:
        raise out_of_range() from None


@lru_cache(maxsize=4096)
def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Give the instant at which the local day begins; where midnight is skipped, that of the change."""
    return instant_of(datetime.combine(day, time()), zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Give the instant of 24:00 of the local day, which is the beginning of the next one."""
    return start_of_day(add_days(day, 1), zone)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """Give the date on the wall of the zone at an instant."""
    return instant.astimezone(zone).date()


def add_days(day: date, days: int) -> date:
    """Count days forward or back; raise `Invalid` outside the years 1 to 9999."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise out_of_range() from None


def add_months(day: date, months: int) -> date:
    """Count months; a day that the month lacks becomes its last one (31 January and a month is 28 or 29 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        raise out_of_range()
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def to_microseconds(instant: datetime) -> int:
    """Give an aware time as whole microseconds since 1970-01-01 UTC, as columns hold it."""
    return _of_utc(instant) if instant.tzinfo is UTC else (instant - EPOCH) // MICROSECOND


@lru_cache(maxsize=256)  # of UTC alone: where clocks are put back, two instants are equal but for their fold
def _of_utc(instant: datetime) -> int:
    """The same; a transaction's time stands in a dozen of its columns, and this division costs as much as a small statement's half."""
    return (instant - EPOCH) // MICROSECOND


def from_microseconds(value: int) -> datetime:
    """Give the UTC time of whole microseconds since 1970-01-01 UTC."""
    return EPOCH + value * MICROSECOND  # five times as quick as timedelta(microseconds=value)


def out_of_range() -> Invalid:
    """Make the refusal of a time that no calendar here can hold."""
    return Invalid("time_out_of_range", "This time lies outside the years 1 to 9999; use a shorter duration.")
