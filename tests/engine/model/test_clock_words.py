"""Every clock explains its due in one sentence whose dates stay dates until a language is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.model.clock import Clock, ClockState, given_clock
from engine.model.clock_words import explain, length_words, remaining_words
from engine.model.contract import contract_clock, shipped_segments
from engine.model.duration import parse_length
from engine.model.errors import Message, Territory
from engine.model.statutory import Receipt, calendar_of, rule_for, statutory_clock

WARSAW = ZoneInfo("Europe/Warsaw")
START = datetime(2026, 3, 2, 9, tzinfo=WARSAW)


def statutory(receipt: Receipt) -> Clock:
    rule = rule_for(receipt)
    assert rule is not None
    return statutory_clock(rule, receipt)


def test_a_statutory_due_is_explained_by_receipt_place_and_party() -> None:
    said = explain(statutory(Receipt(date(2026, 3, 2), "PL")))
    assert str(said) == "14 calendar days after receipt on 2026-03-02, PL, consumer; the day of receipt does not count"


def test_dates_countries_and_counts_stay_values_for_the_reader_s_language() -> None:
    params = explain(statutory(Receipt(date(2026, 3, 2), "PL"))).params
    length = params["length"]
    assert params["received_on"] == date(2026, 3, 2)
    assert isinstance(params["country"], Territory)
    assert isinstance(length, Message)
    assert (length.plural, length.params["count"]) == ("{count} calendar days", 14)


def test_an_end_that_moved_off_a_holiday_says_so() -> None:
    said = str(explain(statutory(Receipt(date(2026, 4, 17), "PL"))))
    assert said.endswith("; 2026-05-01 is a day off, so the end moves to 2026-05-04")


def test_a_contract_s_due_is_explained_by_its_segment() -> None:
    said = {}
    for segment in shipped_segments():
        clock = contract_clock(segment, START, calendar_of("PL"))
        assert clock is not None
        said[segment.key] = str(explain(clock))
    assert said["gold"] == "5 working days after 2026-03-02, contract “Gold”; the day itself does not count"
    assert said["trial"] == "2 minutes from 2026-03-02 09:00:00+01:00, contract “Trial”"


def test_a_due_that_was_given_says_so() -> None:
    clock = given_clock("contract", date(2026, 3, 9), started=START, calendar=calendar_of("PL"))
    assert str(explain(clock)) == "the due was given when the clock started"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ("1 day", "1 calendar day"),
        ("14 days", "14 calendar days"),
        ("8 weeks", "8 weeks"),
        ("1 month", "1 month"),
        ("1 year", "1 year"),
        ("1 working day", "1 working day"),
        ("8 working hours", "8 working hours"),
        ("P10D", "10 days"),
        ("P2M", "2 months"),
        ("PT36H", "36 hours"),
        ("PT90M", "90 minutes"),
        ("PT2.5S", "2.5 seconds"),
        ("P1DT2H", "P1DT2H"),
        ("PT1M1S", "PT1M1S"),
    ],
)
def test_a_length_is_put_into_words(length: str, words: str) -> None:
    assert str(length_words(parse_length(length))) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3, hours=5), "3 days left"),
        (timedelta(hours=47), "47 hours left"),
        (timedelta(minutes=1, seconds=5), "1 minute left"),
        (timedelta(0), "0 minutes late"),
        (timedelta(hours=-3), "3 hours late"),
        (timedelta(days=-9), "9 days late"),
    ],
)
def test_what_is_left_is_said_in_the_largest_fitting_unit(left: timedelta, words: str) -> None:
    clock = given_clock("contract", "P10D", started=START, calendar=calendar_of("PL"))
    assert str(remaining_words(clock, clock.due.instant - left)) == words


def test_a_clock_that_stands_says_how_it_ended() -> None:
    clock = given_clock("statutory", "14 days", started=START, calendar=calendar_of("PL"))
    met = replace(clock, state=ClockState.STOPPED, stopped=START)
    late = replace(met, stopped=clock.due.instant + timedelta(days=1))
    lapsed = replace(clock, state=ClockState.LAPSED)
    assert [str(remaining_words(one, START)) for one in (met, late)] == ["done in time", "done late"]
    assert str(remaining_words(lapsed, START)) == "lapsed at the end of 2026-03-16"
