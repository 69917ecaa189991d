"""A threshold refers to its clock: it moves with the due, fires once, and yields to a higher one that is past (R11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.calendar import national_calendar
from engine.model.clock import Clock, ClockState, given_clock
from engine.model.clock_changes import with_length
from engine.model.duration import parse_length
from engine.model.errors import Invalid
from engine.model.thresholds import parse_threshold, reset_thresholds, settle, threshold_due, with_settled

WARSAW = ZoneInfo("Europe/Warsaw")
POLAND = national_calendar("PL", "Europe/Warsaw")
START = datetime(2026, 3, 2, 9, tzinfo=WARSAW)
LADDER = ["50%", "80%", "P2D before", "100%", "due"]


def clock(length: str = "P10D") -> Clock:
    return given_clock("contract", length, started=START, calendar=POLAND)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("80%", "80%"),
        (" 80 % ", "80%"),
        ("'12.50%'", "12.5%"),
        ("P2D before", "P2D before"),
        ("2 days before", "P2D before"),
        ("1 week before", "P7D before"),
        ("1 working day before", "1 working day before"),
        ("due", "due"),
    ],
)
def test_a_threshold_has_one_way_of_writing(text: str, canonical: str) -> None:
    assert str(parse_threshold(text)) == canonical
    assert parse_threshold(canonical) == parse_threshold(text)


@pytest.mark.parametrize("text", ["", "80", "0%", "1001%", "-5%", "before", "P2D", "3 working hours before", "later"])
def test_what_is_no_threshold_gets_a_sentence(text: str) -> None:
    with pytest.raises(Invalid, match="write for instance 80%, P2D before, or due"):
        parse_threshold(text)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("80%", START + timedelta(days=8)),
        ("due", START + timedelta(days=10)),
        ("100%", START + timedelta(days=10)),
        ("P2D before", START + timedelta(days=8)),
        ("PT1H before", START + timedelta(days=10, hours=-1)),
        ("1 working day before", datetime(2026, 3, 12, tzinfo=WARSAW)),
    ],
)
def test_a_threshold_is_due_by_its_clock(at: str, due: datetime) -> None:
    assert threshold_due(clock(), at) == due


def test_r11_a_change_of_the_clock_moves_what_has_not_fired() -> None:
    longer = with_length(with_settled(clock(), fired=["50%"]), parse_length("P20D"))
    assert threshold_due(longer, "80%") == START + timedelta(days=16)
    assert threshold_due(longer, "50%") is None


def test_r11_of_several_past_at_once_only_the_highest_fires() -> None:
    found = settle(clock(), ["50%", "80%", "due"], START + timedelta(days=9))
    assert found.fire == ("80%",)
    assert found.skipped == ("50%",)
    assert found.pending == (("due", START + timedelta(days=10)),)


def test_r11_thresholds_of_the_same_time_fire_together() -> None:
    found = settle(clock(), LADDER, START + timedelta(days=10))
    assert set(found.fire) == {"100%", "due"}
    assert set(found.skipped) == {"50%", "80%", "P2D before"}


def test_r11_a_new_task_inherits_what_has_fired() -> None:
    later = with_settled(clock(), fired=["80 %"], skipped=["50%"])
    assert settle(later, LADDER[:2], START + timedelta(days=9)).fire == ()
    assert (threshold_due(later, "80%"), threshold_due(later, "50%")) == (None, None)


def test_r11_what_is_past_when_the_clock_is_armed_is_skipped() -> None:
    imported = replace(clock(), armed=START + timedelta(days=9))
    found = settle(imported, ["50%", "80%", "due"], START + timedelta(days=9))
    assert (found.fire, found.skipped) == ((), ("50%", "80%"))
    assert threshold_due(imported, "80%") is None
    assert threshold_due(imported, "due") == START + timedelta(days=10)


def test_r11_fired_thresholds_fire_again_only_after_a_reset() -> None:
    day_two = START + timedelta(days=2)
    again = reset_thresholds(with_settled(clock(), fired=["80%"]), day_two)
    assert threshold_due(again, "80%") == START + timedelta(days=8)


def test_a_clock_that_stands_has_no_thresholds() -> None:
    stopped = replace(clock(), state=ClockState.STOPPED, stopped=START)
    assert threshold_due(stopped, "80%") is None
    assert settle(stopped, LADDER, START + timedelta(days=30)).fire == ()


def test_the_watch_warns_two_local_days_before_the_end_of_the_last_day() -> None:
    statutory = given_clock("statutory", "14 days", started=START, calendar=POLAND)
    assert threshold_due(statutory, "P2D before") == datetime(2026, 3, 15, tzinfo=WARSAW)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=9), st.sampled_from(["P10D", "3 working days", "14 days"]))
def test_every_threshold_fires_or_is_skipped_exactly_once(hours: list[int], length: str) -> None:
    running, settled = clock(length), list[str]()
    for hour in sorted(hours):
        found = settle(running, LADDER, START + timedelta(hours=hour))
        running = with_settled(running, fired=found.fire, skipped=found.skipped)
        settled += [*found.fire, *found.skipped]
    now = START + timedelta(hours=max(hours))
    assert sorted(settled) == sorted(at for at in LADDER if (due := threshold_due(clock(length), at)) and due <= now)
    assert sorted(settled) == sorted({*running.fired, *running.skipped})
