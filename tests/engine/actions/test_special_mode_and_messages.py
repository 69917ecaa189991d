"""Special mode binds the next decision; messages find their case; what stops is settled by people."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.actions.deliver_message import deliver_message
from engine.actions.message_case import reopen_case, withdraw_case
from engine.actions.request_special_mode import request_special_mode
from engine.actions.settle_incident import retry_incident, skip_incident
from engine.model.case import CaseStatus
from engine.model.decision import SpecialMode
from engine.model.errors import Conflict, Forbidden, Invalid
from engine.model.people import SYSTEM
from engine.model.running import Incident, Job
from engine.queries.case_parts import events_with_texts
from engine.store import audit
from tests.engine.actions.conftest import Desk


def ask(desk: Desk, case_id: str, amount: str = "100") -> None:
    with desk.store.begin(desk.person("anna")) as tx:
        request_special_mode(tx, case_id, reason="A loyal customer", amount=Decimal(amount))
    desk.settle()


def test_an_approved_special_mode_forbids_a_refusal_and_a_larger_amount(desk: Desk) -> None:
    case = desk.register()
    ask(desk, case.id)
    desk.do("eva", case, "decide_special_mode", "approve")
    desk.do("anna", case, "work")
    with pytest.raises(Conflict, match="cannot be refused"):
        desk.do("anna", case, "decide", "reject", reasons="No.")
    with pytest.raises(Conflict, match="up to 100"):
        desk.do("anna", case, "decide", "accept", reasons="Yes.", amount="101")
    desk.do("anna", case, "decide", "accept", reasons="Yes.", amount="100")


def test_who_asked_cannot_decide_and_special_mode_says_who_why_and_when(desk: Desk) -> None:
    case = desk.register()
    ask(desk, case.id)
    with pytest.raises(Forbidden):
        desk.claim("anna", desk.task(case, "decide_special_mode"))
    desk.do("filip", case, "decide_special_mode", "refuse")
    request = desk.all(SpecialMode)[0]
    assert (request.status, request.decided_by) == ("refused", desk.person("filip").person_id)
    assert request.decided_at is not None


def test_special_mode_is_asked_for_once_at_a_time_and_with_a_reason(desk: Desk) -> None:
    case = desk.register()
    ask(desk, case.id)
    with desk.store.begin(desk.person("anna")) as tx:
        with pytest.raises(Conflict, match="asked for already"):
            request_special_mode(tx, case.id, reason="Again", amount=None)
        with pytest.raises(Invalid):
            request_special_mode(tx, case.id, reason=" ", amount=Decimal(-1))


def test_a_customer_can_withdraw_at_any_point_and_come_back(desk: Desk) -> None:
    case = desk.register()
    desk.do("anna", case, "work")
    with desk.store.begin(desk.person("anna")) as tx:
        withdraw_case(tx, case.id, reason="Solved itself")
    desk.settle()
    assert (desk.again(case).status, desk.open_tasks(case)) == (CaseStatus.CLOSED, [])
    with desk.store.begin(desk.person("anna")) as tx:
        reopen_case(tx, case.id, reason="It leaks again")
    desk.settle()
    assert [task.element_id for task in desk.open_tasks(case)] == ["work"]


def test_a_message_for_nobody_is_kept_and_its_repetition_is_not(desk: Desk) -> None:
    case = desk.register()
    with desk.store.begin(SYSTEM) as tx:
        assert deliver_message(tx, "later", correlation={"case": case.number}, payload={}, message_id="m-1") == 0
        assert deliver_message(tx, "later", correlation={"case": case.number}, payload={}, message_id="m-1") == 0
        assert deliver_message(tx, "customer_withdraws", correlation={"case": case.number}, payload={}) == 1


def test_a_letter_that_cannot_go_out_is_an_incident_that_is_retried(desk: Desk) -> None:
    channels = desk.store.ports.channels
    taken = channels.pop("post")  # type: ignore[attr-defined]  # the test's own dictionary
    case = desk.register()
    incident = desk.all(Incident)[0]
    assert (incident.code, incident.state) == ("channel_missing", "open")
    channels["post"] = taken  # type: ignore[index]  # the test's own dictionary
    with desk.store.begin(desk.person("eva")) as tx:
        retry_incident(tx, incident.id, reason="It works again")
    desk.settle()
    assert [task.element_id for task in desk.open_tasks(case)] == ["work"]
    assert desk.all(Job) == []


def test_a_skipped_letter_lets_the_case_go_on_and_names_the_reason(desk: Desk) -> None:
    desk.store.ports.channels.pop("post")  # type: ignore[attr-defined]  # the test's own dictionary
    case = desk.register()
    incident = desk.all(Incident)[0]
    with desk.store.begin(desk.person("eva")) as tx, pytest.raises(Invalid):
        skip_incident(tx, incident.id, reason="")
    with desk.store.begin(desk.person("eva")) as tx:
        skip_incident(tx, incident.id, reason="Told by phone")
    desk.settle()
    assert [task.element_id for task in desk.open_tasks(case)] == ["work"]
    with desk.store.read(SYSTEM) as tx:
        told = audit.events_of(tx, case.id)
        assert "Told by phone" not in repr(told)
        assert "Told by phone" in repr(events_with_texts(tx, told))


def test_a_clerk_settles_no_incident(desk: Desk) -> None:
    desk.store.ports.channels.pop("post")  # type: ignore[attr-defined]  # the test's own dictionary
    desk.register()
    incident = desk.all(Incident)[0]
    with desk.store.begin(desk.person("anna")) as tx, pytest.raises(Forbidden):
        retry_incident(tx, incident.id, reason="It works again")
