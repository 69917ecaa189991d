"""Sentences of the code and the pages are collected into one catalogue a language; `check` names every gap."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "web" / "translations"
LANGUAGES = ("pl",)  # English is the language of the sentences themselves
REFUSALS = (
    "Message",
    "NotFound",
    "Forbidden",
    "Conflict",
    "Invalid",
    "ConnectorError",
    "ChannelError",
    "ExpressionError",
    "StorageBusy",
    "StorageFull",
    "StorageLost",
    "StorageTrouble",
    "Stuck",
    "_refused",
)
KEYWORDS = {**DEFAULT_KEYWORDS, **dict.fromkeys(REFUSALS, (2,)), "counted_message": (2, 3), "NP_": ((1, "c"), 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}, "**.txt": {"trimmed": "true", "silent": "false"}}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ACTION = "{urn:makegood:bpmn:1}action"
_PLACE = re.compile(r"%\((\w+)\)|(?<!\{)\{(\w+)(?:[!:][^}]*)?\}(?!\})")


def sentences() -> Catalog:
    """Collect every sentence of engine/ and web/, and what people read of the shipped diagrams."""
    catalogue = new_catalogue(None)
    for room in ("engine", "web"):
        found = extract_from_dir(ROOT / room, METHODS, OPTIONS, KEYWORDS, ("Translators:",), strip_comment_tags=True)
        for file, _line, message, comments, context in found:
            catalogue.add(message, None, [(f"{room}/{file}", 0)], auto_comments=comments, context=context)
    for diagram in sorted((ROOT / "processes").glob("*/*.bpmn")):
        for text in drawn(diagram):
            catalogue.add(text, None, [(diagram.relative_to(ROOT).as_posix(), 0)], context="diagram")
    return catalogue


def drawn(diagram: Path) -> Iterator[str]:
    """Yield the names, buttons and instructions of a diagram."""
    for element in ET.parse(diagram).getroot().iter():
        kind = element.tag.removeprefix(BPMN)
        if kind == element.tag or kind == "message":
            continue
        texts = (element.get("name"), element.get(ACTION), element.findtext(f"{BPMN}documentation"))
        yield from (text for text in texts if text)


def new_catalogue(language: str | None) -> Catalog:
    """Return an empty catalogue whose header does not change from day to day."""
    day = datetime(2026, 11, 1, tzinfo=UTC)
    return Catalog(
        language,
        project="Makegood",
        header_comment="# Makegood's sentences in other languages; `make messages` keeps this file in step with the code.",
        msgid_bugs_address="the project's issues",
        last_translator="The Makegood authors",
        language_team=language or "English",
        creation_date=day,
        revision_date=day,
        fuzzy=False,
    )


def path_of(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def stored(language: str) -> Catalog:
    """Read what is translated so far."""
    file = path_of(language)
    if not file.is_file():
        return new_catalogue(language)
    with file.open("rb") as lines:
        return read_po(lines, locale=language)


def update() -> None:
    """Bring new sentences into each catalogue and drop those that are gone; nothing is guessed."""
    current = sentences()
    for language in LANGUAGES:
        known, catalogue = stored(language), new_catalogue(language)
        for entry in entries(current):
            before = known.get(entry.id, entry.context)
            text = before.string if before is not None and not before.fuzzy else None
            catalogue.add(entry.id, text, entry.locations, auto_comments=entry.auto_comments, context=entry.context)
        file = path_of(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            write_po(out, catalogue, width=0, sort_output=True, include_lineno=False)
        missing = sum(1 for _ in untranslated(catalogue))
        print(f"{file.relative_to(ROOT)}: {len(catalogue)} sentences, {missing} to translate.")


def compile_all() -> None:
    """Write the .mo file beside each .po file."""
    for file in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        with file.open("rb") as lines:
            catalogue = read_po(lines, locale=file.parent.parent.name)
        with file.with_suffix(".mo").open("wb") as out:
            write_mo(out, catalogue)


def entries(catalogue: Catalog) -> Iterator[Entry]:
    """Yield the sentences without the header."""
    return (entry for entry in catalogue if entry.id)


def forms_of(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the singular and the plural forms of a sentence, or of its translation."""
    if not text:
        return ()
    return (text,) if isinstance(text, str) else tuple(text)


def untranslated(catalogue: Catalog) -> Iterator[Entry]:
    """Yield what has no text yet, or not in all its plural forms."""
    for entry in entries(catalogue):
        texts = forms_of(entry.string)
        if not texts or not all(texts) or entry.fuzzy:
            yield entry


def places(text: str) -> set[str]:
    """Name the places that a text leaves for values: %(name)s and {name}."""
    return {first or second for first, second in _PLACE.findall(text)}


def faults() -> list[str]:
    """Name every sentence that is missing, fuzzy, left over or has other places than its original."""
    current = sentences()
    found: list[str] = []
    for language in LANGUAGES:
        catalogue = stored(language)
        known = {
            (entry.id if isinstance(entry.id, str) else tuple(entry.id), entry.context) for entry in entries(catalogue)
        }
        wanted = {
            (entry.id if isinstance(entry.id, str) else tuple(entry.id), entry.context) for entry in entries(current)
        }
        found += [
            f"{language}: not in the catalogue (make messages): {key[0]!r}" for key in sorted(wanted - known, key=repr)
        ]
        found += [f"{language}: no longer used (make messages): {key[0]!r}" for key in sorted(known - wanted, key=repr)]
        found += [f"{language}: not translated: {entry.id!r}" for entry in untranslated(catalogue)]
        found += [
            f"{language}: other places than its original: {entry.id!r}"
            for entry in entries(catalogue)
            if misplaced(entry)
        ]
    return found


def misplaced(entry: Entry) -> bool:
    """Say whether a translation names a value that the original does not give, or leaves one out."""
    original = set().union(*(places(form) for form in forms_of(entry.id)))
    texts = [text for text in forms_of(entry.string) if text]
    if len(forms_of(entry.id)) > 1:  # "one task" may leave the number out
        return any(places(text) - original for text in texts)
    return any(places(text) != original for text in texts)


def main() -> int:
    """Collect, compile or check the texts."""
    parser = argparse.ArgumentParser(prog="make messages", description=__doc__)
    parser.add_argument("what", choices=("update", "compile", "check"))
    what: str = parser.parse_args().what
    if what == "update":
        update()
    elif what == "compile":
        compile_all()
    else:
        found = faults()
        print("\n".join(found) or "Every sentence is translated.")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
