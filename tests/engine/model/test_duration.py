"""Lengths of time are read strictly, written back alike, and added on the local calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.duration import (
    CalendarDays,
    CalendarUnit,
    Length,
    Period,
    WorkingDays,
    WorkingHours,
    add_period,
    before_period,
    parse_length,
    parse_moment,
    parse_period,
)
from engine.model.errors import Invalid

WARSAW = ZoneInfo("Europe/Warsaw")
LENGTHS: st.SearchStrategy[Length] = st.one_of(
    st.builds(
        Period,
        st.integers(0, 500),
        st.integers(0, 5000),
        st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9)),
    ),
    st.builds(CalendarDays, st.integers(0, 999), st.sampled_from(CalendarUnit)),
    st.builds(WorkingDays, st.integers(0, 999)),
    st.builds(WorkingHours, st.integers(0, 9999).map(lambda n: Decimal(n) / 4)),
)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("P10D", Period(days=10)),
        ("PT4H", Period(exact=timedelta(hours=4))),
        ('"PT2M"', Period(exact=timedelta(minutes=2))),
        (" 'P1Y2M' ", Period(months=14)),
        ("P2W", Period(days=14)),
        ("P1DT1.5H", Period(days=1, exact=timedelta(minutes=90))),
        ("PT0,25S", Period(exact=timedelta(milliseconds=250))),
        ("PT0S", Period()),
        ("PT24H", Period(exact=timedelta(hours=24))),
    ],
)
def test_iso_durations_are_read_with_and_without_quotes(text: str, period: Period) -> None:
    assert parse_period(text) == period


@pytest.mark.parametrize("text", ["", "P", "PT", "P1", "1D", "P-1D", "P1.5D", "PT1H2", "P1DT", "pt5s", "P１D", "P1D1M"])
def test_what_is_no_duration_gets_a_sentence(text: str) -> None:
    with pytest.raises(Invalid, match="is not a duration; write for instance P10D"):
        parse_period(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("14 days", CalendarDays(14)),
        ("14 calendar days", CalendarDays(14)),
        ("1 day", CalendarDays(1)),
        ("8 weeks", CalendarDays(8, CalendarUnit.WEEK)),
        ("1 month", CalendarDays(1, CalendarUnit.MONTH)),
        ("3 working days", WorkingDays(3)),
        ("15 Business Days", WorkingDays(15)),
        ("8 working hours", WorkingHours(Decimal(8))),
        ("2 hours", Period(exact=timedelta(hours=2))),
        ("P10D", Period(days=10)),
    ],
)
def test_r12_units_are_types_that_never_mix(text: str, length: Length) -> None:
    assert parse_length(text) == length


@pytest.mark.parametrize("text", ["soon", "3 working weeks", "1.5 days", "14", "days", "3 calendar hours", "-3 days"])
def test_a_length_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is not a length of time"):
        parse_length(text)


@given(LENGTHS)
def test_a_length_reads_back_as_it_was_written(length: Length) -> None:
    assert parse_length(str(length)) == length


def test_r12_a_day_is_a_calendar_day_and_24_hours_are_24_hours() -> None:
    evening_before_summer_time = datetime(2026, 3, 28, 20, tzinfo=UTC)
    day = add_period(evening_before_summer_time, parse_period("P1D"), WARSAW)
    hours = add_period(evening_before_summer_time, parse_period("PT24H"), WARSAW)
    assert day.astimezone(WARSAW).hour == evening_before_summer_time.astimezone(WARSAW).hour == 21
    assert hours - day == timedelta(hours=1)


def test_a_local_time_that_is_skipped_moves_on_by_the_gap() -> None:
    start = datetime(2026, 3, 28, 2, 30, tzinfo=WARSAW)
    assert add_period(start, Period(days=1), WARSAW).astimezone(WARSAW).strftime("%d %H:%M") == "29 03:30"


@given(st.integers(0, 70 * 365 * 86400), st.integers(0, 400), st.integers(0, 400))
def test_days_keep_the_time_on_the_wall(second: int, first: int, more: int) -> None:
    start = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    near, far = (add_period(start, Period(days=days), WARSAW) for days in (first, first + more))
    drift = abs(far.astimezone(WARSAW).replace(tzinfo=UTC) - near.astimezone(WARSAW).replace(tzinfo=UTC))
    assert abs(drift - timedelta(days=more)) <= timedelta(hours=1)
    assert near <= far


def test_two_days_before_the_end_of_a_day_is_the_end_of_the_day_two_before() -> None:
    end = datetime(2026, 3, 31, tzinfo=WARSAW)
    assert before_period(end, parse_period("P2D"), WARSAW) == datetime(2026, 3, 29, tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02", datetime(2026, 3, 1, 23, tzinfo=UTC)),
        ("2026-03-02T09:00:00", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("'2026-03-02T09:00:00Z'", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T09:00+02:00", datetime(2026, 3, 2, 7, tzinfo=UTC)),
        ("2026-03-02T09:00:00.123456789Z", datetime(2026, 3, 2, 9, microsecond=123456, tzinfo=UTC)),
        ("2026-03-02T24:00:00", datetime(2026, 3, 2, 23, tzinfo=UTC)),
        ("2026-03-02T09:00[Asia/Tehran]", datetime(2026, 3, 2, 5, 30, tzinfo=UTC)),
        ("2026-03-02Z", datetime(2026, 3, 2, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_local(text: str, moment: datetime) -> None:
    assert parse_moment(text, WARSAW) == moment


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-02-30", "2026-03-02T25:00", "2026-03-02T24:30", "20260302"])
def test_what_is_no_moment_gets_a_sentence(text: str) -> None:
    with pytest.raises(Invalid, match="is not a date or time"):
        parse_moment(text, WARSAW)


def test_a_time_beyond_all_calendars_is_refused_not_a_crash() -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    for text in ("P999999Y", "P9999999D", "PT999999999H"):
        with pytest.raises(Invalid, match="outside the years"):
            add_period(start, parse_period(text), WARSAW)
