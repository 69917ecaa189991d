"""A calendar knows a zone, a weekend and the public holidays of a country; every date is working or it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from engine.model.errors import Invalid
from engine.model.zones import add_days, end_of_day, local_day, start_of_day, zone_named

SATURDAY, SUNDAY = 5, 6
LONGEST_CLOSURE = 366
"""Days in a row without a working day after which a calendar is taken to have none."""


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Doors are open on a weekday (Monday is 0) between two local times; kept for clocks in working hours."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days of a place; `closed` and `open` are single days that differ from its weekends and holidays."""

    key: str
    zone: str
    country: str = ""
    subdivision: str = ""
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    closed: tuple[date, ...] = ()
    open: tuple[date, ...] = ()
    hours: tuple[OpenHours, ...] = ()

    @property
    def zone_info(self) -> ZoneInfo:
        return zone_named(self.zone)


def national_calendar(country: str, zone: str, subdivision: str = "") -> Calendar:
    """Make the calendar of a country with its own weekend and public holidays; raise `Invalid` for an unknown one."""
    weekend = _weekend(country, subdivision)
    key = f"{country}-{subdivision}" if subdivision else country
    return Calendar(key, zone_named(zone).key, country, subdivision, weekend)


def is_holiday(calendar: Calendar, day: date) -> bool:
    """Say whether a day is a public holiday of the country or a closed day of the calendar itself."""
    if day in calendar.closed:
        return True
    return bool(calendar.country) and day in _public_holidays(calendar.country, calendar.subdivision, day.year)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Say whether people of this calendar work on the day."""
    if day in calendar.open:
        return True
    return day.weekday() not in calendar.weekend and not is_holiday(calendar, day)


def next_working_day(calendar: Calendar, day: date) -> date:
    """Give the day itself where it is a working day, else the first one after it."""
    return _step_to_working_day(calendar, day, 1)


def add_working_days(calendar: Calendar, day: date, count: int) -> date:
    """Count working days after the day, which itself does not count; a negative count goes back."""
    step = 1 if count > 0 else -1
    for _ in range(abs(count)):
        day = _step_to_working_day(calendar, add_days(day, step), step)
    return day


def working_spans(calendar: Calendar, first: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give one by one the working days (0:00 to 24:00 local) from an instant on; the first may begin within a day."""
    zone = calendar.zone_info
    day = local_day(first, zone)
    while True:
        day = next_working_day(calendar, day)
        yield max(first, start_of_day(day, zone)), end_of_day(day, zone)
        day = add_days(day, 1)


def calendar_to_plain(calendar: Calendar) -> dict[str, object]:
    """Give the calendar as JSON values; what is empty or usual is left out."""
    plain: dict[str, object] = {"key": calendar.key, "zone": calendar.zone}
    if calendar.country:
        plain["country"] = calendar.country
    if calendar.subdivision:
        plain["subdivision"] = calendar.subdivision
    if calendar.weekend != frozenset({SATURDAY, SUNDAY}):
        plain["weekend"] = sorted(calendar.weekend)
    if calendar.closed:
        plain["closed"] = [day.isoformat() for day in calendar.closed]
    if calendar.open:
        plain["open"] = [day.isoformat() for day in calendar.open]
    if calendar.hours:
        plain["hours"] = [[span.weekday, span.opens.isoformat(), span.closes.isoformat()] for span in calendar.hours]
    return plain


def calendar_from_plain(plain: Mapping[str, object]) -> Calendar:
    """Read what `calendar_to_plain` gave."""
    weekend = _listed(plain, "weekend")
    hours = [span for span in _listed(plain, "hours") if isinstance(span, list)]
    return Calendar(
        str(plain["key"]),
        str(plain["zone"]),
        str(plain.get("country", "")),
        str(plain.get("subdivision", "")),
        frozenset(int(str(day)) for day in weekend) if "weekend" in plain else frozenset({SATURDAY, SUNDAY}),
        tuple(date.fromisoformat(str(day)) for day in _listed(plain, "closed")),
        tuple(date.fromisoformat(str(day)) for day in _listed(plain, "open")),
        tuple(OpenHours(int(s[0]), time.fromisoformat(s[1]), time.fromisoformat(s[2])) for s in hours),
    )


def _listed(plain: Mapping[str, object], key: str) -> Sequence[object]:
    value = plain.get(key, ())
    return value if isinstance(value, list) else ()


@lru_cache(maxsize=4096)
def _step_to_working_day(calendar: Calendar, day: date, step: int) -> date:
    for distance in range(LONGEST_CLOSURE):
        found = add_days(day, step * distance)
        if is_working_day(calendar, found):
            return found
    raise Invalid(
        "calendar_never_works",
        "The calendar “{calendar}” has no working day within a year of {day}; correct its weekend and closed days.",
        calendar=calendar.key,
        day=day,
    )


@lru_cache(maxsize=4096)
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    return frozenset(_of_country(country, subdivision, year))


@lru_cache(maxsize=512)
def _weekend(country: str, subdivision: str) -> frozenset[int]:
    return frozenset(_of_country(country, subdivision, None).weekend)


def _of_country(country: str, subdivision: str, year: int | None) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError:
        raise Invalid(
            "calendar_country_unknown",
            "Public holidays of “{country}” are not known; write an ISO country code such as PL, or none and list them.",
            country=f"{country}-{subdivision}" if subdivision else country,
        ) from None
