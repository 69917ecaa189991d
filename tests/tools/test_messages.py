"""Sentences are collected from code and pages, and every gap in a translation is seen."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from tools import messages


@pytest.fixture
def polish(monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """A catalogue in place of the stored one, and three sentences in place of the project's."""
    current = messages.new_catalogue(None)
    current.add("Take the next task")
    current.add("“{task}” is already with {owner}.")
    current.add(("%(num)d task", "%(num)d tasks"))
    catalogue = messages.new_catalogue("pl")
    monkeypatch.setattr(messages, "sentences", lambda: current)
    monkeypatch.setattr(messages, "stored", lambda language: catalogue)
    return catalogue


def test_refusals_of_the_engine_are_collected() -> None:
    collected = messages.sentences()
    assert collected.get("The files have {count} faults; the first: {first}") is None  # the code is no sentence
    assert any("{limit}" in str(entry.id) for entry in messages.entries(collected))


def test_tasks_buttons_and_instructions_of_shipped_diagrams_are_collected() -> None:
    collected = messages.sentences()
    for text in (
        "Check the classification",
        "Ask the customer and wait",
        "What was behind it? The answer feeds prevention.",
    ):
        assert collected.get(text, "diagram") is not None
    assert collected.get("customer_replied", "diagram") is None  # a key that no one reads


def test_a_complete_translation_has_no_faults(polish: Catalog) -> None:
    polish.add("Take the next task", "Weź następne zadanie")
    polish.add("“{task}” is already with {owner}.", "„{task}” ma już {owner}.")
    polish.add(("%(num)d task", "%(num)d tasks"), ("%(num)d zadanie", "%(num)d zadania", "%(num)d zadań"))
    assert messages.faults() == []


def test_missing_fuzzy_and_left_over_sentences_are_named(polish: Catalog) -> None:
    polish.add("Take the next task", "Weź następne zadanie", flags=["fuzzy"])
    polish.add(("%(num)d task", "%(num)d tasks"), ("%(num)d zadanie", "%(num)d zadania", ""))
    polish.add("Gone", "Nie ma")
    found = "\n".join(messages.faults())
    assert "not in the catalogue (make messages): '“{task}”" in found
    assert "no longer used (make messages): 'Gone'" in found
    assert "not translated: 'Take the next task'" in found
    assert "not translated: ('%(num)d task', '%(num)d tasks')" in found


def test_a_translation_that_loses_a_value_is_named(polish: Catalog) -> None:
    polish.add("“{task}” is already with {owner}.", "„{task}” ma już {wlasciciel}.")
    assert "pl: other places than its original: '“{task}” is already with {owner}.'" in messages.faults()


@pytest.mark.parametrize(
    ("text", "names"),
    [("{a} of %(b)s", {"a", "b"}), ("{when:date}", {"when"}), ("a literal {{brace}}", set()), ("100 %", set())],
)
def test_places_for_values_are_found(text: str, names: set[str]) -> None:
    assert messages.places(text) == names
