"""R11: thresholds refer to the clock; of several past at once only the highest fires, and each fires once."""

from __future__ import annotations

from datetime import timedelta

from engine.execution import Simulation
from tests.engine.execution.drawing import MONDAY, do, file, open_tasks, process, simulation

WATCHED = process(
    "start s\nuser work\nuser more\n"
    'boundary half attachedToRef=work cancelActivity=false clock="50%"\n'
    'boundary most attachedToRef=work cancelActivity=false clock="80%"\n'
    'boundary again attachedToRef=more cancelActivity=false clock="80%"\n'
    "user owner\nuser lead\nuser other",
    "s > work > more; half > owner; most > lead; again > other",
)


def started() -> Simulation:
    simulated = simulation(WATCHED)
    simulated.start("p", clocks={"contract": "P10D"})
    return simulated


def test_a_threshold_fires_at_its_share_of_the_clock() -> None:
    simulated = started()
    simulated.advance(timedelta(days=5))
    assert open_tasks(simulated) == ["work", "owner"]
    simulated.advance(timedelta(days=3))
    assert (open_tasks(simulated), simulated.clocks()[0].fired) == (["work", "owner", "lead"], ("50%", "80%"))


def test_a_new_task_inherits_what_has_fired() -> None:
    simulated = started()
    simulated.advance(timedelta(days=9))
    do(simulated, "work")
    simulated.advance(timedelta(days=9))
    assert "other" not in open_tasks(simulated)


def test_after_an_outage_only_the_highest_fires() -> None:
    simulated = started()
    later = Simulation.restore(simulated.save(), {"p.bpmn": file(WATCHED)}, now=MONDAY + timedelta(days=9))
    assert open_tasks(later) == ["work", "lead"]


def test_a_stopped_clock_fires_nothing() -> None:
    simulated = started()
    simulated.stop_clock("contract")
    simulated.advance(timedelta(days=20))
    assert (open_tasks(simulated), simulated.clocks()[0].state) == (["work"], "stopped")


def test_without_such_a_clock_a_threshold_waits() -> None:
    simulated = simulation(WATCHED)
    simulated.start("p")
    simulated.advance(timedelta(days=99))
    assert open_tasks(simulated) == ["work"]


def test_a_statutory_clock_is_found_from_the_facts() -> None:
    simulated = simulation(WATCHED)
    simulated.start("p", {"country": "PL", "party": "consumer", "received_on": "2026-03-02", "subject": "Hail"})
    (clock,) = simulated.clocks()
    assert (clock.key, clock.kind, clock.due.date().isoformat()) == ("statutory", "statutory", "2026-03-16")
