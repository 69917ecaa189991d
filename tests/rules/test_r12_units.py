"""R12: a day is one on the calendar of the process's zone, 24 hours are 24 hours, and neither ever means working time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.execution import Simulation
from tests.engine.execution.drawing import file, open_tasks, process

BEFORE_SUMMER_TIME = datetime(2026, 3, 28, 11, tzinfo=UTC)  # noon in Warsaw; the clocks go forward that night


def waiting(length: str, zone: str = "Europe/Warsaw") -> Simulation:
    drawn = file(process(f"start s\ncatch wait after={length}\nuser work", "s > wait > work"))
    drawn = drawn.replace(b'<process id="p"', f'<process id="p" mg:zone="{zone}"'.encode())
    simulated = Simulation.load({"p.bpmn": drawn}, now=BEFORE_SUMMER_TIME)
    simulated.start("p")
    return simulated


def test_a_day_over_the_change_to_summer_time_is_23_hours_long() -> None:
    simulated = waiting("P1D")
    simulated.advance(timedelta(hours=22, minutes=59))
    assert open_tasks(simulated) == []
    simulated.advance(timedelta(minutes=1))
    assert open_tasks(simulated) == ["work"]


def test_24_hours_over_the_change_stay_24_hours() -> None:
    (wait,) = waiting("PT24H").waits()
    assert wait.due == BEFORE_SUMMER_TIME + timedelta(hours=24)


def test_a_process_without_a_zone_of_its_own_counts_in_utc() -> None:
    (wait,) = waiting("P1D", zone="").waits()
    assert wait.due == BEFORE_SUMMER_TIME + timedelta(hours=24)


def test_a_clock_in_working_days_passes_over_the_weekend_and_days_do_not() -> None:
    simulated = Simulation.load({"p.bpmn": file(process("start s\nuser work", "s > work"))}, now=BEFORE_SUMMER_TIME)
    simulated.start("p", clocks={"working": "3 working days", "plain": "3 days", "iso": "P3D"})
    due = {clock.key: clock.due.date().isoformat() for clock in simulated.clocks()}
    assert due["working"] > due["plain"] >= due["iso"]
