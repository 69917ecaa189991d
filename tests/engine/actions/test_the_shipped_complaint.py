"""The processes that ship run on the real desk: their tables, forms, letters, clocks and buttons fit what the desk does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine.actions.find_customer import NewCustomer
from engine.actions.message_case import reopen_case, withdraw_case
from engine.actions.request_special_mode import request_special_mode
from engine.definitions.catalog import scan
from engine.execution.programs import RUNTIMES
from engine.model.case import Case, CaseMessage, CaseStage, CaseStatus, ClockRow
from engine.model.decision import Decision, SpecialMode
from engine.model.errors import Forbidden, Invalid
from engine.model.people import SYSTEM, Notice, Person, PersonRole, Queue, QueueMember, Role
from engine.model.running import Incident, Instance
from engine.store import audit, deployments, rows
from tests.engine.actions.conftest import Desk

ROOT = Path(__file__).parents[3]
TEXT = "My washing machine leaks. The pump is broken after three months and nobody repairs it."
OLA = NewCustomer(name="Ola Nowak", email="ola@example.org", address="Prosta 1, Warszawa")


def on_runtime(files: Mapping[str, bytes], runtime: str) -> dict[str, bytes]:
    """The files with their processes marked for a runtime."""
    mark = f'<bpmn:process mg:runtime="{runtime}" '.encode()
    return {name: data.replace(b"<bpmn:process ", mark) for name, data in files.items()}


@pytest.fixture(params=sorted(RUNTIMES))
def veltra(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """The desk with what ships, on each runtime; the technical queue, and two more people."""
    with desk.store.begin(SYSTEM) as tx:
        for files in scan(ROOT / "processes", ROOT / "forms"):
            marked = on_runtime(files.files, request.param)
            deployments.keep(tx, files.key, marked, process_ids=list(files.process_ids))
        for login, role in (("david", Role.LEAD), ("iga", Role.SPECIALIST)):
            rows.insert(tx, Person(id=tx.new_id(), login=login, name=login.capitalize(), created_at=tx.now))
            rows.insert(tx, PersonRole(person_id=person(tx, login), role=role))
        rows.insert(tx, Queue(key="technical", name="Technical", lead_id=person(tx, "david")))
        rows.insert(tx, Queue(key="special_mode", name="Special mode", lead_id=person(tx, "eva")))
        members = [QueueMember(queue_key="technical", person_id=person(tx, one)) for one in ("ben", "iga", "david")]
        rows.insert_many(tx, members)
    return desk


def person(tx: object, login: str) -> str:
    return rows.find(tx, Person, login=login)[0].id  # type: ignore[arg-type]  # a transaction of the fixture


def registered(veltra: Desk, **given: object) -> Case:
    veltra.clock.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    facts = {
        "description": TEXT,
        "customer": OLA,
        "received_on": date(2026, 3, 2),
        "remedy": "repair",
        "language": "en",
    }
    return veltra.register(**{**facts, **given})


def triaged(veltra: Desk, **given: object) -> Case:
    case = registered(veltra, **given)
    veltra.do("anna", case, "triage", "complaint", product_group="appliance", category="defect")
    return case


def days_pass(veltra: Desk, days: int) -> None:
    for _ in range(days):
        veltra.wait(days=1)


def letters(veltra: Desk, case: Case) -> list[str]:
    sent = veltra.all(CaseMessage, case_id=case.id, kind="letter", order_by="id")
    assert {letter.state for letter in sent} <= {"sent"}
    return [letter.letter for letter in sent]


def all_is_well(veltra: Desk, case: Case) -> None:
    assert [incident.template for incident in veltra.all(Incident)] == []
    with veltra.store.read(SYSTEM) as tx:
        assert audit.verify(tx) == []


def test_the_table_classifies_the_text_and_names_the_queue(veltra: Desk) -> None:
    case = veltra.again(triaged(veltra))
    assert (case.category, case.product_group, case.queue) == ("defect", "appliance", "technical")
    assert [task.queue for task in veltra.open_tasks(case)] == ["technical"]
    all_is_well(veltra, case)


def test_instances_run_where_their_process_says(veltra: Desk, request: pytest.FixtureRequest) -> None:
    registered(veltra)
    asked = request.node.callspec.params["veltra"]
    assert {instance.runtime for instance in veltra.all(Instance)} == {asked}
    assert {("spiff" in instance.state) for instance in veltra.all(Instance)} == {asked == "spiff"}


def test_a_complaint_is_accepted_answered_remedied_and_closed(veltra: Desk) -> None:
    case = triaged(veltra)
    veltra.do("ben", case, "work", findings="The pump is worn.")
    veltra.do("ben", case, "decide", "accept", reasons="It should last two years.", decided_remedy="repair")
    veltra.do("ben", case, "write_answer", answer_text="Thank you for the photos.", medium="email")
    assert {clock.state for clock in veltra.all(ClockRow, case_id=case.id)} == {"stopped"}
    veltra.do("ben", case, "carry_out_remedy", remedy_on="2026-03-02")
    veltra.do("ben", case, "name_cause", root_cause="material")
    closed = veltra.again(case)
    assert (closed.status, closed.stage, closed.root_cause) == (CaseStatus.CLOSED, CaseStage.CLOSED, "material")
    assert letters(veltra, case) == ["acknowledgement", "answer_accepted"]
    assert "Thank you for the photos." in veltra.all(CaseMessage, letter="answer_accepted")[0].body
    all_is_well(veltra, case)


def test_a_refusal_is_checked_by_another_person_and_posted_with_evidence(veltra: Desk) -> None:
    case = triaged(veltra, medium="post")
    veltra.do("ben", case, "work", findings="Misuse.")
    veltra.do("ben", case, "decide", "reject", reasons="It was used in a laundry.")
    with pytest.raises(Forbidden):
        veltra.claim("ben", veltra.task(case, "second_person"))
    with pytest.raises(Invalid) as refusal:
        veltra.do("david", case, "second_person", "send_back", check_note=" ")
    assert refusal.value.fields[0].message.code == "check_note_needed"
    veltra.do("david", case, "second_person", "approve")
    veltra.do("ben", case, "write_answer", medium="post")
    assert {clock.state for clock in veltra.all(ClockRow, case_id=case.id)} == {"running"}
    veltra.do("anna", case, "post_answer", posted_on="2026-03-02", post_reference="RR123456789PL")
    assert {clock.state for clock in veltra.all(ClockRow, case_id=case.id)} == {"stopped"}
    decision = veltra.all(Decision, case_id=case.id)[0]
    assert (decision.outcome, decision.approved_by) == ("rejected", veltra.person("david").person_id)
    assert veltra.all(CaseMessage, letter="answer_rejected")[0].channel == "post"
    all_is_well(veltra, case)


def test_an_expert_outside_and_the_customer_are_asked_from_the_open_task(veltra: Desk) -> None:
    case = triaged(veltra)
    work = veltra.claim("ben", veltra.task(case, "work"))
    veltra.press("ben", work, "ask_expert")
    assert veltra.task(case, "brief_expert").owner_id == work.owner_id, "whoever asks need not claim the question"
    with pytest.raises(Invalid) as refusal:
        veltra.do("ben", case, "brief_expert", "outside", expert_question="Wear?")
    assert refusal.value.fields[0].field == "expert_email"
    veltra.do("ben", case, "brief_expert", "outside", expert_question="Wear?", expert_email="lab@example.org")
    veltra.press("ben", work, "ask_customer")
    veltra.do("ben", case, "write_question", question_text="How many washes a week?")
    days_pass(veltra, 8)
    assert letters(veltra, case) == ["acknowledgement", "expert_request", "question", "question_reminder"]
    assert "lab@example.org" in {letter.recipient for letter in veltra.post.sent.values()}
    assert {task.element_id for task in veltra.open_tasks(case)} == {"work", "record_opinion"}
    all_is_well(veltra, case)


def test_nobody_answers_and_the_law_accepts(veltra: Desk) -> None:
    case = triaged(veltra)
    days_pass(veltra, 16)
    decision = veltra.all(Decision, case_id=case.id)[0]
    assert (decision.outcome, decision.basis) == ("accepted_by_law", "law")
    assert [task.element_id for task in veltra.open_tasks(case)] == ["remedy_by_law"]
    assert letters(veltra, case)[-1] == "lapsed_accepted"
    assert {"statutory_warning"} <= {notice.kind for notice in veltra.all(Notice, case_id=case.id)}
    veltra.do("anna", case, "remedy_by_law", remedy_on="2026-03-18")
    assert veltra.again(case).status == CaseStatus.CLOSED
    all_is_well(veltra, case)


def test_a_lapse_is_withdrawn_by_evidence_of_earlier_dispatch(veltra: Desk) -> None:
    case = triaged(veltra)
    days_pass(veltra, 16)
    veltra.press("anna", veltra.claim("anna", veltra.task(case, "remedy_by_law")), "withdraw_lapse")
    proof = {
        "dispatched_on": "2026-03-12",
        "medium": "post",
        "post_reference": "RR1",
        "withdrawal_reason": "Not noted.",
    }
    veltra.do("clara", case, "prove_dispatch", "reject", **proof)
    outcomes = {decision.outcome: decision.in_force for decision in veltra.all(Decision, case_id=case.id)}
    assert outcomes == {"accepted_by_law": False, "rejected": True}
    assert veltra.again(case).status == CaseStatus.CLOSED
    all_is_well(veltra, case)


def test_a_late_answer_where_the_law_does_not_decide_still_goes_out(veltra: Desk) -> None:
    case = triaged(veltra, country="GB", sector="financial")
    days_pass(veltra, 60)
    assert veltra.all(Decision, case_id=case.id) == []
    owner = veltra.task(case, "work").owner_id
    assert owner == veltra.person("david").person_id
    veltra.do("david", case, "work", findings="The pump is worn.")
    veltra.do("david", case, "decide", "accept", reasons="Yes.")
    veltra.do("david", case, "write_answer", medium="email")
    all_is_well(veltra, case)
    assert {task.element_id for task in veltra.open_tasks(case)} == {"carry_out_remedy"}


def test_half_time_and_the_full_time_are_told_and_the_task_changes_hands(veltra: Desk) -> None:
    case = triaged(veltra, country="DE")
    veltra.claim("ben", veltra.task(case, "work"))
    days_pass(veltra, 20)
    told = {notice.kind for notice in veltra.all(Notice, case_id=case.id)}
    assert {"escalation_50", "escalation_80", "escalation_100"} <= told
    assert veltra.task(case, "work").owner_id == veltra.person("david").person_id
    all_is_well(veltra, case)


def test_a_customer_withdraws_and_comes_back(veltra: Desk) -> None:
    case = triaged(veltra)
    with veltra.store.begin(veltra.person("anna")) as tx:
        withdraw_case(tx, case.id, reason="It works again")
    veltra.settle()
    assert (veltra.again(case).status, veltra.open_tasks(case)) == (CaseStatus.CLOSED, [])
    veltra.wait(days=3)
    with veltra.store.begin(veltra.person("anna")) as tx:
        reopen_case(tx, case.id, reason="It leaks again")
    veltra.settle()
    assert [task.element_id for task in veltra.open_tasks(case)] == ["work"]
    assert letters(veltra, case) == ["acknowledgement", "withdrawn", "reopened"]
    all_is_well(veltra, case)


def test_a_duplicate_joins_and_a_stranger_is_forwarded(veltra: Desk) -> None:
    first, second, third = (registered(veltra) for _ in range(3))
    found = {"product_group": "appliance", "category": "defect"}
    veltra.do("anna", second, "triage", "duplicate", duplicate_of=first.number, **found)
    veltra.do("anna", third, "triage", "not_ours", forwarded_to="the shop", **found)
    assert veltra.again(second).joined_to_id == first.id
    assert letters(veltra, third) == ["acknowledgement", "forwarded"]
    assert {veltra.again(case).status for case in (second, third)} == {CaseStatus.CLOSED}
    all_is_well(veltra, third)


def test_a_special_mode_is_decided_by_its_level_and_binds(veltra: Desk) -> None:
    case = triaged(veltra)
    with veltra.store.begin(veltra.person("anna")) as tx:
        request_special_mode(tx, case.id, reason="Ten years a customer", amount=Decimal(800))
    veltra.settle()
    with pytest.raises(Forbidden):
        veltra.claim("anna", veltra.task(case, "decide_special_mode"))
    veltra.do("eva", case, "decide_special_mode", "approve", approved_amount="800", decision_reason="Worth it.")
    special = veltra.all(SpecialMode)[0]
    assert special.level == "regional"
    assert (special.status, special.amount, special.decision_reason) == ("approved", Decimal(800), "Worth it.")
    veltra.do("ben", case, "work", findings="Worn.")
    veltra.do("ben", case, "decide", "accept", reasons="Special mode.", amount="800")
    assert [task.element_id for task in veltra.open_tasks(case)] == ["write_answer"]
    all_is_well(veltra, case)


def test_a_duplicate_of_no_case_is_refused_before_anything_is_written(veltra: Desk) -> None:
    case = registered(veltra)
    before = veltra.task(case, "triage")
    for given in ("", "C-1999-000001", case.number):
        with pytest.raises(Invalid) as refusal:
            veltra.do(
                "anna", case, "triage", "duplicate", category="defect", product_group="appliance", duplicate_of=given
            )
        assert [fault.field for fault in refusal.value.fields] == ["duplicate_of"]
    assert veltra.task(case, "triage") == before
