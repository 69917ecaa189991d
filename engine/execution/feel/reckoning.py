"""Days are counted in the proleptic Gregorian calendar, from year −999,999,999 to 999,999,999."""

from __future__ import annotations

from datetime import date

LARGEST_YEAR = 999_999_999
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_FIRST = date(_CYCLE_YEARS, 1, 1).toordinal()


def alike(year: int, month: int, day: int) -> date:
    """Give the day of a year that Python knows and whose calendar is the same; raise ValueError where there is none."""
    if not -LARGEST_YEAR <= year <= LARGEST_YEAR:
        raise ValueError(year)
    return date(year % _CYCLE_YEARS + _CYCLE_YEARS, month, day)


def ordinal(year: int, month: int, day: int) -> int:
    """Count the days up to this one as `date.toordinal` does, for any year."""
    cycles = year // _CYCLE_YEARS - 1
    return alike(year, month, day).toordinal() + cycles * _CYCLE_DAYS


def from_ordinal(number: int) -> tuple[int, int, int]:
    """Give year, month and day of a counted day; raise ValueError outside the years."""
    cycles, rest = divmod(number - _FIRST, _CYCLE_DAYS)
    plain = date.fromordinal(_FIRST + rest)
    year = plain.year + cycles * _CYCLE_YEARS
    if not -LARGEST_YEAR <= year <= LARGEST_YEAR:
        raise ValueError(year)
    return year, plain.month, plain.day
