"""A statutory clock is stopped by evidence of dispatch, lapses at its due, and is never paused (R25)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.model.calendar import national_calendar
from engine.model.clock import Clock, ClockState, given_clock
from engine.model.clock_changes import breach, in_time, lapse, pause, replaced_by, stop, with_length, withdraw_lapse
from engine.model.duration import parse_length
from engine.model.errors import Conflict
from engine.model.thresholds import with_settled

WARSAW = ZoneInfo("Europe/Warsaw")
POLAND = national_calendar("PL", "Europe/Warsaw")
START = datetime(2026, 3, 2, 9, tzinfo=WARSAW)
DUE = datetime(2026, 3, 17, tzinfo=WARSAW)


def clock(key: str = "statutory") -> Clock:
    return given_clock(key, "14 days", started=START, calendar=POLAND)


def test_r25_posting_on_the_last_day_is_in_time_and_the_day_after_is_not() -> None:
    assert in_time(clock(), date(2026, 3, 16))
    assert not in_time(clock(), date(2026, 3, 17))
    assert in_time(clock(), DUE - timedelta(seconds=1))
    assert not in_time(clock(), DUE)


def test_r25_dispatch_stops_the_clock_on_its_own_day_though_recorded_later() -> None:
    stopped = stop(clock(), date(2026, 3, 10), DUE)
    assert stopped.state is ClockState.STOPPED
    assert stopped.stopped == datetime(2026, 3, 11, tzinfo=WARSAW)


def test_a_posting_of_today_does_not_stop_the_clock_in_the_future() -> None:
    assert stop(clock(), START.date(), START + timedelta(hours=2)).stopped == START + timedelta(hours=2)


def test_a_stopped_clock_is_not_stopped_twice() -> None:
    with pytest.raises(Conflict, match="“statutory” has been stopped already"):
        stop(stop(clock(), START, START), START, START)


def test_r25_a_statutory_clock_lapses_at_its_due_and_not_before() -> None:
    with pytest.raises(Conflict, match="still runs until the end of 2026-03-16"):
        lapse(clock(), DUE - timedelta(microseconds=1))
    assert lapse(clock(), DUE).state is ClockState.LAPSED


def test_a_contract_clock_is_breached_and_keeps_counting() -> None:
    with pytest.raises(Conflict, match="not set by law"):
        lapse(clock("contract"), DUE)
    late = breach(clock("contract"), DUE)
    assert stop(late, DUE + timedelta(hours=1), DUE + timedelta(hours=1)).state is ClockState.STOPPED


def test_r25_a_lapse_is_withdrawn_only_by_dispatch_before_the_due() -> None:
    lapsed = lapse(clock(), DUE)
    with pytest.raises(Conflict, match="The lapse stands: 2026-03-17 is after the due of 2026-03-16"):
        withdraw_lapse(lapsed, date(2026, 3, 17), DUE + timedelta(days=3))
    with pytest.raises(Conflict, match="has lapsed; withdraw the lapse with evidence"):
        stop(lapsed, date(2026, 3, 16), DUE)
    assert withdraw_lapse(lapsed, date(2026, 3, 16), DUE + timedelta(days=3)).stopped == DUE


def test_a_longer_length_moves_the_due_and_keeps_the_start() -> None:
    longer = with_length(clock(), parse_length("30 days"))
    assert (longer.due.day, longer.started) == (date(2026, 4, 1), START)
    with pytest.raises(Conflict, match="does not run; it cannot be changed"):
        with_length(stop(clock(), START, START), parse_length("30 days"))


def test_another_rule_takes_over_with_what_has_fired_so_far() -> None:
    warned = with_settled(clock(), fired=["P2D before"], skipped=["50%"])
    other = given_clock("statutory", "30 days", started=START, calendar=POLAND)
    changed = replaced_by(warned, other)
    assert (changed.due, changed.fired, changed.skipped) == (other.due, ("P2D before",), ("50%",))
    with pytest.raises(Conflict, match="does not run"):
        replaced_by(lapse(clock(), DUE), other)


def test_r25_nothing_pauses_a_clock_of_the_law() -> None:
    with pytest.raises(Conflict, match="set by law; nothing here pauses it"):
        pause(clock())
    with pytest.raises(Conflict, match="cannot be paused yet"):
        pause(clock("contract"))
