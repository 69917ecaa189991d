"""Operations see what stopped, retry or leave it out with a reason, and see whether letters left."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.case import Case, CaseMessage
from engine.model.people import SYSTEM
from engine.model.running import Incident, Job, JobState
from engine.store import audit, rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs

WHY = {"reason": "The stock answers again"}


def job_of(engine: Engine, incident: Incident) -> Job | None:
    with engine.read(SYSTEM) as tx:
        return rows.maybe(tx, Job, incident.job_id)


def test_an_open_incident_says_what_is_wrong_and_where(client_as: ClientAs, incident: Incident, case: Case) -> None:
    client = client_as("henry")
    assert "1 incident waits for a decision." in client.get("/ops").text
    page = client.get("/ops/incidents").text
    assert "The stock does not answer." in page
    assert case.number in page
    assert case.subject not in page
    detail = client_as("eva").get(f"/ops/incidents/{incident.id}").text
    assert "stock.lookup" in detail
    assert "3 of 3" in detail


def test_an_administrator_reads_no_addresses(client_as: ClientAs, engine: Engine, incident: Incident) -> None:
    with engine.begin(SYSTEM) as tx:
        rows.update(tx, Incident, incident.id, params={"service": "harriet@example.org"})
        rows.update(tx, Job, incident.job_id or "", last_error="harriet@example.org is unknown", args={"to": "Harriet"})
    for address in ("/ops/incidents", f"/ops/incidents/{incident.id}", "/ops/incidents.csv", "/ops/jobs?state=failed"):
        page = client_as("henry").get(address).text
        assert "…@…" in page, address
        assert "harriet" not in page.lower(), address
    assert "harriet@example.org" in client_as("eva").get(f"/ops/incidents/{incident.id}").text


def test_a_retry_lets_the_job_run_from_its_first_attempt(
    client_as: ClientAs, engine: Engine, incident: Incident
) -> None:
    answer = client_as("henry").post(f"/ops/incidents/{incident.id}/retry", data=WHY, follow_redirects=True)
    assert "It is tried again now." in answer.text
    job = job_of(engine, incident)
    assert job is not None
    assert (job.state, job.attempts) == (JobState.PENDING, 0)
    assert client_as("henry").post(f"/ops/incidents/{incident.id}/retry", data=WHY).status_code == 409


def test_leaving_a_step_out_needs_a_reason(client_as: ClientAs, engine: Engine, incident: Incident, case: Case) -> None:
    client = client_as("eva")
    answer = client.post(f"/ops/incidents/{incident.id}/skip", data={"reason": " "})
    assert answer.status_code == 422
    assert "Say why. Whoever opens the case later reads it." in answer.text
    client.post(f"/ops/incidents/{incident.id}/skip", data={"reason": "The stock is closed for good"})
    assert job_of(engine, incident) is None
    assert "left out" in client.get("/ops/incidents?state=settled").text
    with engine.read(SYSTEM) as tx:
        told = [event.data for event in audit.events_of(tx, case.id) if event.kind == "incident_settled"]
        kept = rows.get(tx, CaseMessage, str(told[0]["reason"]).removeprefix("message:"))
    assert [each["how"] for each in told] == ["skipped"]
    assert kept.body == "The stock is closed for good", "what people write lies in a message, the trail holds its key"


def test_failed_jobs_lead_to_their_incident(client_as: ClientAs, incident: Incident) -> None:
    page = client_as("henry").get("/ops/jobs?state=failed").text
    assert "The stock does not answer." in page
    assert f"/ops/incidents/{incident.id}" in page


def test_health_tells_sizes_versions_and_that_pages_alone_are_served(client_as: ClientAs, engine: Engine) -> None:
    page = client_as("henry").get("/ops").text
    assert "Everything runs." in page
    assert str(engine.settings.data_dir) in page
    assert "This process serves pages only" in page


def test_the_audit_trail_is_checked_on_demand(client_as: ClientAs, engine: Engine, case: Case) -> None:
    client = client_as("henry")
    assert "Nothing was altered, lost or slipped in." in client.post("/ops/audit").text
    with engine.begin(SYSTEM) as tx:
        tx.connection.execute("UPDATE audit_event SET kind = 'forged' WHERE case_id = ? AND sequence = 1", (case.id,))
    page = client.post("/ops/audit").text
    assert "1 fault was found." in page
    assert "Event 1 of the case was altered after it was written." in page


@pytest.fixture
def letter(engine: Engine, case: Case) -> CaseMessage:
    with engine.begin(SYSTEM) as tx:
        found = CaseMessage(
            id=tx.new_id(),
            case_id=case.id,
            kind="letter",
            direction="out",
            channel="email",
            recipient="customer@example.org",
            letter="acknowledgement",
            subject="We have your complaint",
            body="Dear customer, the kettle is with us.",
            state="queued",
            created_at=tx.now,
        )
        job = Job(
            id=tx.new_id(),
            name="send_letter",
            args={"message": found.id},
            state=JobState.FAILED,
            case_id=case.id,
            due_at=tx.now,
            created_at=tx.now,
            last_error="No mail server answers.",
        )
        rows.insert_many(tx, [found, job])
    return found


def test_a_manager_reads_letters_and_why_one_did_not_leave(client_as: ClientAs, letter: CaseMessage) -> None:
    page = client_as("eva").get("/ops/outbox").text
    assert letter.body in page
    assert "Not handed over" in page
    assert "No mail server answers." in page


def test_an_administrator_sees_that_a_letter_left_but_not_what_it_says(
    client_as: ClientAs, letter: CaseMessage, engine: Engine
) -> None:
    client = client_as("henry")
    for answer in (client.get("/ops/outbox"), client.get("/ops/outbox.csv")):
        assert "Acknowledgement" in answer.text
        assert letter.body not in answer.text
        assert letter.subject not in answer.text
        assert letter.recipient not in answer.text
    assert str(Path(engine.settings.data_dir) / "outbox") in client.get("/ops/outbox").text


@pytest.mark.parametrize("name", ["incidents", "jobs", "outbox", "people"])
def test_every_list_leaves_as_csv(client_as: ClientAs, name: str) -> None:
    assert client_as("henry").get(f"/ops/{name}.csv").text.startswith("\ufeff")


def test_a_clerk_has_nothing_to_do_here(client_as: ClientAs, incident: Incident) -> None:
    client = client_as("anna")
    assert client.get("/ops").status_code == 403
    assert client.post(f"/ops/incidents/{incident.id}/retry").status_code == 403
