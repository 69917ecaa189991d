"""R25: the law's clock is found by who complains about what and where, starts at receipt, and only dispatch stops it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from engine.execution import Simulation
from tests.engine.execution.drawing import do, file, process

RECEIVED = datetime(2026, 3, 2, 9, tzinfo=UTC)
FACTS = {"country": "PL", "sector": "general", "party": "consumer", "subject": "warranty", "received_on": "2026-03-02"}


def complaint() -> Simulation:
    drawn = file(process("start s\nuser decide\nuser send\nend e", "s > decide > send > e"))
    simulated = Simulation.load({"p.bpmn": drawn}, now=RECEIVED)
    simulated.start("p", dict(FACTS))
    return simulated


def test_a_polish_consumer_is_answered_within_fourteen_days_of_receipt() -> None:
    (clock,) = [clock for clock in complaint().clocks() if clock.kind == "statutory"]
    assert (clock.key, clock.state, clock.due - RECEIVED < timedelta(days=15)) == ("statutory", "running", True)


def test_a_decision_does_not_stop_it_and_dispatch_does() -> None:
    simulated = complaint()
    do(simulated, "decide", outcome="rejected")
    assert simulated.clocks()[0].state == "running"
    simulated.stop_clock("statutory", on=date(2026, 3, 10))
    assert simulated.clocks()[0].state == "stopped"


def test_a_lapse_is_withdrawn_only_by_dispatch_before_the_due() -> None:
    simulated = complaint()
    simulated.advance(timedelta(days=30))
    simulated.lapse_clock("statutory")
    assert simulated.clocks()[0].state == "lapsed"
    simulated.stop_clock("statutory", on=date(2026, 3, 10))
    assert simulated.clocks()[0].state == "stopped"
