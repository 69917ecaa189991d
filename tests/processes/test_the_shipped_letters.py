"""Every letter that a shipped diagram sends exists in English and Polish, can be written, and says what the law wants."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions.bpmn import read_bpmn
from engine.definitions.letters import letter_name, render_letter

COMPLAINT = Path(__file__).parents[2] / "processes" / "complaint"
FILES = {path.relative_to(COMPLAINT).as_posix(): path.read_bytes() for path in COMPLAINT.glob("letters/*.txt")}
LETTERS = sorted({name.split("/")[1].split(".")[0] for name in FILES})
OF_THE_LAW = {"en": ("dispute resolution", "court", "30 days"), "pl": ("rozwiązywania sporów", "sądu", "30 dni")}


def values(**inputs: object) -> dict[str, object]:
    names = "number tracking kind subject category product serial received_on expected_on root_cause language"
    return {
        "case": {name: f"<{name}>" for name in names.split()},
        "customer": {"name": "Ola Nowak", "email": "ola@example.org", "address": "Prosta 1, Warszawa"},
        "decision": {
            "outcome": "rejected",
            "reasons": "<reasons>",
            "amount": "12.50",
            "remedy": "refund",
            "currency": "EUR",
        },
        "clocks": {"statutory": {"due": "16 March 2026", "state": "running"}},
        "company": {"name": "Veltra", "address": "Wolska 1", "email": "desk@example.org", "phone": "+48 22 123 45 67"},
        "task": {},
        "input": {"text": None, "to": None, **inputs},
    }


def letters_sent() -> set[str]:
    read = read_bpmn((COMPLAINT / "complaint.bpmn").read_bytes(), file="complaint.bpmn")
    nodes = [node for process in read.definitions.processes for node in process.body.walk()]
    return {node.notify.letter for node in nodes if node.notify is not None}


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("letter", sorted(letters_sent() | {"escalation_50", "escalation_80", "escalation_100"}))
def test_a_letter_exists_in_the_language_itself(letter: str, language: str) -> None:
    assert letter_name(FILES, letter, party="consumer", language=language) == f"letters/{letter}.{language}.txt"


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_letter_can_be_written_with_and_without_a_paragraph_of_the_clerk(name: str) -> None:
    for text in (None, "As Ben told you on the telephone."):
        letter = render_letter(FILES[name], values(text=text), name=name)
        assert letter.subject
        assert "<number>" in letter.subject + letter.body
        assert "None" not in letter.body


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("letter", ["answer_rejected", "answer_partly"])
def test_a_refusal_always_says_where_the_customer_can_turn(letter: str, language: str) -> None:
    body = render_letter(FILES[f"letters/{letter}.{language}.txt"], values()).body
    assert all(words in body for words in OF_THE_LAW[language])
    assert "<reasons>" in body


def test_the_acknowledgement_names_the_number_and_the_expected_day() -> None:
    letter = render_letter(FILES["letters/acknowledgement.en.txt"], values())
    assert "<number>" in letter.body
    assert "by <expected_on>" in letter.body


def test_no_letter_lies_there_that_nobody_sends() -> None:
    assert set(LETTERS) == letters_sent() | {"escalation_50", "escalation_80", "escalation_100"}
