"""Functions of the calendar: where a day stands in its year, month and week, and what its names are."""

from __future__ import annotations

from collections.abc import Callable

from engine.execution.feel.functions.builtin import BuiltIn, Way, one_of
from engine.execution.feel.temporal import FeelDate, FeelDateTime
from engine.execution.feel.types import NUMBER, STRING, FeelType

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _of_day(name: str, action: Callable[[FeelDate], object], result: FeelType) -> BuiltIn:
    return one_of(
        name,
        Way("date: date", action),
        Way("date: moment", lambda moment: action(_day(moment))),
        result=result,
    )


def _day(moment: FeelDateTime) -> FeelDate:
    return moment.date


MOMENTS = (
    _of_day("day of year", lambda day: day.alike.timetuple().tm_yday, NUMBER),
    _of_day("day of week", lambda day: _DAYS[day.alike.weekday()], STRING),
    _of_day("month of year", lambda day: _MONTHS[day.month - 1], STRING),
    _of_day("week of year", lambda day: day.alike.isocalendar().week, NUMBER),
)
