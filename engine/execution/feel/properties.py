"""The properties of dates, times, durations and ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.execution.feel.temporal import (
    SECOND,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
)
from engine.execution.feel.values import FeelRange

Property = Callable[[Any], object]


def signed_parts(nanos: int) -> dict[str, int]:
    """Split a duration into days, hours, minutes and seconds that all have its sign."""
    sign, seconds = (-1 if nanos < 0 else 1), abs(nanos) // SECOND
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    return {"days": sign * days, "hours": sign * hours, "minutes": sign * minutes, "seconds": sign * seconds}


def _clock(value: FeelTime) -> dict[str, int]:
    seconds = value.nanos // SECOND
    return {"hour": seconds // 3600, "minute": seconds // 60 % 60, "second": seconds % 60}


def _offset(offset: int | None) -> DaysTime | None:
    return None if offset is None else DaysTime(offset * SECOND)


def _of_date(read: Property) -> Property:
    return lambda moment: read(moment.date)


def _of_time(read: Property) -> Property:
    return lambda moment: read(moment.time)


def _part(name: str) -> Property:
    return lambda duration: signed_parts(duration.nanos)[name]


_DATE: Mapping[str, Property] = {
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
    "weekday": lambda day: day.alike.isoweekday(),
    "value": lambda day: FeelDateTime(day, FeelTime(0, 0)).moment // SECOND,
}
_TIME: Mapping[str, Property] = {
    "hour": lambda clock: _clock(clock)["hour"],
    "minute": lambda clock: _clock(clock)["minute"],
    "second": lambda clock: _clock(clock)["second"],
    "time offset": lambda clock: _offset(clock.effective_offset),
    "timezone": lambda clock: clock.zone,
    "value": lambda clock: clock.moment // SECOND,
}
_DATE_TIME: dict[str, Property] = {
    **{name: _of_date(read) for name, read in _DATE.items()},
    **{name: _of_time(read) for name, read in _TIME.items()},
    "time offset": lambda moment: _offset(moment.offset),
    "value": lambda moment: moment.moment // SECOND,
}
_YEARS_MONTHS: Mapping[str, Property] = {
    "years": lambda duration: abs(duration.months) // 12 * (-1 if duration.months < 0 else 1),
    "months": lambda duration: (abs(duration.months) % 12) * (-1 if duration.months < 0 else 1),
    "value": lambda duration: duration.months,
}
_DAYS_TIME: dict[str, Property] = {
    **{name: _part(name) for name in signed_parts(0)},
    "value": lambda duration: duration.nanos // SECOND,
}
_RANGE: Mapping[str, Property] = {
    "start": lambda found: found.low,
    "end": lambda found: found.high,
    "start included": lambda found: found.low_closed,
    "end included": lambda found: found.high_closed,
}

PROPERTIES: Mapping[type, Mapping[str, Property]] = {
    FeelDate: _DATE,
    FeelTime: _TIME,
    FeelDateTime: _DATE_TIME,
    YearsMonths: _YEARS_MONTHS,
    DaysTime: _DAYS_TIME,
    FeelRange: _RANGE,
}
