"""Every date is a working day or it is not, and working days are counted without the first."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.calendar import (
    Calendar,
    OpenHours,
    add_working_days,
    calendar_from_plain,
    calendar_to_plain,
    is_holiday,
    is_working_day,
    national_calendar,
    next_working_day,
    working_spans,
)
from engine.model.errors import Invalid
from engine.model.zones import end_of_day, start_of_day, zone_named

POLAND = national_calendar("PL", "Europe/Warsaw")
IRAN = national_calendar("IR", "Asia/Tehran")
DAYS = st.dates(date(2015, 1, 1), date(2035, 1, 1))


def test_polish_public_holidays_are_not_worked() -> None:
    assert is_holiday(POLAND, date(2026, 5, 1))
    assert is_holiday(POLAND, date(2026, 6, 4))
    assert not is_holiday(POLAND, date(2026, 5, 4))
    assert next_working_day(POLAND, date(2026, 5, 1)) == date(2026, 5, 4)


def test_the_weekend_is_the_country_s_own() -> None:
    assert not is_working_day(IRAN, date(2026, 5, 8))
    assert is_working_day(IRAN, date(2026, 5, 9))


def test_a_company_may_close_or_open_single_days() -> None:
    calendar = Calendar("works", "Europe/Warsaw", "PL", closed=(date(2026, 5, 4),), open=(date(2026, 5, 2),))
    assert is_working_day(calendar, date(2026, 5, 2))
    assert add_working_days(calendar, date(2026, 5, 2), 1) == date(2026, 5, 5)


def test_holidays_of_a_part_of_a_country_are_known() -> None:
    easter_monday = date(2026, 4, 6)
    assert is_working_day(national_calendar("GB", "Europe/London", "SCT"), easter_monday)
    assert not is_working_day(national_calendar("GB", "Europe/London", "ENG"), easter_monday)


@given(DAYS, st.integers(0, 60), st.sampled_from([POLAND, IRAN]))
def test_so_many_working_days_lie_after_the_day(day: date, count: int, calendar: Calendar) -> None:
    end = add_working_days(calendar, day, count)
    between = (day + timedelta(days=offset) for offset in range(1, (end - day).days + 1))
    assert sum(is_working_day(calendar, one) for one in between) == count
    assert count == 0 or is_working_day(calendar, end)


@given(DAYS, st.integers(1, 60))
def test_counting_back_undoes_counting_on(day: date, count: int) -> None:
    start = next_working_day(POLAND, day)
    assert add_working_days(POLAND, add_working_days(POLAND, start, count), -count) == start


def test_working_spans_begin_within_a_day_and_leave_the_weekend_out() -> None:
    friday_noon = datetime.combine(date(2026, 3, 6), time(12), zone_named("Europe/Warsaw"))
    spans = list(islice(working_spans(POLAND, friday_noon), 2))
    assert [(end - begin) for begin, end in spans] == [timedelta(hours=12), timedelta(hours=24)]
    assert spans[1][0].astimezone(POLAND.zone_info).date() == date(2026, 3, 9)


def test_a_day_lasts_23_hours_when_clocks_are_put_forward() -> None:
    zone = zone_named("Europe/Warsaw")
    day = date(2026, 3, 29)
    assert end_of_day(day, zone) - start_of_day(day, zone) == timedelta(hours=23)


def test_a_day_without_a_midnight_begins_when_clocks_are_put_forward() -> None:
    zone = zone_named("Africa/Cairo")
    start = start_of_day(date(2026, 4, 24), zone)
    assert start == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert start.astimezone(zone).hour == 1


def test_a_calendar_that_never_works_is_refused_with_its_name() -> None:
    calendar = Calendar("ghost", "UTC", weekend=frozenset(range(7)))
    with pytest.raises(Invalid, match="“ghost” has no working day within a year of 2026-05-02"):
        add_working_days(calendar, date(2026, 5, 1), 1)


def test_unknown_countries_and_zones_get_a_sentence() -> None:
    with pytest.raises(Invalid, match="holidays of “ZZ” are not known"):
        national_calendar("ZZ", "UTC")
    with pytest.raises(Invalid, match="“Warsaw/Europe” is not a time zone"):
        national_calendar("PL", "Warsaw/Europe")
    with pytest.raises(Invalid, match="“/etc/passwd” is not a time zone"):
        zone_named("/etc/passwd")


@pytest.mark.parametrize(
    "calendar",
    [
        POLAND,
        IRAN,
        Calendar("plain", "UTC"),
        Calendar("odd", "UTC", "GB", "ENG", frozenset(), (date(2026, 1, 2),), (date(2026, 1, 3),)),
        Calendar("shop", "UTC", hours=(OpenHours(0, time(9), time(17, 30)),)),
    ],
)
def test_a_calendar_reads_back_as_it_was_written(calendar: Calendar) -> None:
    assert calendar_from_plain(calendar_to_plain(calendar)) == calendar
