"""Every expression text gets its language here: what the text shows, what the element says, what the file says."""

from __future__ import annotations

import json
import re

from engine.definitions.bpmn.names import Element, text_of
from engine.definitions.bpmn.reading import Reading, line_of
from engine.model.bpmn import ExpressionText

_JUEL = re.compile(r"[$#]\{((?:[^{}\"']|\"[^\"]*\"|'[^']*'|\{[^{}]*\})*)\}", re.DOTALL)
_SOME_JUEL = re.compile(r"[$#]\{")
_NAME_IN_BRACES = re.compile(r"[$#]\{\s*([A-Za-z_][\w.]*)\s*\}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def language_of(name: str | None) -> str:
    """python, feel or juel behind a language's name or address; another one is kept by its last word."""
    lower = (name or "").strip().lower()
    for known in ("feel", "juel", "python"):
        if known in lower:
            return known
    if lower.rpartition("/")[2] == "uel":
        return "juel"
    return re.split(r"[/#:]", lower)[-1]


def default_language(name: str | None) -> str:
    """The file's language where it is one of ours; tools write the standard's XPath without meaning it."""
    language = language_of(name)
    return language if language in {"feel", "juel"} else "python"


def expression(text: str, line: int, language: str = "python") -> ExpressionText | None:
    """An expression as a designer wrote it, JUEL with its braces; None for the empty text."""
    text = text.strip()
    if not text:
        return None
    if text.startswith("=") and not text.startswith("=="):
        return ExpressionText(text[1:].strip(), "feel", line)
    if _JUEL.fullmatch(text):
        return ExpressionText(text, "juel", line)
    if language == "juel":
        return ExpressionText(f"${{{text}}}", "juel", line)
    return ExpressionText(text, language, line)


def literal_or_expression(text: str, line: int) -> ExpressionText | None:
    """A text of Camunda 7 and 8: an expression only where `=`, `${…}` or `#{…}` says so, else the text itself."""
    if _SOME_JUEL.search(text) and not _JUEL.fullmatch(text.strip()):
        return _mixed(text.strip(), line)
    found = expression(text, line, "literal")
    if found is None or found.language != "literal":
        return found
    body = found.body if _NUMBER.fullmatch(found.body) else json.dumps(found.body, ensure_ascii=False)
    return ExpressionText(body, "python", line)


def _mixed(text: str, line: int) -> ExpressionText:
    """Text around names in braces, `case_${number}`, is joined; anything more is refused where it is compiled."""
    pieces = _NAME_IN_BRACES.split(text)
    if any(_SOME_JUEL.search(piece) for piece in pieces[::2]):
        return ExpressionText(text, "juel", line)
    texts = [
        json.dumps(piece, ensure_ascii=False) if place % 2 == 0 else f"str({piece})"
        for place, piece in enumerate(pieces)
    ]
    return ExpressionText(" + ".join(part for part in texts if part != '""'), "python", line)


def element_expression(reading: Reading, element: Element | None) -> ExpressionText | None:
    """The expression that a BPMN element holds; its own `language` goes before the file's."""
    if element is None:
        return None
    own = element.get("language")
    return expression(text_of(element), line_of(element), language_of(own) if own else reading.language)


def names(text: str) -> tuple[str, ...]:
    """Words separated by commas or spaces."""
    return tuple(part for part in re.split(r"[,\s]+", text) if part)
