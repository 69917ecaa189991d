"""Letters are text templates beside a process, chosen by name, customer type and language; they can run no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Template, TemplateError

from engine.definitions.letter_language import ENVIRONMENT, refuse_beyond
from engine.model.errors import Invalid, NotFound

LONGEST = 64_000


@dataclass(frozen=True, slots=True)
class Letter:
    """A written letter: one line of subject and the body, plain text."""

    subject: str
    body: str


def letter_name(files: Mapping[str, bytes], letter: str, *, party: str, language: str) -> str:
    """The file that serves: customer type and language first, then the language, then English.

    Raises NotFound where the deployment has no such letter at all.
    """
    for variant in (f"{letter}.{party}.{language}", f"{letter}.{language}", f"{letter}.{party}.en", f"{letter}.en"):
        name = f"letters/{variant}.txt"
        if name in files:
            return name
    raise NotFound(
        "letter_missing",
        "The process has no letter “{letter}”. Add letters/{letter}.en.txt beside the diagram and deploy it.",
        letter=letter,
    )


def render_letter(source: bytes, values: Mapping[str, object], *, name: str = "") -> Letter:
    """Fill a letter's template; its first line is `Subject: …`, then an empty line, then the body.

    Raises Invalid where the template is broken or names something that it is not given.
    """
    try:
        written = _written(source.decode("utf-8-sig"), values)
    except (TemplateError, UnicodeDecodeError, TypeError, ValueError, ArithmeticError, RecursionError) as fault:
        raise Invalid(
            "letter_broken",
            "The letter {letter} cannot be written: {fault}. Correct it and deploy.",
            letter=name,
            fault=str(fault),
        ) from fault
    if len(written) > LONGEST:
        raise Invalid(
            "letter_too_long", "The letter {letter} is longer than {most} characters.", letter=name, most=LONGEST
        )
    head, _, body = written.partition("\n")
    if not head.lower().startswith("subject:"):
        raise Invalid("letter_subject", "The letter {letter} must begin with the line “Subject: …”.", letter=name)
    return Letter(head.partition(":")[2].strip()[:250], body.strip())


@lru_cache(maxsize=256)
def _template(source: str) -> Template:
    refuse_beyond(source)
    return ENVIRONMENT.from_string(source)


def _written(source: str, values: Mapping[str, object]) -> str:
    """The letter, or as much of it as shows that it is too long."""
    parts: list[str] = []
    length = 0
    for part in _template(source).generate(**values):
        parts.append(part)
        length += len(part)
        if length > LONGEST:
            break
    return "".join(parts)
