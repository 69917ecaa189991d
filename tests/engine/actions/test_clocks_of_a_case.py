"""A case's clocks warn, escalate and lapse, each once, and never early."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.actions.find_customer import NewCustomer
from engine.actions.register_case import Registration, register_case
from engine.model.case import CaseStatus, ClockRow
from engine.model.clock import recomputed_due
from engine.model.clock_rows import clock_from_plain
from engine.model.decision import Decision
from engine.model.people import SYSTEM, Notice
from engine.model.running import Timer, TimerState
from engine.store import audit, rows
from tests.engine.actions.conftest import Desk


def due(desk: Desk, key: str) -> datetime:
    found: datetime = desk.all(ClockRow, key=key)[0].due_at
    return found


def kinds(desk: Desk) -> list[str]:
    return sorted(notice.kind for notice in desk.all(Notice))


def told(desk: Desk, kind: str) -> set[str]:
    return {notice.person_id for notice in desk.all(Notice, kind=kind)}


def test_half_of_the_clock_tells_the_lead_while_nobody_has_the_task(desk: Desk) -> None:
    desk.register()
    desk.until(datetime(2026, 3, 10, tzinfo=UTC))
    assert told(desk, "escalation_50") == {desk.person("clara").person_id}


def test_half_of_the_clock_tells_the_owner(desk: Desk) -> None:
    desk.claim("anna", desk.task(desk.register(), "work"))
    desk.until(datetime(2026, 3, 10, tzinfo=UTC))
    assert told(desk, "escalation_50") == {desk.person("anna").person_id}


def test_the_whole_clock_puts_the_task_before_the_lead_and_keeps_the_draft(desk: Desk) -> None:
    case = desk.register(country="DE")
    desk.claim("anna", desk.task(case, "work"))
    desk.until(datetime(2026, 3, 10, tzinfo=UTC))
    desk.until(datetime(2026, 3, 14, tzinfo=UTC))
    desk.until(due(desk, "contract"))
    assert desk.task(case, "work").owner_id == desk.person("clara").person_id
    assert {desk.person("anna").person_id, desk.person("clara").person_id} == told(desk, "escalation_100")


def test_after_an_outage_only_the_highest_threshold_fires(desk: Desk) -> None:
    desk.register(country="DE")
    desk.until(due(desk, "contract"))
    assert kinds(desk) == ["escalation_100"]
    states = {timer.at: timer.state for timer in desk.all(Timer, clock_key="contract")}
    assert states == {"50%": TimerState.SKIPPED, "80%": TimerState.SKIPPED, "100%": TimerState.FIRED}


def test_no_threshold_fires_twice_or_early(desk: Desk) -> None:
    desk.register()
    desk.wait(days=1)
    assert kinds(desk) == []
    desk.until(datetime(2026, 3, 10, tzinfo=UTC))
    desk.settle()
    desk.wait(minutes=5)
    assert kinds(desk) == ["escalation_50"]


def test_a_lapse_decides_the_case_by_law_and_asks_for_the_remedy(desk: Desk) -> None:
    case = desk.register(received_on=date(2026, 3, 2))
    desk.until(due(desk, "statutory"))
    assert [task.element_id for task in desk.open_tasks(case)] == ["remedy_by_law"]
    decision = desk.all(Decision, case_id=case.id)[0]
    assert (decision.outcome, decision.basis, decision.in_force) == ("accepted_by_law", "law", True)
    assert desk.all(ClockRow, key="statutory")[0].state == "lapsed"


def test_an_answer_just_before_the_end_prevents_the_lapse(desk: Desk) -> None:
    case = desk.register(received_on=date(2026, 3, 2))
    desk.do("anna", case, "work")
    desk.do("anna", case, "decide", "reject", reasons="No.")
    desk.wait(days=13)
    desk.do("ben", case, "second_person", "approve")
    desk.wait(days=30)
    assert [decision.outcome for decision in desk.all(Decision, case_id=case.id)] == ["rejected"]
    assert desk.again(case).status is CaseStatus.CLOSED


def test_thresholds_that_were_past_at_an_import_are_skipped(desk: Desk) -> None:
    desk.register(received_on=date(2025, 6, 2), opened_at=datetime(2025, 6, 2, 8, 0, tzinfo=UTC))
    desk.wait(days=1)
    assert kinds(desk) == []
    assert {timer.state for timer in desk.all(Timer)} == {TimerState.SKIPPED}


def test_a_trial_customer_s_clock_escalates_within_two_minutes(desk: Desk) -> None:
    case = desk.register(customer=NewCustomer(name="Trial Ltd", segment="trial"), country="US", party="business")
    desk.wait(seconds=61)
    assert kinds(desk) == ["escalation_50"]
    desk.wait(seconds=40)
    desk.wait(seconds=30)
    assert kinds(desk) == ["escalation_100", "escalation_50", "escalation_80"]
    assert desk.task(case, "work").owner_id == desk.person("clara").person_id


def test_a_stored_due_equals_its_recomputation(desk: Desk) -> None:
    desk.register()
    for row in desk.all(ClockRow):
        assert recomputed_due(clock_from_plain(row.data)).instant == row.due_at


@pytest.mark.parametrize("sector", ["general", "energy"])
def test_registering_many_leaves_every_chain_whole(desk: Desk, sector: str) -> None:
    with desk.store.begin(SYSTEM) as tx:
        for number in range(20):
            register_case(tx, Registration(subject=f"Case {number}", country="PL", sector=sector))
    desk.settle()
    with desk.store.read(SYSTEM) as tx:
        assert audit.verify(tx) == []
        assert rows.count(tx, ClockRow, key="statutory") == 20
