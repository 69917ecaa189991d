"""A complaint goes from registration to its close, and each step is in the case's chain."""

from __future__ import annotations

import pytest

from engine.actions.register_case import Registration, register_case
from engine.model.case import CaseMessage, CaseStage, CaseStatus, ClockRow
from engine.model.decision import Decision
from engine.model.errors import Conflict, Invalid
from engine.model.people import SYSTEM
from engine.model.running import Instance, Subscription, SubscriptionState, Timer, TimerState
from engine.store import audit, search
from tests.engine.actions.conftest import Desk


def test_a_complaint_is_worked_decided_answered_and_closed(desk: Desk) -> None:
    case = desk.register(description="It leaks.")
    desk.do("anna", case, "work")
    desk.do("anna", case, "decide", "accept", reasons="The seal was faulty.", amount="20")
    desk.do("ben", case, "second_person", "approve")
    closed = desk.again(case)
    assert (closed.stage, closed.status, closed.root_cause) == (CaseStage.CLOSED, CaseStatus.CLOSED, "material")
    decision = desk.all(Decision, case_id=case.id)[0]
    assert (decision.outcome, str(decision.amount)) == ("accepted", "20")
    assert decision.decided_by == desk.person("anna").person_id
    assert decision.approved_by == desk.person("ben").person_id


def test_a_closed_case_leaves_nothing_open(desk: Desk) -> None:
    case = desk.register()
    desk.do("anna", case, "work")
    desk.do("anna", case, "decide", "accept", reasons="Yes.")
    desk.do("ben", case, "second_person", "approve")
    assert desk.open_tasks(case) == []
    assert desk.all(Timer, case_id=case.id, state=TimerState.PENDING) == []
    assert desk.all(Subscription, case_id=case.id, state=SubscriptionState.OPEN) == []
    assert [instance.status for instance in desk.all(Instance)] != ["running"]


def test_the_chain_of_a_case_verifies_and_holds_no_personal_value(desk: Desk) -> None:
    from_customer = "My neighbour Zdzislawa saw it leak."
    case = desk.register(description=from_customer)
    desk.do("anna", case, "work")
    desk.do("anna", case, "decide", "reject", reasons="Zdzislawa was wrong.")
    with desk.store.read(SYSTEM) as tx:
        assert audit.verify(tx) == []
        told = repr(audit.events_of(tx, case.id))
    states = "".join(instance.state for instance in desk.all(Instance))
    assert "Zdzislawa" not in told + states
    assert "Zdzislawa" in repr(desk.all(CaseMessage, case_id=case.id))


def test_the_answer_s_dispatch_stops_every_clock(desk: Desk) -> None:
    case = desk.register()
    assert {clock.key: clock.state for clock in desk.all(ClockRow)} == {"contract": "running", "statutory": "running"}
    desk.do("anna", case, "work")
    desk.do("anna", case, "decide", "accept", reasons="Yes.")
    assert {clock.state for clock in desk.all(ClockRow)} == {"running"}
    desk.do("ben", case, "second_person", "approve")
    assert {clock.state for clock in desk.all(ClockRow)} == {"stopped"}


def test_a_letter_is_written_once_and_handed_over_once(desk: Desk) -> None:
    case = desk.register()
    letters = desk.all(CaseMessage, case_id=case.id, kind="letter")
    assert [(letter.letter, letter.state) for letter in letters] == [("acknowledgement", "sent")]
    assert list(desk.post.sent) == [letters[0].message_id]
    desk.settle()
    assert len(desk.post.sent) == 1


def test_the_same_reference_is_registered_once(desk: Desk) -> None:
    case = desk.register(source="shop", reference="A-1")
    with pytest.raises(Conflict, match=case.number):
        desk.register(source="shop", reference="A-1")


def test_every_fault_of_a_registration_is_named_at_once(desk: Desk) -> None:
    with desk.store.begin(desk.person("anna")) as tx, pytest.raises(Invalid) as refusal:
        register_case(tx, Registration(subject=" ", kind="wish", earlier_case="C-1"))
    assert {fault.field for fault in refusal.value.fields} == {"subject", "kind", "earlier_case"}


def test_a_refused_completion_writes_nothing(desk: Desk) -> None:
    case = desk.register()
    desk.do("anna", case, "work")
    before = desk.task(case, "decide")
    with pytest.raises(Invalid) as refusal:
        desk.do("anna", case, "decide", "accept", amount="many", price="3")
    assert {fault.field for fault in refusal.value.fields} >= {"amount", "reasons", "price"}
    assert desk.task(case, "decide") == before


def test_a_case_is_found_by_the_serial_number_of_its_product(desk: Desk) -> None:
    case = desk.register(facts={"serial": "KT-4711-B", "model": "Calor 6"})
    desk.register(facts={"serial": "KT-4712-B"})
    with desk.store.read(SYSTEM) as tx:
        assert search.matching(tx, "KT-4711-B") == [case.id]
