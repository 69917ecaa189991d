"""A cycle does not drift, ends where it says, and settles every occurrence exactly once (R10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.cycle import Late, Schedule, first_occurrence, occurrence, occurrences_due, parse_cycle
from engine.model.errors import Invalid

WARSAW = ZoneInfo("Europe/Warsaw")
ARMED = datetime(2026, 1, 31, 9, tzinfo=WARSAW)


def schedule(text: str, armed: datetime = ARMED, late: Late = Late.LATEST) -> Schedule:
    return Schedule(parse_cycle(text, WARSAW), armed, WARSAW, late)


def local_times(given_schedule: Schedule, count: int) -> list[str]:
    found = [occurrence(given_schedule, number) for number in range(count + 1)]
    return [f"{one.at.astimezone(WARSAW):%m-%d %H:%M}" for one in found if one]


def test_r10_months_are_counted_from_the_start_not_from_the_last() -> None:
    assert local_times(schedule("R4/P1M"), 9) == ["02-28 09:00", "03-31 09:00", "04-30 09:00", "05-31 09:00"]


def test_r10_a_daily_reminder_keeps_its_hour_over_summer_time() -> None:
    winter = datetime(2026, 3, 28, 9, tzinfo=WARSAW)
    assert local_times(schedule("R3/P1D", winter), 9) == ["03-29 09:00", "03-30 09:00", "03-31 09:00"]


def test_a_named_start_is_the_first_occurrence() -> None:
    assert local_times(schedule("R2/2026-05-01T08:00:00/P1W"), 9) == ["05-01 08:00", "05-08 08:00"]


def test_nothing_happens_after_the_end() -> None:
    assert local_times(schedule("R/PT1H/2026-01-31T11:30:00"), 9) == ["01-31 10:00", "01-31 11:00"]


def test_two_times_make_the_period() -> None:
    found = local_times(schedule("'R2/2026-02-01T00:00:00/2026-02-01T06:00:00'"), 9)
    assert found == ["02-01 00:00", "02-01 06:00"]


def test_occurrences_before_the_arming_are_spent() -> None:
    first = first_occurrence(schedule("R5/2026-01-10T09:00:00/P1W"))
    assert first is not None
    assert (first.number, first.at) == (4, ARMED)
    assert first_occurrence(schedule("R2/2026-01-10T09:00:00/P1W")) is None


def test_r10_after_an_outage_only_the_latest_fires_and_the_others_are_recorded() -> None:
    due = occurrences_due(schedule("R/PT10M"), 2, ARMED + timedelta(minutes=65))
    assert [one.number for one in due.fire] == [6]
    assert list(due.skipped) == [2, 3, 4, 5]
    assert due.next is not None
    assert due.next.at == ARMED + timedelta(minutes=70)


def test_r10_all_missed_ones_fire_in_order_on_request() -> None:
    due = occurrences_due(schedule("R4/PT10M", late=Late.ALL), 1, ARMED + timedelta(hours=9))
    assert [one.number for one in due.fire] == [1, 2, 3, 4]
    assert (list(due.skipped), due.next) == ([], None)


def test_ten_years_of_missed_seconds_take_no_time() -> None:
    due = occurrences_due(schedule("R/PT1S"), 1, ARMED + timedelta(days=3650))
    assert (len(due.fire), len(due.skipped)) == (1, 3650 * 86400 - 1)


def test_nothing_fires_early() -> None:
    due = occurrences_due(schedule("R/PT10M"), 1, ARMED + timedelta(minutes=10) - timedelta(microseconds=1))
    assert due.fire == ()
    assert due.next is not None
    assert due.next.number == 1


@given(
    st.sampled_from(["R/P1D", "R/P1M", "R7/PT90M", "R/P1DT1H", "R40/2026-01-15T02:30:00/P1D", "R/PT1H/2026-02-03"]),
    st.lists(st.integers(0, 4000), min_size=1, max_size=8),
    st.sampled_from(Late),
)
def test_every_occurrence_is_settled_exactly_once(text: str, looks: list[int], late: Late) -> None:
    armed = schedule(text, late=late)
    first = waiting = first_occurrence(armed)
    settled: list[int] = []
    now = ARMED
    for hours in sorted(looks):
        now = ARMED + timedelta(hours=hours)
        if waiting is not None:
            due = occurrences_due(armed, waiting.number, now)
            settled += [*due.skipped, *(one.number for one in due.fire)]
            waiting = due.next
    assert first is not None
    expected = [n for n in range(first.number, 4100) if (one := occurrence(armed, n)) and one.at <= now]
    assert settled == expected


@given(st.text(max_size=30))
def test_any_other_text_gets_a_sentence(text: str) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        parse_cycle(text, WARSAW)


@pytest.mark.parametrize(
    "text", ["0 0 9 * * MON", "P1D", "R3", "R/P1D/x", "R/PT0S", "R2/2026-02-01/2026-01-01", "R/1/2/3/4"]
)
def test_what_cannot_repeat_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_cycle(text, WARSAW)


@given(st.integers(-1, 50))
def test_a_cycle_reads_back_as_it_was_written(count: int) -> None:
    text = f"R{count}/2026-01-01T09:00:00Z/P1M/2027-01-01"
    cycle = parse_cycle(text, WARSAW)
    assert cycle.repetitions == (None if count < 0 else count)
    assert parse_cycle(str(cycle), ZoneInfo("UTC")) == cycle
    assert cycle.start == datetime(2026, 1, 1, 9, tzinfo=UTC)
