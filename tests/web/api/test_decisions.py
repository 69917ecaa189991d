"""Programs ask decisions of what is deployed, and read why they came out so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.api.conftest import Program, ProgramAs

REFUSAL: dict[str, Any] = {"decision": "reject", "special_mode": "", "amount": 600.5, "special_mode_limit": None}
REFUSAL["product_group"] = "appliance"


def ask(program: Program, key: str, inputs: dict[str, Any], decision: str = "") -> dict[str, Any]:
    answer = program.post(f"/api/decisions/{key}", {"decision": decision, "inputs": inputs})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def test_a_decision_tells_its_value_and_the_reason_of_the_rule_that_fired(anna: Program) -> None:
    told = ask(anna, "complaint", REFUSAL, "approval_limit")
    assert told["value"] == {"second_person": True, "limit": 0}
    assert [rule["rule"] for rule in told["fired"]] == [1]
    assert told["fired"][0]["annotations"]["Why"] == "Every refusal is checked by a second person."
    assert (told["inputs"]["amount"], told["problems"]) == (600.5, [])


def test_a_decision_is_found_by_its_own_id_too(anna: Program) -> None:
    told = ask(anna, "approval_limit", REFUSAL)
    assert (told["key"], told["decision"], told["value"]["second_person"]) == ("complaint", "approval_limit", True)


def test_what_is_not_told_is_a_problem_and_not_a_refusal(anna: Program) -> None:
    told = ask(anna, "special_mode", {"amount": {"no": "number"}}, "special_mode_level")
    assert told["problems"]


@pytest.mark.parametrize(
    ("key", "body", "status", "code"),
    [
        ("nothing", {}, 404, "decision_key_unknown"),
        ("complaint", {"decision": "nothing"}, 404, "decision_not_deployed"),
        ("complaint", {}, 422, "decision_not_named"),
        ("complaint", {"decision": "routing", "inputs": []}, 422, "request_invalid"),
        ("complaint", {"table": "routing"}, 422, "request_invalid"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    anna: Program, key: str, body: dict[str, Any], status: int, code: str
) -> None:
    answer = anna.post(f"/api/decisions/{key}", body)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_a_designers_program_may_ask(program_as: ProgramAs) -> None:
    assert ask(program_as("greta"), "special_mode", {"level_tried": 1})["value"]["level"] == "director"


def test_asking_needs_a_token(anna: Program) -> None:
    anna.token = "mg_wrong"
    assert anna.post("/api/decisions/complaint", {"decision": "routing"}).status_code == 401


def test_a_case_tells_what_its_tables_said_and_why(anna: Program, number: str) -> None:
    told = anna.get(f"/api/cases/{number}").get_json()
    found = next(each for each in told["tables"] if each["decision"] == "classify")
    assert found["value"]["category"] == told["category"] != ""
    assert any(rule["annotations"].get("Why") for rule in found["fired"])
