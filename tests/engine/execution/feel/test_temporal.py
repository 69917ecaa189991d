"""Dates, times and durations: to the nanosecond, over two thousand million years, with zones, exact as text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.execution.feel.border import from_engine, to_engine
from engine.execution.feel.temporal import FeelDate, FeelDateTime, FeelTime, date_of
from engine.execution.feel.temporal_text import read_at, read_date_and_time, read_duration, read_time
from engine.model.values import Months
from tests.engine.execution.feel.feel import problems, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-01-31") + duration("P1M")', "2026-02-28"),
        ('date("2024-02-29") - duration("P1Y")', "2023-02-28"),
        ('date("2020-01-01") + duration("PT25H")', "2020-01-02"),
        ('date("2020-01-01") - duration("PT1H")', "2019-12-31"),
        ('date("2026-03-02") - date("2026-02-27")', "P3D"),
        ('time("23:30:00+01:00") + duration("PT1H")', "00:30:00+01:00"),
        ('time("10:00:00Z") - time("10:00:00+01:00")', "PT1H"),
        ('@"2026-03-29T01:30:00@Europe/Warsaw" + @"PT1H"', "2026-03-29T03:30:00@Europe/Warsaw"),
        ('@"2026-03-02T10:00:00Z" - @"2026-03-02T10:00:00+02:00"', "PT2H"),
        ('@"2026-03-02T10:00:00Z" - @"2026-03-02"', "PT10H"),
        ('@"P1Y" * 2.5', "P2Y6M"),
        ('@"PT1H" / 2', "PT30M"),
        ('@"P1Y" / @"P1M"', "12"),
        ('-@"P1DT2H0.5S"', "-P1DT2H0.5S"),
        ('@"P14M"', "P1Y2M"),
        ('@"PT0S"', "PT0S"),
        ('date("2026-03-02").weekday', "1"),
        ('date and time("2026-07-01T10:11:12@Europe/Warsaw").time offset', "PT2H"),
        ('time("10:11:12.25@Europe/Warsaw").timezone', '"Europe/Warsaw"'),
        ('duration("-P1DT2H").hours', "-2"),
        ('@"2026-03-02T10:00:00Z" = @"2026-03-02T11:00:00+01:00"', "true"),
        ('is(@"2026-03-02T10:00:00Z", @"2026-03-02T11:00:00+01:00")', "false"),
        ('is(time("23:00:50z"), time("23:00:50+00:00"))', "true"),
        ('time("10:00:00") = time("10:00:00Z")', "false"),
        ('day of year(date("2026-12-31"))', "365"),
        ('day of week(date("2026-03-02"))', '"Monday"'),
        ('month of year(@"2026-03-02T00:00:00")', '"March"'),
        ('week of year(date("2005-01-01"))', "53"),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', "P1Y8M"),
        ('years and months duration(date("2013-08-24"), date("2011-12-22"))', "-P1Y8M"),
        ("now()", "2026-03-02T09:30:00Z"),
        ("today()", "2026-03-02"),
    ],
)
def test_moments_and_durations_calculate_as_calendars_do(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '@"2026-03-02T10:00:00" - @"2026-03-02T10:00:00Z"',
        '@"2026-03-02T10:00:00" - @"2026-03-02"',
        '@"P1Y" + @"P1D"',
        'date("2026-03-02") + date("2026-03-02")',
        '@"P1Y" / 0',
        'date("999999999-12-31") + duration("P1D")',
        'date("2026-03-02") < date and time("2026-03-02T00:00:00")',
    ],
)
def test_what_no_calendar_can_say_is_null_with_a_problem(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize(
    "text",
    [
        "2017-12-31T24:00:00",
        "998-12-31",
        "01211-12-31",
        "+99999-12-01",
        "2017-02-29",
        "7:00:00",
        "13:20:00+19:00",
        "13:20:00+02:00@Europe/Paris",
        "10:00:00@No/Where",
        "P",
        "PT",
        "P1YT1H",
        "P1W",
        "",
        "9999999999-12-27",
    ],
)
def test_a_text_that_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # every one of them is a plain ValueError
        read_at(text)


@pytest.mark.parametrize(
    "text",
    ["-999999999-12-31T23:59:59.999999999+02:00", "2011-12-31T10:15:30.987@Europe/Paris", "0000-01-01T00:00:00Z"],
)
def test_what_is_read_is_written_alike(text: str) -> None:
    assert str(read_date_and_time(text)) == text


@given(st.integers(-365_000_000_000, 365_000_000_000))
def test_days_are_counted_back_and_forth(number: int) -> None:
    assert date_of(number).ordinal == number


@given(st.dates())
def test_days_are_those_of_python_where_it_knows_them(day: date) -> None:
    found = FeelDate(day.year, day.month, day.day)
    assert (found.ordinal, str(found), found.to_python()) == (day.toordinal(), day.isoformat(), day)


@given(st.timedeltas(timedelta(days=-100_000), timedelta(days=100_000)))
def test_durations_cross_the_border_and_come_back(duration: timedelta) -> None:
    found = from_engine(duration)
    assert to_engine(found) == duration
    assert read_duration(str(found)) == found


def test_the_engines_own_moments_cross_the_border_with_their_zone() -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Europe/Warsaw"))
    found = from_engine([moment, date(2026, 3, 2), time(9, tzinfo=timezone(timedelta(hours=2))), Months(14)])
    assert [str(one) for one in found] == ["2026-03-02T09:30:00@Europe/Warsaw", "2026-03-02", "09:00:00+02:00", "P1Y2M"]  # type: ignore[attr-defined]  # a list, as it was
    assert to_engine(found) == [moment, date(2026, 3, 2), time(9, tzinfo=timezone(timedelta(hours=2))), Months(14)]


def test_what_python_lacks_has_no_python_value() -> None:
    assert FeelDate(10_000, 1, 1).to_python() is None
    assert read_time("10:00:00.123456789").to_python() is None
    assert FeelDateTime(FeelDate(2026, 3, 2), FeelTime(0)).to_python() == datetime(2026, 3, 2)  # noqa: DTZ001  # local time is meant
