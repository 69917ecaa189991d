"""Letters are text templates beside a process, chosen by name, customer type and language; they can run no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.model.errors import Invalid, NotFound

LONGEST = 64_000
_environment = ImmutableSandboxedEnvironment(
    autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False
)


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
        written = _template(source.decode("utf-8-sig")).render(**values)
    except (TemplateError, UnicodeDecodeError, TypeError, ValueError, ArithmeticError) as fault:
        raise Invalid(
            "letter_broken",
            "The letter {letter} cannot be written: {fault}. Correct it and deploy.",
            letter=name,
            fault=str(fault),
        ) from fault
    head, _, body = written.partition("\n")
    if not head.lower().startswith("subject:"):
        raise Invalid("letter_subject", "The letter {letter} must begin with the line “Subject: …”.", letter=name)
    return Letter(head.partition(":")[2].strip()[:250], body.strip()[:LONGEST])


@lru_cache(maxsize=256)
def _template(source: str) -> Template:
    return _environment.from_string(source)
