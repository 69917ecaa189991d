"""The ways of a case that ship end with every promise kept; each promise has a test that breaks it on purpose besides."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.actions import connectors_of_case
from engine.actions.case_record import CaseRecord
from engine.actions.message_case import reopen_case, withdraw_case
from engine.actions.press_action import press_action
from engine.actions.settle_incident import retry_incident
from engine.model.case import Case, CaseMessage
from engine.model.errors import Conflict, Invalid
from engine.model.people import SYSTEM
from engine.model.running import Incident, Instance
from engine.store import audit, counters
from tests.promises.conftest import House


def test_a_complaint_from_receipt_to_its_end_keeps_them_all(house: House) -> None:
    case = house.triaged()
    house.do("ben", case, "work", findings="The pump is worn.")
    house.do("ben", case, "decide", "accept", reasons="It should last.", decided_remedy="repair")
    house.do("ben", case, "write_answer", answer_text="Sorry.", medium="email")
    house.do("ben", case, "carry_out_remedy", remedy_on="2026-03-02")
    house.do("ben", case, "name_cause", root_cause="material")
    assert house.broken() == []


def test_a_lapse_keeps_them_all(house: House) -> None:
    house.triaged()
    for _ in range(20):
        house.wait(days=1)
        assert house.broken() == []


def test_withdrawing_and_coming_back_keeps_them_all(house: House) -> None:
    case = house.triaged()
    with house.store.begin(house.person("anna")) as tx:
        withdraw_case(tx, case.id, reason="It works again")
    house.settle()
    assert house.broken() == []
    house.wait(days=3)
    with house.store.begin(house.person("anna")) as tx:
        reopen_case(tx, case.id, reason="It leaks again")
    house.settle()
    assert house.broken() == []


def test_a_second_request_for_special_mode_has_its_own_day(house: House) -> None:
    case = house.triaged()
    house.ask_special_mode("anna", case)
    house.do("eva", case, "decide_special_mode", "refuse", decision_reason="No.")
    house.wait(days=3)
    house.ask_special_mode("anna", case)
    task = house.task(case, "decide_special_mode")
    assert (task.role, task.due_at is not None and task.due_at > house.now) == ("regional", True)
    house.wait(hours=23)
    assert house.task(case, "decide_special_mode").id == task.id
    house.wait(hours=2)
    assert house.task(case, "decide_special_mode").role == "director"
    assert house.broken() == []


def test_a_mail_server_that_is_down_is_one_incident_and_loses_nothing(house: House) -> None:
    house.post.is_down = True
    case = house.register()
    for _ in range(10):
        house.wait(minutes=30)
    incidents = house.all(Incident, state="open")
    assert [incident.code for incident in incidents] == ["mail_down"]
    assert house.broken() == []
    house.post.is_down = False
    with house.store.begin(house.person("henry")) as tx:
        retry_incident(tx, incidents[0].id, reason="It works again")
    house.settle()
    assert [task.element_id for task in house.open_tasks(case)] == ["triage"]
    assert house.broken() == []


def test_a_refused_step_of_the_diagram_leaves_nothing_half_done(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(record: CaseRecord, instance: Instance, inputs: Mapping[str, object]) -> dict[str, object]:
        record.change(root_cause="half")
        record.note("dispatched", instance=instance.id, **inputs)
        counters.add(record.tx, "cases", "open", -1)
        raise Conflict("only_half", "Only half of it could be done.")

    case = house.triaged()
    house.do("ben", case, "work", findings="Worn.")
    monkeypatch.setattr(connectors_of_case, "INNER", {**connectors_of_case.INNER, "case.decide": half})
    house.do("ben", case, "decide", "accept", reasons="Yes.", decided_remedy="repair")
    with house.store.read(SYSTEM) as tx:
        assert "dispatched" not in [event.kind for event in audit.events_of(tx, case.id)]
    assert [incident.element_id for incident in house.all(Incident, state="open")] == ["record_decision"]
    assert [found.root_cause for found in house.all(Case)] == [""]
    assert house.broken() == []


def test_evidence_of_a_dispatch_that_came_too_late_is_refused_at_the_form(house: House) -> None:
    case = house.triaged()
    for _ in range(20):
        house.wait(days=1)
    task = house.claim("anna", house.task(case, "remedy_by_law"))
    with house.store.begin(house.person("anna")) as tx:
        press_action(tx, task.id, element="withdraw_lapse", payload={})
    proof = {
        "dispatched_on": "2026-03-19",
        "medium": "post",
        "post_reference": "RR1",
        "withdrawal_reason": "Not noted.",
    }
    with pytest.raises(Invalid) as refusal:
        house.do("clara", case, "prove_dispatch", "reject", **proof)
    assert [fault.field for fault in refusal.value.fields] == ["dispatched_on"]
    house.do("clara", case, "prove_dispatch", "reject", **{**proof, "dispatched_on": "2026-03-12"})
    assert (house.all(Incident), house.broken()) == ([], [])


def test_a_letter_that_is_not_needed_any_more_is_not_sent(house: House) -> None:
    house.post.is_down = True
    case = house.register()
    with house.store.begin(house.person("anna")) as tx:
        withdraw_case(tx, case.id, reason="It works again")
    house.settle()
    assert house.broken() == []
    house.post.is_down = False
    for _ in range(6):
        house.wait(hours=1)
    letters = {letter.letter: letter.state for letter in house.all(CaseMessage, case_id=case.id, kind="letter")}
    assert letters == {"acknowledgement": "dropped", "withdrawn": "sent"}
    assert house.broken() == []
