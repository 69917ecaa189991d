"""Every sentence of the code, the pages, the forms and the letters is there in every language, with all its values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tools.messages import LANGUAGES, ROOT, entries, faults, forms_of, path_of

FORMS = sorted((ROOT / "forms").glob("*.json"))
LETTERS = sorted((ROOT / "processes").glob("*/letters/*.en.txt"))
VALUE = re.compile(r"\{\{\s*(.+?)\s*\}\}")


def texts_in(value: object) -> Iterator[dict[str, object]]:
    """The objects of a form file that hold one text a language."""
    if isinstance(value, dict):
        if isinstance(value.get("en"), str):
            yield value
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)


def test_nothing_is_missing_fuzzy_or_left_over() -> None:
    assert faults() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_sentences_have_all_forms_of_the_language(language: str) -> None:
    with path_of(language).open("rb") as lines:
        catalogue = read_po(lines, locale=language)
    counted = [entry for entry in entries(catalogue) if len(forms_of(entry.id)) > 1]
    assert counted
    assert [entry.id for entry in counted if len(forms_of(entry.string)) != catalogue.num_plurals] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_ends_as_its_original_does(language: str) -> None:
    with path_of(language).open("rb") as lines:
        catalogue = read_po(lines, locale=language)
    pairs = [(forms_of(entry.id)[0], text) for entry in entries(catalogue) for text in forms_of(entry.string)]
    assert [pair for pair in pairs if pair[0][-1] in ".?:" and pair[0][-1] != pair[1][-1]] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda file: file.stem)
def test_every_text_of_a_shipped_form_is_in_every_language(form: Path) -> None:
    texts = list(texts_in(json.loads(form.read_text("utf-8"))))
    assert texts
    assert [text for text in texts if not all(text.get(language) for language in ("en", *LANGUAGES))] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", LETTERS, ids=lambda file: file.name)
def test_a_shipped_letter_gives_the_same_values_in_every_language(letter: Path, language: str) -> None:
    other = letter.with_name(letter.name.replace(".en.txt", f".{language}.txt"))
    assert names(other) == names(letter)


def names(letter: Path) -> set[str]:
    """The values that a letter writes out; words beside them, such as a fallback, are the language's own."""
    return {re.split(r" or | if |\[", value)[0] for value in VALUE.findall(letter.read_text("utf-8"))}
