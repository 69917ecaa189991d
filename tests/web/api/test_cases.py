"""Cases come in once, say by when they must be answered, and are read by those who work on cases."""

from __future__ import annotations

from engine.model.case import Case, Customer
from engine.model.people import SYSTEM
from engine.store import rows
from engine.wiring import Engine
from tests.web.api.conftest import COMPLAINT, Program, ProgramAs


def test_a_registered_case_has_number_tracking_stage_and_clocks(anna: Program) -> None:
    answer = anna.post("/api/cases", COMPLAINT)
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["number"].startswith("C-")
    assert len(told["tracking"]) == 8
    assert told["stage"] in ("received", "acknowledged")
    assert answer.headers["Location"] == f"/api/cases/{told['number']}"
    assert {clock["kind"] for clock in told["clocks"]} == {"statutory", "contract"}


def test_a_legal_due_is_told_where_it_counts_with_its_reason(anna: Program) -> None:
    clocks = anna.post("/api/cases", COMPLAINT).get_json()["clocks"]
    law = next(clock for clock in clocks if clock["kind"] == "statutory")
    assert (law["last_day"], law["due"]) == ("2026-03-16", "2026-03-17T00:00:00+01:00")
    assert law["state"] == "running"
    assert law["explain"].startswith("14 calendar days after receipt on 2 Mar 2026, Poland, consumer")


def test_the_case_keeps_what_was_sent(anna: Program, engine: Engine, number: str) -> None:
    with engine.read(SYSTEM) as tx:
        case = rows.find(tx, Case, number=number)[0]
        customer = rows.get(tx, Customer, case.customer_id or "")
    assert (case.country, case.party, case.remedy, case.channel) == ("PL", "consumer", "repair", "web")
    assert (case.facts["model"], str(case.facts["purchased_on"])) == ("WM-7", "2025-12-01")
    assert (customer.name, customer.email) == ("Zofia Nowak", "zofia@example.org")


def test_a_case_is_read_with_clocks_tasks_and_events(anna: Program, number: str) -> None:
    case = anna.get(f"/api/cases/{number}").get_json()
    assert (case["number"], case["kind"], case["decision"]) == (number, "complaint", None)
    assert [task["element"] for task in case["tasks"]] == ["triage"]
    assert case["events"][0]["kind"] == "registered"
    assert case["events"][0]["actor"] == "anna"
    assert [event["sequence"] for event in case["events"]] == list(range(1, len(case["events"]) + 1))


def test_one_key_registers_once_and_is_answered_twice(anna: Program, engine: Engine) -> None:
    first = anna.post("/api/cases", COMPLAINT, Idempotency_Key="order-17")
    again = anna.post("/api/cases", dict(reversed(COMPLAINT.items())), Idempotency_Key="order-17")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    with engine.read(SYSTEM) as tx:
        assert rows.count(tx, Case) == 1


def test_one_key_with_another_body_is_refused(anna: Program) -> None:
    anna.post("/api/cases", COMPLAINT, Idempotency_Key="order-17")
    answer = anna.post("/api/cases", {**COMPLAINT, "subject": "Another"}, Idempotency_Key="order-17")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_body")


def test_a_key_belongs_to_its_person(anna: Program, program_as: ProgramAs) -> None:
    first = anna.post("/api/cases", COMPLAINT, Idempotency_Key="order-17")
    other = program_as("ben").post("/api/cases", COMPLAINT, Idempotency_Key="order-17")
    assert first.get_json()["number"] != other.get_json()["number"]


def test_a_refused_registration_leaves_its_key_free(anna: Program) -> None:
    refused = anna.post("/api/cases", {**COMPLAINT, "received_on": "2999-01-01"}, Idempotency_Key="order-17")
    assert refused.status_code == 422
    assert anna.post("/api/cases", COMPLAINT, Idempotency_Key="order-17").status_code == 201


def test_a_reference_is_registered_once_and_names_its_case(anna: Program) -> None:
    first = anna.post("/api/cases", {**COMPLAINT, "reference": "shop-1"}).get_json()
    again = anna.post("/api/cases", {**COMPLAINT, "reference": "shop-1"})
    assert (again.status_code, again.get_json()["code"]) == (409, "already_registered")
    assert again.get_json()["number"] == first["number"]


def test_every_wrong_field_is_named_at_once(anna: Program) -> None:
    body = {"received_on": "yesterday", "country": "Poland", "customer": {"email": "zofia"}, "colour": "red"}
    answer = anna.post("/api/cases", body)
    assert answer.status_code == 422
    faults = {error["field"]: error["code"] for error in answer.get_json()["errors"]}
    assert faults == {
        "subject": "field_required",
        "received_on": "field_date",
        "country": "field_pattern",
        "customer.email": "field_email",
        "colour": "field_unknown",
    }


def test_faults_of_the_matter_are_named_as_well(anna: Program) -> None:
    answer = anna.post("/api/cases", {**COMPLAINT, "received_on": "2999-01-01", "earlier_case": "C-1"})
    assert [error["field"] for error in answer.get_json()["errors"]] == ["received_on", "earlier_case"]


def test_an_amount_stays_exact(anna: Program, engine: Engine) -> None:
    for amount in ("0.10", 0.1):
        anna.post("/api/cases", {**COMPLAINT, "disputed_amount": amount})
    with engine.read(SYSTEM) as tx:
        assert [str(case.disputed_amount) for case in rows.find(tx, Case, order_by="id")] == ["0.10", "0.1"]


def test_a_case_that_is_not_there_is_404(anna: Program) -> None:
    answer = anna.get("/api/cases/C-2026-999999")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "case_not_found")


def test_a_designer_reads_no_case(program_as: ProgramAs, number: str) -> None:
    answer = program_as("greta").get(f"/api/cases/{number}")
    assert answer.status_code in (403, 404)
    assert COMPLAINT["subject"] not in answer.text


def test_a_comment_is_added_once(anna: Program, number: str) -> None:
    for _ in range(2):
        answer = anna.post(f"/api/cases/{number}/comments", {"body": "She called."}, Idempotency_Key="call-1")
        assert answer.status_code == 201
    kinds = [event["kind"] for event in anna.get(f"/api/cases/{number}").get_json()["events"]]
    assert kinds.count("commented") == 1


def test_a_withdrawn_case_is_closed_and_can_come_back(anna: Program, engine: Engine, number: str) -> None:
    answer = anna.post(f"/api/cases/{number}/withdraw", {"reason": "It works again."})
    assert answer.status_code == 200
    engine.settle()
    assert anna.get(f"/api/cases/{number}").get_json()["status"] == "closed"
    again = anna.post(f"/api/cases/{number}/withdraw", {})
    assert (again.status_code, again.get_json()["code"]) == (409, "case_closed")
    back = anna.post(f"/api/cases/{number}/reopen", {"reason": "It leaks again."}).get_json()
    assert (back["case"], back["status"]) == (number, "open")


def test_a_message_that_nobody_awaits_is_kept(anna: Program) -> None:
    answer = anna.post("/api/messages", {"name": "parcel_arrived", "correlation": {"parcel": "P-1"}})
    assert (answer.status_code, answer.get_json()) == (202, {"matched": 0})
