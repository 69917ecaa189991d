"""The tables that ship decide what people expect of them, and classify real complaints from their text alone."""

from __future__ import annotations

import csv
import gzip
import sys
import time
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from engine.execution.decisions import DecisionSet, compile_decisions

REPOSITORY = Path(__file__).resolve().parents[2]
REAL_COMPLAINTS = REPOSITORY.parent / "shared" / "data" / "complaints" / "cfpb_dev_2000.csv.gz"
FILES = sorted((REPOSITORY / "processes").glob("*/*.dmn"))


@cache
def tables(path: str) -> DecisionSet:
    return compile_decisions((REPOSITORY / "processes" / path).read_bytes(), path)


def decided(path: str, key: str, /, **facts: object) -> dict[str, object]:
    value = tables(path).evaluate(key, facts, strict=True).value
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_shipped_table_is_understood_and_says_why_in_two_languages(file: Path) -> None:
    compiled = compile_decisions(file.read_bytes(), file.name)
    for decision in compiled.decisions.values():
        logic = decision.decision.logic
        for rule in getattr(logic, "rules", ()):
            assert len(rule.annotations) == 2, f"{decision.decision.id}: {rule.id}"
            assert all(rule.annotations), f"{decision.decision.id}: {rule.id}"


@pytest.mark.parametrize(
    ("text", "group", "category", "area"),
    [
        ("The washing machine leaks after two weeks.", "appliance", "defect", "product"),
        ("Pralka nie działa, proszę o zwrot pieniędzy.", "appliance", "defect", "product"),
        ("The fridge arrived damaged, the door is dented.", "appliance", "damage", "delivery"),
        ("Zmywarka: serwis nie przyjechał drugi raz.", "appliance", "service", "service"),
        ("The spindle of our lathe stopped, the whole line stands.", "machine_tool", "defect", "product"),
        ("Wyłączenie prądu bez powiadomienia.", "energy", "supply", "product"),
        ("My smart meter shows twice the kWh.", "energy", "meter", "billing"),
        ("I was charged an overdraft fee on my checking account.", "financial", "bank_account", "billing"),
        ("Escrow on my mortgage was raised.", "financial", "mortgage", "billing"),
        ("The technician was rude when he came for the oven.", "appliance", "service", "conduct"),
        ("Lorem ipsum.", "other", "other", "service"),
    ],
)
def test_a_complaint_is_classified_by_its_words(text: str, group: str, category: str, area: str) -> None:
    result = decided("complaint/classify.dmn", "classify", text=text)
    assert (result["product_group"], result["category"], result["area"]) == (group, category, area)


def test_what_was_registered_is_believed_before_the_words() -> None:
    result = decided("complaint/classify.dmn", "classify", text="My credit card", product_group="appliance")
    assert (result["product_group"], result["reason"]) == ("appliance", "registered")
    assert decided("complaint/classify.dmn", "classify", text="Hello", sector="energy")["product_group"] == "energy"


def test_the_subject_counts_as_well_as_the_text() -> None:
    assert decided("complaint/classify.dmn", "classify", subject="Dishwasher", text="Broken.")["category"] == "defect"


def test_a_question_is_told_from_a_complaint_and_doubt_is_a_complaint() -> None:
    question = "Could you tell me which filter fits my vacuum cleaner?"
    assert decided("complaint/classify.dmn", "classify", text=question)["is_complaint"] is False
    assert decided("complaint/classify.dmn", "classify", text="My vacuum cleaner.")["is_complaint"] is True
    assert decided("complaint/classify.dmn", "classify")["is_complaint"] is True


def test_a_danger_is_noticed() -> None:
    assert decided("complaint/classify.dmn", "classify", text="Sparks from the oven!")["safety_risk"] is True
    assert decided("complaint/classify.dmn", "classify", text="Z suszarki poszedł dym")["safety_risk"] is True
    assert decided("complaint/classify.dmn", "classify", text="A burnt credit card")["safety_risk"] is False


