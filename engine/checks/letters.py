"""Letters beside a diagram: those that it names exist, and each can be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jinja2 import TemplateSyntaxError

from engine.checks.letter_places import values_known
from engine.definitions.letter_language import refuse_beyond
from engine.definitions.standard.diagram import Diagram
from engine.model.errors import Finding, Message, Severity

_LETTER = re.compile(r"(?:.*/)?letters/(?P<letter>[^/.]+)\.(?:[^/.]+\.)?(?P<language>[a-z]{2})\.txt")


def letters_exist(diagram: Diagram, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Every letter that a running process names is there in English at least, which all languages fall back to."""
    written = {match["letter"] for name in files if (match := _LETTER.fullmatch(name)) and match["language"] == "en"}
    for level in diagram.levels():
        for node in level.body.nodes if level.runs else ():
            letter = node.notify.letter if node.notify else ""
            if letter and letter not in written:
                yield level.error(
                    node,
                    Message("letter_unknown", "The letter “{letter}” is missing.", {"letter": letter}),
                    Message(
                        "letter_unknown_remedy", "Write letters/{letter}.en.txt beside the diagram.", {"letter": letter}
                    ),
                )
            elif node.notify is not None and not letter:
                yield level.error(
                    node,
                    Message("letter_none", "Somebody is told something, but no letter says what."),
                    Message("letter_none_remedy", "Add mg:letter with the name of a letter."),
                )


def letters_can_be_read(name: str, data: bytes) -> Iterator[Finding]:
    """A letter is text that begins with its subject and whose places are well written."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield _fault(
            name,
            0,
            Message("letter_encoding", "The letter is not written in UTF-8."),
            Message("letter_encoding_remedy", "Save it as UTF-8."),
        )
        return
    if not text.startswith("Subject:"):
        yield _fault(
            name,
            1,
            Message("letter_subject", "The first line is no subject."),
            Message("letter_subject_remedy", "Begin the letter with “Subject: …” and an empty line."),
        )
    try:
        refuse_beyond(text)
    except TemplateSyntaxError as error:
        reason = error.message or ""
        yield _fault(
            name,
            error.lineno,
            Message("letter_template", "A place in the letter is not well written: {reason}.", {"reason": reason}),
            Message("letter_template_remedy", "Correct the braces on this line."),
        )
    yield from values_known(name, text)


def _fault(name: str, line: int, message: Message, remedy: Message) -> Finding:
    return Finding(Severity.ERROR, message, remedy, file=name, line=line)
