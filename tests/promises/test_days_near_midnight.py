"""A day is the day where the house is, and for a clock the day where its law holds: near midnight, on leap days, at DST."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.model.case import ClockRow
from engine.model.errors import Invalid
from engine.model.people import SYSTEM
from engine.store import settings
from tests.promises.conftest import House


def at(house: House, zone: str, moment: str) -> None:
    """Move the house to a zone and a time there."""
    with house.store.begin(SYSTEM) as tx:
        settings.put_setting(tx, "company.zone", zone)
    house.now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Warsaw", "2026-03-03T00:30", date(2026, 3, 3)),
        ("Asia/Tehran", "2026-03-03T03:00", date(2026, 3, 3)),
        ("America/New_York", "2026-03-02T22:00", date(2026, 3, 2)),
        ("Europe/Warsaw", "2028-02-29T00:05", date(2028, 2, 29)),
        ("Europe/Warsaw", "2026-03-29T03:30", date(2026, 3, 29)),
        ("Europe/Warsaw", "2026-10-25T02:30", date(2026, 10, 25)),
    ],
)
def test_a_case_is_received_on_the_day_of_the_house(house: House, zone: str, moment: str, day: date) -> None:
    at(house, zone, moment)
    assert house.register().received_on == day
    assert house.register(received_on=day).received_on == day
    with pytest.raises(Invalid):
        house.register(received_on=date.fromordinal(day.toordinal() + 1))
    assert house.broken() == []


@pytest.mark.parametrize(("hour", "state"), [(22, "stopped"), (23, "lapsed")])
def test_the_last_day_ends_at_midnight_where_the_law_holds(house: House, hour: int, state: str) -> None:
    case = house.triaged(received_on=date(2026, 3, 2))
    house.do("ben", case, "work", findings="Worn.")
    house.do("ben", case, "decide", "accept", reasons="Yes.", decided_remedy="repair")
    due = next(clock for clock in house.all(ClockRow, case_id=case.id) if clock.key == "statutory").due_at
    assert due == datetime(2026, 3, 16, 23, 0, tzinfo=UTC)
    house.now = datetime(2026, 3, 16, hour, 30, tzinfo=UTC)
    house.settle()
    if state == "stopped":
        house.do("ben", case, "write_answer", medium="email")
    found = next(clock for clock in house.all(ClockRow, case_id=case.id) if clock.key == "statutory")
    assert found.state == state
    assert found.stopped_at is None or found.stopped_at <= due
    assert house.broken() == []
