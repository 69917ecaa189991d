"""Leads watch clocks, escalations, special mode and absences."""

from __future__ import annotations

from datetime import timedelta

from engine.model.case import Case, ClockRow
from engine.model.decision import SpecialMode
from engine.model.people import SYSTEM, Absence
from engine.store import audit, rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs, person_id


def add_clock(engine: Engine, case: Case, key: str, *, days: int, state: str = "running") -> None:
    with engine.begin(SYSTEM) as tx:
        rows.delete(tx, ClockRow, case_id=case.id, key=key)
        due = tx.now + timedelta(days=days)
        row = ClockRow(
            id=tx.new_id(),
            case_id=case.id,
            key=key,
            kind="statutory" if key == "statutory" else "contract",
            state=state,
            started_at=tx.now - timedelta(days=10),
            due_at=due,
            due_local=due.date(),
            zone="Europe/Warsaw",
        )
        rows.insert(tx, row)
        rows.update(tx, Case, case.id, queue="front_office")


def test_the_laws_clocks_come_first(client_as: ClientAs, engine: Engine, case: Case) -> None:
    add_clock(engine, case, "statutory", days=1)
    add_clock(engine, case, "contract", days=-3)
    client = client_as("clara")
    page = client.get("/manage/clocks").text
    assert page.count(f'href="/cases/{case.number}"') == 1
    assert "Europe/Warsaw" in page
    assert "3 days late" in client.get("/manage/clocks?clock=contract").text


def test_a_breached_clock_stays_on_the_board_until_it_is_stopped(
    client_as: ClientAs, engine: Engine, case: Case
) -> None:
    add_clock(engine, case, "statutory", days=-1, state="breached")
    assert "1 legal due is past." in client_as("eva").get("/manage").text
    assert case.number in client_as("eva").get("/manage/clocks?within=0").text
    add_clock(engine, case, "statutory", days=-1, state="stopped")
    assert case.number not in client_as("eva").get("/manage/clocks?within=0").text


def test_a_lead_sees_no_clocks_of_other_queues(client_as: ClientAs, engine: Engine, case: Case) -> None:
    add_clock(engine, case, "statutory", days=1)
    assert case.number not in client_as("david").get("/manage/clocks").text
    assert case.number not in client_as("david").get("/manage/clocks?queue=front_office").text


def test_escalations_name_the_case_and_whom_they_told(client_as: ClientAs, engine: Engine, case: Case) -> None:
    with engine.begin(SYSTEM) as tx:
        rows.update(tx, Case, case.id, queue="front_office")
        told = [person_id("clara")]
        audit.append(tx, case.id, "escalated", {"clock": "contract", "level": 50, "told": told})
        audit.append(tx, case.id, "escalated", {"clock": "contract", "level": 100, "told": told})
    client = client_as("clara")
    page = client.get("/manage/escalations").text
    assert "Escalated: 50 % of the clock" in page
    assert "Told: Clara." in page
    assert "Escalated: 50 %" not in client.get("/manage/escalations?level=80").text
    assert "Escalated: 100 %" in client.get("/manage/escalations?level=80").text


def test_special_mode_shows_what_waits_and_who_decided_what_was_decided(
    client_as: ClientAs, engine: Engine, case: Case
) -> None:
    with engine.begin(SYSTEM) as tx:
        waits = SpecialMode(
            id=tx.new_id(), case_id=case.id, reason="Loyal for 20 years", asked_by=person_id("ben"), asked_at=tx.now
        )
        done = SpecialMode(
            id=tx.new_id(),
            case_id=case.id,
            reason="Hardship",
            status="refused",
            asked_by=person_id("anna"),
            decided_by=person_id("eva"),
            decision_reason="No proof",
            asked_at=tx.now,
            decided_at=tx.now,
        )
        rows.insert_many(tx, [waits, done])
    page = client_as("clara").get("/manage/special-mode").text
    waiting, decided = page.split("Decided</h2>")
    assert "Loyal for 20 years" in waiting
    assert "Hardship" not in waiting
    assert "No proof" in decided
    assert "Eva" in decided


def test_a_lead_enters_an_absence_and_takes_it_back(client_as: ClientAs, engine: Engine) -> None:
    client = client_as("clara")
    data = {
        "person": person_id("anna"),
        "first_day": "2099-05-04",
        "last_day": "2099-05-08",
        "substitute": person_id("clara"),
    }
    assert "4 May 2099" in client.post("/absences", data=data, follow_redirects=True).text
    with engine.read(SYSTEM) as tx:
        absence = rows.find(tx, Absence, person_id=person_id("anna"))[0]
    page = client.post(f"/absences/{absence.id}/cancel", follow_redirects=True).text
    assert "The absence is taken back." in page
    assert "4 May 2099" not in page


def test_days_in_the_wrong_order_are_said_beside_the_field(client_as: ClientAs) -> None:
    data = {"person": person_id("anna"), "first_day": "2099-05-08", "last_day": "2099-05-04", "note": "Course"}
    answer = client_as("clara").post("/absences", data=data)
    assert answer.status_code == 422
    assert "The last day comes before the first." in answer.text
    assert 'value="Course"' in answer.text


def test_a_day_that_is_none_is_said_and_nothing_is_lost(client_as: ClientAs) -> None:
    answer = client_as("clara").post("/absences", data={"person": "", "first_day": "soon", "note": "Course"})
    assert answer.status_code == 422
    assert "Enter a day, such as 2026-03-31." in answer.text
    assert "Choose who is away." in answer.text


def test_everybody_enters_their_own_absence_and_no_one_elses(client_as: ClientAs, engine: Engine) -> None:
    data = {"person": person_id("ben"), "first_day": "2099-05-04", "last_day": "2099-05-04"}
    client_as("anna").post("/absences", data=data)
    with engine.read(SYSTEM) as tx:
        assert [each.person_id for each in rows.find(tx, Absence)] == [person_id("anna")]


def test_overlapping_days_are_refused_with_the_ones_that_are_there(client_as: ClientAs) -> None:
    data = {"person": person_id("anna"), "first_day": "2099-05-04", "last_day": "2099-05-08"}
    client = client_as("clara")
    client.post("/absences", data=data)
    answer = client.post("/absences", data=data)
    assert answer.status_code == 409
    assert "Anna is absent already from 4 May 2099 to 8 May 2099." in answer.text
