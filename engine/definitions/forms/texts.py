"""A text of a form is an object of languages; English is always among them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.definitions.forms.findings import Findings
from engine.model.errors import Message
from engine.model.form import Texts

_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")


def read_texts(value: object, findings: Findings, *, at: str) -> Texts:
    """Give the texts by language, empty where there are none; a finding where they are no such object."""
    if value is None:
        return {}
    if isinstance(value, Mapping) and value.get("en") and all(map(_fits, value.items())):
        return {str(language): str(text) for language, text in value.items()}
    findings.error(
        Message("form_texts", "A text of “{place}” is no object of languages with English in it.", {"place": at}),
        Message("form_texts_remedy", 'Write {"en": "Cause", "pl": "Przyczyna"}.'),
        at=at,
    )
    return {}


def _fits(entry: tuple[object, object]) -> bool:
    language, text = entry
    return isinstance(language, str) and bool(_LANGUAGE.fullmatch(language)) and isinstance(text, str)
