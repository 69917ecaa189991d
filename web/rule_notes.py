"""The note of a rule that speaks the reader's language: tables name a column of reasons for each."""

from __future__ import annotations

from collections.abc import Mapping

from web.language import language

_WHY = {"en": "Why", "pl": "Dlaczego"}  # the annotation columns of the tables that ship


def reason_of(notes: Mapping[str, object]) -> str:
    """Give the reason in the reader's language, else the first note; nothing where a rule has none."""
    column = _WHY.get(language(), _WHY["en"])
    return str(notes.get(column) or next((note for note in notes.values() if note), ""))
