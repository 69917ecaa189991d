"""R10: a timer's text is evaluated once; cycles do not drift; after an outage only the latest missed occurrence fires."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.execution import Simulation
from tests.engine.execution.drawing import MONDAY, do, drawn, file, open_tasks, process, simulation

HOUR = timedelta(hours=1)
REMINDED = process(
    'start s\nuser work\nboundary again attachedToRef=work cancelActivity=false every="R3/PT1H"\nuser nudge',
    "s > work; again > nudge",
)


@pytest.mark.parametrize("text", ["PT2H", "'PT2H'", '"PT2H"', "wait", "2026-03-02T12:00:00+01:00"])
def test_durations_dates_and_expressions_are_due_alike(text: str) -> None:
    kind = "at" if text.startswith("2026") else "after"
    nodes = f"start s\ncatch pause {{ {'<timerEventDefinition><timeDate>' if kind == 'at' else '<timerEventDefinition><timeDuration>'}"
    nodes += f"{text}{'</timeDate>' if kind == 'at' else '</timeDuration>'}</timerEventDefinition> }}\nuser after"
    simulated = drawn(nodes, "s > pause > after", wait="PT2H")
    simulated.advance(2 * HOUR - timedelta(seconds=1))
    assert open_tasks(simulated) == []
    simulated.advance(timedelta(seconds=1))
    assert open_tasks(simulated) == ["after"]


def test_a_text_is_evaluated_once_when_the_timer_is_armed() -> None:
    simulated = drawn("start s\ncatch pause after=wait\nuser after", "s > pause > after", wait="PT2H")
    simulated.set_variables({"wait": "PT9H"})
    simulated.advance(2 * HOUR)
    assert open_tasks(simulated) == ["after"]


def test_a_cycle_beside_a_task_comes_as_often_as_it_says() -> None:
    simulated = simulation(REMINDED)
    simulated.start("p")
    simulated.advance(HOUR * 2.5)
    assert open_tasks(simulated) == ["work", "nudge", "nudge"]
    simulated.advance(HOUR * 20)
    assert open_tasks(simulated) == ["work", "nudge", "nudge", "nudge"]


def test_months_are_counted_from_the_start_and_do_not_drift() -> None:
    nodes = 'start s\nuser work\nboundary again attachedToRef=work cancelActivity=false every="R/P1M"\nend n'
    simulated = simulation(process(nodes, "s > work; again > n"))
    simulated.advance(datetime(2026, 3, 31, 9, tzinfo=UTC) - MONDAY)
    simulated.start("p")
    simulated.advance(timedelta(days=75))
    due = next(wait.due for wait in simulated.waits() if wait.kind == "timer")
    assert due == datetime(2026, 6, 30, 9, tzinfo=UTC)


def test_after_an_outage_only_the_latest_missed_occurrence_fires() -> None:
    simulated = simulation(REMINDED)
    simulated.start("p")
    later = Simulation.restore(simulated.save(), {"p.bpmn": file(REMINDED)}, now=MONDAY + HOUR * 2.5)
    assert open_tasks(later) == ["work", "nudge"]
    later.advance(HOUR)
    assert open_tasks(later) == ["work", "nudge", "nudge"]


def test_timers_fire_in_due_order_with_now_as_their_due() -> None:
    nodes = "start s\nand split\ncatch long after=PT2H\ncatch short after=PT1H\ncatch then after=PT30M\nend e\nend f"
    simulated = drawn(nodes, "s > split; split > long > e; split > short > then > f")
    simulated.advance(HOUR * 5)
    assert simulated.trace() == ["s", "split", "short", "then", "f", "long", "e"]


def test_an_interrupting_timer_takes_the_task_away() -> None:
    simulated = drawn(
        "start s\nuser work\nboundary late attachedToRef=work after=PT1H\nuser lead", "s > work; late > lead"
    )
    simulated.advance(HOUR)
    assert (open_tasks(simulated), "work" in simulated.trace()) == (["lead"], False)


def test_a_process_is_started_by_its_timer() -> None:
    simulated = simulation(process('start s every="R2/PT1H"\nuser work', "s > work"))
    simulated.advance(HOUR * 5)
    assert open_tasks(simulated) == ["work", "work"]


def test_a_value_that_is_no_time_is_an_incident_and_can_be_corrected() -> None:
    simulated = drawn("start s\ncatch pause after=wait\nuser after", "s > pause > after", wait="soon")
    (incident,) = simulated.incidents()
    simulated.set_variables({"wait": "PT1M"})
    simulated.retry(incident)
    simulated.advance(HOUR)
    assert open_tasks(simulated) == ["after"]


def test_days_are_calendar_days_of_the_process_s_zone() -> None:
    text = process("start s\ncatch pause after=P1D\nend e", "s > pause > e").replace(
        "isExecutable", 'mg:zone="Europe/Warsaw" isExecutable'
    )
    simulated = simulation(text)
    simulated.advance(datetime(2026, 3, 28, 11, tzinfo=UTC) - MONDAY)
    simulated.start("p")
    assert simulated.waits()[0].due == datetime(2026, 3, 29, 10, tzinfo=UTC)


def test_finished_work_leaves_no_timer_behind() -> None:
    simulated = simulation(REMINDED)
    simulated.start("p")
    do(simulated, "work")
    assert (simulated.waits(), simulated.running()) == ([], False)