def test_the_record_names_the_words_that_decided() -> None:
    result = tables("complaint/classify.dmn").evaluate("classify", {"text": "The escrow account"}, strict=True)
    reasons = [str(fired["annotations"]) for fired in result.fired if fired["decision"] == "mortgage_points"]
    assert any("“escrow”" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("facts", "queue", "priority"),
    [
        ({"product_group": "appliance", "category": "defect", "country": "PL"}, "technical", 3),
        ({"product_group": "appliance", "category": "defect", "country": "IR"}, "partner", 3),
        ({"product_group": "appliance", "category": "invoice", "country": "PL"}, "front_office", 3),
        ({"product_group": "appliance", "category": "service", "area": "conduct"}, "front_office", 3),
        ({"product_group": "machine_tool", "category": "defect", "segment": "standard"}, "technical", 2),
        ({"product_group": "energy", "category": "supply"}, "energy", 1),
        ({"product_group": "energy", "category": "meter", "segment": "gold"}, "energy", 2),
        ({"product_group": "financial", "category": "card", "segment": "Key"}, "financial", 1),
        ({"product_group": "financial", "category": "mortgage", "party": "consumer"}, "financial", 2),
        ({"product_group": "financial", "category": "card", "disputed_amount": Decimal(9000)}, "financial", 2),
        ({"product_group": "appliance", "category": "defect", "safety_risk": True}, "technical", 1),
        ({"product_group": "appliance", "category": "delivery", "channel": "partner"}, "partner", 3),
        ({"product_group": "other", "category": "other"}, "front_office", 4),
        ({"product_group": None}, "front_office", 3),
    ],
)
def test_a_complaint_goes_to_its_queue_with_its_priority(facts: dict[str, object], queue: str, priority: int) -> None:
    assert decided("complaint/routing.dmn", "routing", **facts) == {"queue": queue, "priority": priority}


@pytest.mark.parametrize(
    ("facts", "second_person"),
    [
        ({"decision": "reject"}, True),
        ({"decision": "accept"}, False),
        ({"decision": "accept", "amount": Decimal(500)}, False),
        ({"decision": "partly", "amount": Decimal("500.01")}, True),
        ({"decision": "accept", "amount": Decimal(4000), "product_group": "machine_tool"}, False),
        ({"decision": "accept", "amount": Decimal(6000), "product_group": "machine_tool"}, True),
        ({"decision": "accept", "amount": 900, "special_mode": "approved", "special_mode_limit": Decimal(900)}, False),
        ({"decision": "accept", "amount": 901, "special_mode": "approved", "special_mode_limit": Decimal(900)}, True),
        ({"decision": "accept", "amount": 10, "special_mode": "refused"}, True),
        ({"decision": "reject", "special_mode": "approved", "special_mode_limit": Decimal(900)}, True),
    ],
)
def test_refusals_and_large_amounts_need_a_second_person(facts: dict[str, object], second_person: bool) -> None:
    assert decided("complaint/approval_limits.dmn", "approval_limit", **facts)["second_person"] is second_person


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"amount": Decimal(100), "segment": "gold", "reason": "A loyal customer."}, "regional"),
        ({"amount": Decimal(5001), "segment": "gold", "reason": "A loyal customer."}, "director"),
        ({"amount": Decimal(3000), "segment": "standard", "reason": "A loyal customer."}, "director"),
        ({"amount": Decimal(100), "segment": "gold", "reason": "He went to court."}, "director"),
        ({"amount": Decimal(100), "segment": "gold", "reason": "Late.", "level_tried": 1}, "director"),
        ({}, "regional"),
    ],
)
def test_the_level_of_an_exception_follows_amount_segment_and_reason(facts: dict[str, object], level: str) -> None:
    assert decided("special_mode/level.dmn", "special_mode_level", **facts)["level"] == level


@pytest.mark.skipif(not REAL_COMPLAINTS.is_file(), reason="the real complaints are not beside the repository")
def test_real_complaints_are_classified_from_their_text_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with gzip.open(REAL_COMPLAINTS, "rt", newline="") as lines:
        rows = list(csv.DictReader(lines))
    began = time.perf_counter()
    found = Counter(
        (row["label"], str(decided("complaint/classify.dmn", "classify", text=row["text"])["category"])) for row in rows
    )
    seconds = time.perf_counter() - began
    right = sum(count for (label, category), count in found.items() if label == category) / len(rows)
    unmatched = sum(count for (_, category), count in found.items() if category == "other") / len(rows)
    with capsys.disabled():
        milliseconds = seconds / len(rows) * 1000
        sys.stdout.write(
            f"\n{len(rows)} real complaints: {right:.1%} right, {unmatched:.1%} unmatched, {milliseconds:.2f} ms each\n"
        )
    assert right >= 0.75
    assert unmatched <= 0.05
