"""A clock's due follows from its length, calendar and start; how much is used is counted in running time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.calendar import national_calendar
from engine.model.clock import (
    ChipColour,
    Clock,
    ClockKind,
    ClockPlan,
    ClockState,
    Pause,
    chip_colour,
    due_of,
    given_clock,
    instant_at,
    percent_used,
    recomputed_due,
    remaining,
    start_clock,
)
from engine.model.clock_rows import clock_from_plain, clock_to_plain
from engine.model.duration import parse_length
from engine.model.errors import Invalid

WARSAW = ZoneInfo("Europe/Warsaw")
POLAND = national_calendar("PL", "Europe/Warsaw")
MONDAY_NINE = datetime(2026, 3, 2, 9, tzinfo=WARSAW)
LENGTHS = ["P10D", "PT2M", "P1M", "14 days", "8 weeks", "1 month", "3 working days", "15 working days", "PT36H"]


def clock(length: str, started: datetime = MONDAY_NINE, kind: ClockKind = ClockKind.CONTRACT) -> Clock:
    return start_clock(ClockPlan("contract", kind, POLAND, parse_length(length)), started)


@pytest.mark.parametrize(
    ("length", "due"),
    [
        ("14 days", "2026-03-17 00:00"),
        ("3 working days", "2026-03-06 00:00"),
        ("8 weeks", "2026-04-28 00:00"),
        ("1 month", "2026-04-03 00:00"),
        ("1 year", "2027-03-03 00:00"),
        ("P10D", "2026-03-12 09:00"),
        ("P1M", "2026-04-02 09:00"),
        ("PT2M", "2026-03-02 09:02"),
        ("0 days", "2026-03-03 00:00"),
    ],
)
def test_r12_day_units_end_at_midnight_and_periods_at_their_hour(length: str, due: str) -> None:
    assert f"{clock(length).due.instant.astimezone(WARSAW):%Y-%m-%d %H:%M}" == due


def test_r12_a_due_is_a_local_date_a_zone_and_an_instant() -> None:
    due = clock("14 days").due
    assert (due.day, due.zone) == (date(2026, 3, 16), "Europe/Warsaw")
    assert due.instant == datetime(2026, 3, 16, 23, tzinfo=UTC)


def test_r12_the_end_moves_off_a_holiday_only_where_the_rule_says_so() -> None:
    thursday = datetime(2026, 4, 17, 9, tzinfo=WARSAW)
    stays = due_of(parse_length("14 days"), thursday, calendar=POLAND)
    moves = due_of(parse_length("14 days"), thursday, calendar=POLAND, move_off_holidays=True)
    assert (stays.day, stays.moved_from) == (date(2026, 5, 1), None)
    assert (moves.day, moves.moved_from) == (date(2026, 5, 4), date(2026, 5, 1))


def test_r12_the_day_of_the_event_is_that_of_the_clock_s_zone() -> None:
    late_evening_utc = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert clock("1 day", late_evening_utc).due.day == date(2026, 3, 3)


def test_r12_working_hours_are_refused_until_something_counts_them() -> None:
    with pytest.raises(Invalid, match="cannot count “8 working hours” yet"):
        clock("8 working hours")


def test_r11_percent_counts_the_days_that_count() -> None:
    two_weeks = clock("14 days")
    end_of_receipt = datetime(2026, 3, 3, tzinfo=WARSAW)
    assert percent_used(two_weeks, MONDAY_NINE) == 0
    assert percent_used(two_weeks, end_of_receipt + timedelta(days=7)) == 50


def test_r11_a_clock_in_working_days_does_not_run_at_the_weekend() -> None:
    friday = datetime(2026, 3, 6, 15, tzinfo=WARSAW)
    four_days = clock("4 working days", friday)
    assert percent_used(four_days, datetime(2026, 3, 9, tzinfo=WARSAW)) == 0
    assert instant_at(four_days, Decimal(50)) == datetime(2026, 3, 11, tzinfo=WARSAW)
    assert percent_used(four_days, datetime(2026, 3, 10, tzinfo=WARSAW)) == 25


@given(st.sampled_from(LENGTHS), st.integers(0, 10**8), st.integers(1, 300))
def test_the_instant_of_a_share_is_the_first_at_which_it_is_used(length: str, second: int, percent: int) -> None:
    running = clock(length, MONDAY_NINE + timedelta(seconds=second))
    instant = instant_at(running, Decimal(percent))
    assert percent_used(running, instant) >= percent
    assert percent_used(running, instant - timedelta(microseconds=1)) < percent


@given(st.sampled_from(LENGTHS), st.integers(0, 10**8), st.integers(0, 10**7), st.integers(0, 10**7))
def test_percent_never_goes_back_and_is_100_at_the_due(length: str, second: int, first: int, more: int) -> None:
    running = clock(length, MONDAY_NINE + timedelta(seconds=second))
    near = running.started + timedelta(seconds=first)
    assert percent_used(running, near) <= percent_used(running, near + timedelta(seconds=more))
    assert percent_used(running, running.due.instant) == 100


@given(st.sampled_from(LENGTHS), st.integers(0, 10**8), st.booleans())
def test_a_stored_due_equals_its_recomputation(length: str, second: int, move: bool) -> None:
    plan = ClockPlan("statutory", ClockKind.STATUTORY, POLAND, parse_length(length), move)
    started = start_clock(plan, MONDAY_NINE + timedelta(seconds=second))
    again = clock_from_plain(json.loads(json.dumps(clock_to_plain(started))))
    assert again == started
    assert recomputed_due(again) == started.due


def test_a_clock_with_a_history_reads_back_as_it_was_written() -> None:
    held = replace(
        clock("P10D"),
        state=ClockState.STOPPED,
        stopped=MONDAY_NINE + timedelta(days=3),
        fired=("50%",),
        skipped=("P2D before",),
        pauses=(Pause(MONDAY_NINE, None, "parts on order"),),
    )
    assert clock_from_plain(json.loads(json.dumps(clock_to_plain(held)))) == held


def test_a_clock_of_an_unknown_format_is_refused() -> None:
    with pytest.raises(Invalid, match="saved in format 9"):
        clock_from_plain({**clock_to_plain(clock("P10D")), "format": 9})


@pytest.mark.parametrize(
    ("given_value", "due"),
    [
        ("P10D", "2026-03-12 09:00"),
        ("3 working days", "2026-03-06 00:00"),
        ("2026-03-16", "2026-03-17 00:00"),
        ("2026-03-16T10:30", "2026-03-16 10:30"),
        ("2026-03-16T09:30:00Z", "2026-03-16 10:30"),
        (timedelta(hours=2), "2026-03-02 11:00"),
        (date(2026, 3, 16), "2026-03-17 00:00"),
        (datetime(2026, 3, 16, 8, tzinfo=UTC), "2026-03-16 09:00"),
    ],
)
def test_a_clock_may_be_given_its_length_or_its_due(given_value: str | date | timedelta, due: str) -> None:
    given_one = given_clock("contract", given_value, started=MONDAY_NINE, calendar=POLAND)
    assert f"{given_one.due.instant.astimezone(WARSAW):%Y-%m-%d %H:%M}" == due
    assert given_one.kind is ClockKind.CONTRACT
    assert recomputed_due(given_one) == given_one.due


def test_a_given_text_that_is_neither_gets_a_sentence() -> None:
    for text in ("soon", "2026-13-01", ""):
        with pytest.raises(Invalid):
            given_clock("contract", text, started=MONDAY_NINE, calendar=POLAND)


def test_the_chip_goes_from_ok_to_soon_to_late_to_done() -> None:
    ten_days = clock("P10D")
    at = [MONDAY_NINE + timedelta(days=days) for days in (1, 8, 10)]
    assert [chip_colour(ten_days, now) for now in at] == [ChipColour.OK, ChipColour.SOON, ChipColour.LATE]
    assert chip_colour(replace(ten_days, state=ClockState.STOPPED, stopped=at[0]), at[2]) is ChipColour.DONE
    assert chip_colour(replace(ten_days, state=ClockState.LAPSED), at[0]) is ChipColour.LATE


def test_a_statutory_chip_warns_two_days_before() -> None:
    month = clock("30 days", kind=ClockKind.STATUTORY)
    assert chip_colour(month, month.due.instant - timedelta(days=2)) is ChipColour.SOON
    assert remaining(month, month.due.instant - timedelta(days=2)) == timedelta(days=2)
