"""The complaint process is worked through HTTP alone, by a clerk, specialists, a lead and a manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from werkzeug.test import TestResponse

from engine.model.case import CaseMessage
from engine.model.people import SYSTEM
from engine.store import rows
from engine.wiring import Engine
from tests.web.api.conftest import COMPLAINT, Program, ProgramAs, only_task

TRIAGE = {"product_group": "appliance", "category": "defect"}


@dataclass
class Office:
    """The people of the desk, each with a program of their own, and the case that they work on."""

    engine: Engine
    program_as: ProgramAs
    number: str = ""
    programs: dict[str, Program] = field(default_factory=dict)

    def of(self, login: str) -> Program:
        """Somebody's program."""
        if login not in self.programs:
            self.programs[login] = self.program_as(login)
        return self.programs[login]

    def register(self) -> str:
        """Anna registers the complaint and confirms what the table made of it."""
        self.number = self.of("anna").post("/api/cases", COMPLAINT).get_json()["number"]
        self.engine.settle()
        self.done("anna", "triage", TRIAGE, "complaint")
        return self.number

    def task(self, element: str) -> dict[str, Any]:
        """The open task of an element."""
        return only_task(self.of("anna"), self.number, element)

    def claim(self, login: str, element: str) -> TestResponse:
        """Somebody claims a task."""
        return self.of(login).post(f"/api/tasks/{self.task(element)['id']}/claim")

    def press(self, login: str, element: str, button: str) -> None:
        """Somebody presses a button of a task."""
        answer = self.of(login).post(f"/api/tasks/{self.task(element)['id']}/actions/{button}")
        assert answer.status_code == 200, answer.text
        self.engine.settle()

    def do(self, login: str, element: str, data: Mapping[str, object], outcome: str | None = None) -> TestResponse:
        """Somebody completes a task as they see it now."""
        task = self.task(element)
        body = {"version": task["version"], "data": data} | ({"outcome": outcome} if outcome else {})
        answer = self.of(login).post(f"/api/tasks/{task['id']}/complete", body)
        self.engine.settle()
        return answer

    def done(self, login: str, element: str, data: Mapping[str, object], outcome: str | None = None) -> None:
        """Somebody completes a task and is not refused."""
        answer = self.do(login, element, data, outcome)
        assert answer.status_code == 200, answer.text

    def refused(
        self, login: str, element: str, data: Mapping[str, object], outcome: str | None = None
    ) -> tuple[int, str]:
        """Somebody tries to complete a task; gives status and code of the refusal."""
        answer = self.do(login, element, data, outcome)
        return answer.status_code, answer.get_json().get("code", "")

    def case(self) -> dict[str, Any]:
        """The case as it is now."""
        told: dict[str, Any] = self.of("anna").get(f"/api/cases/{self.number}").get_json()
        return told

    def letters(self) -> list[tuple[str, str]]:
        """The letters of the case and their states."""
        with self.engine.read(SYSTEM) as tx:
            found = rows.find(tx, CaseMessage, kind="letter", order_by="id")
        return [(letter.letter, letter.state) for letter in found]


@pytest.fixture
def office(engine: Engine, program_as: ProgramAs) -> Office:
    """The desk, with no case yet."""
    return Office(engine, program_as)


def ask_the_expert(office: Office) -> None:
    """Ben asks, David answers."""
    office.press("ben", "work", "ask_expert")
    office.done("ben", "brief_expert", {"expert_question": "Wear or material?"}, "inside")
    office.done("david", "expert_opinion", {"expert_answer": "Material, without doubt."})


def approve_special_mode(office: Office) -> None:
    """Ben asks; neither he nor David may decide; Eva does."""
    path = f"/api/cases/{office.number}/special-mode"
    asked = office.of("ben").post(path, {"reason": "Ten years a customer.", "amount": "2000.00"})
    assert (asked.status_code, asked.get_json()["status"]) == (201, "requested")
    assert office.of("ben").post(path, {"reason": "Again."}).get_json()["code"] == "special_mode_asked"
    answer = {"approved_amount": "2000.00", "decision_reason": "She is worth it."}
    assert office.refused("ben", "decide_special_mode", answer, "approve") == (403, "excluded_from_task")
    assert office.refused("david", "decide_special_mode", answer, "approve") == (403, "task_not_yours")
    office.done("eva", "decide_special_mode", answer, "approve")
    special = office.case()["special_mode"]
    assert (special["status"], special["asked_by"], special["decided_by"]) == ("approved", "ben", "eva")


def test_a_complaint_is_granted_with_expert_and_special_mode(office: Office) -> None:
    office.register()
    assert office.claim("anna", "work").status_code == 403
    assert office.claim("ben", "work").get_json()["owner"] == "ben"
    ask_the_expert(office)
    approve_special_mode(office)
    office.done("ben", "work", {"findings": "The pump is worn."})
    assert office.refused("ben", "decide", {"reasons": "No."}, "reject") == (409, "special_mode_binds")
    granted: dict[str, object] = {"reasons": "The pump should last.", "amount": "1800.00", "decided_remedy": "refund"}
    office.done("ben", "decide", granted, "partly")
    office.done("ben", "write_answer", {"answer_text": "Thank you for the photos.", "medium": "email"})
    office.done("ben", "carry_out_remedy", {"remedy_on": "2026-03-04", "remedy_reference": "R-17"})
    office.done("ben", "name_cause", {"root_cause": "material"})
    case = office.case()
    assert (case["status"], case["stage"], case["tasks"]) == ("closed", "closed", [])
    decision = case["decision"]
    assert (decision["outcome"], decision["amount"], decision["decided_by"]) == ("partly_accepted", "1800.00", "ben")
    assert ("answer_partly", "sent") in office.letters()
    assert {clock["state"] for clock in case["clocks"]} == {"stopped"}
    assert office.engine.verify_audit() == []


def test_a_refusal_is_checked_by_another_person_and_posted(office: Office) -> None:
    office.register()
    office.claim("ben", "work")
    office.done("ben", "work", {"findings": "It was dropped."})
    office.done("ben", "decide", {"reasons": "Dropped from a height.", "decided_remedy": "none"}, "reject")
    assert office.case()["decision"] is None
    assert office.refused("ben", "second_person", {}, "approve")[0] == 403
    office.done("david", "second_person", {}, "approve")
    decision = office.case()["decision"]
    assert (decision["outcome"], decision["decided_by"], decision["approved_by"]) == ("rejected", "ben", "david")
    office.done("ben", "write_answer", {"medium": "post"})
    law = next(clock for clock in office.case()["clocks"] if clock["kind"] == "statutory")
    assert law["state"] != "stopped"
    today = office.case()["opened_at"][:10]
    office.done("anna", "post_answer", {"posted_on": today, "post_reference": "RR123456789PL"})
    assert next(clock for clock in office.case()["clocks"] if clock["kind"] == "statutory")["state"] == "stopped"
    office.done("ben", "name_cause", {"root_cause": "use"})
    assert office.case()["status"] == "closed"
    assert office.engine.verify_audit() == []
