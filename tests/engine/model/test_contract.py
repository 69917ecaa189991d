"""A contract's clock takes its length from the customer's segment."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.model.contract import contract_clock, shipped_segments
from engine.model.errors import Invalid
from engine.model.people import Segment
from engine.model.statutory import calendar_of

WARSAW = ZoneInfo("Europe/Warsaw")
FRIDAY = datetime(2026, 4, 30, 15, tzinfo=WARSAW)


def test_shipped_segments_promise_three_five_ten_days_and_two_minutes() -> None:
    due = {}
    for segment in shipped_segments():
        clock = contract_clock(segment, FRIDAY, calendar_of("PL"))
        assert clock is not None
        due[segment.key] = clock.due
    assert [due[key].day.isoformat() for key in ("key", "gold", "standard")] == [
        "2026-05-06",
        "2026-05-08",
        "2026-05-15",
    ]
    assert due["trial"].instant == FRIDAY + timedelta(minutes=2)


def test_a_segment_without_a_promise_has_no_clock() -> None:
    assert contract_clock(Segment(key="walk_in"), FRIDAY, calendar_of("PL")) is None


def test_a_promise_that_nobody_can_read_is_refused() -> None:
    with pytest.raises(Invalid, match="“quickly” is not a length of time"):
        contract_clock(Segment(key="vip", decision_within="quickly"), FRIDAY, calendar_of("PL"))
