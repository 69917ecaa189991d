"""Cuts FEEL into tokens where it is read, because what a name is depends on the names in scope."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from engine.execution.expression_errors import ExpressionError

LEARNED = 200
_START = r"[^\W\d]|[?_\U00010000-\U000EFFFF]"
_NAME = rf"(?:{_START})(?:\w|['\u00b7\u0300-\u036f\u203f\u2040\U00010000-\U000EFFFF])*"
_BLANK = re.compile(r"(?:[\s\u180e\u200b\u2060\ufeff]+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?)"
    r"|(?P<text>\"(?:[^\"\\]|\\.)*\")|(?P<at>@\s*\"(?:[^\"\\]|\\.)*\")"
    rf"|(?P<name>{_NAME})|(?P<sign>\*\*|<=|>=|!=|\.\.|->|[-+*/<>=.,:()\[\]{{}}])",
    re.DOTALL,
)
_PIECE = re.compile(r"\w+|[^\w\s]")
_AROUND_SIGNS = re.compile(r" ?([^\w\s]) ?")
_CALLED = (r"date\s+and\s+time(?=\s*\()", r"years\s+and\s+months\s+duration(?=\s*\()")
KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "in",
        "between",
        "and",
        "or",
        "instance",
        "function",
        "external",
        "true",
        "false",
        "null",
    ]
)
_KEY = re.compile(rf"(?P<key>(?:{_START})[^:\"{{}}\[\](),<>=@]*?)\s*:")
_PARAMETER = re.compile(rf"(?P<key>(?:{_START})[^:\"{{}}\[\](),<>=@]*?)\s*(?=[:,)])")
_VARIABLE = re.compile(rf"(?P<key>(?:{_START})[^:\"{{}}\[\](),<>=@]*?)\s+(?=in\b)")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, text, at, name, keyword, sign or end; `start` and `end` are places in the text."""

    kind: str
    text: str
    start: int
    end: int


@lru_cache(maxsize=512)
def known_names(names: frozenset[str]) -> re.Pattern[str]:
    """Give the pattern that finds the longest of these names, with any blanks between their words and signs."""
    longest = sorted(filter(None, (" ".join(name.split()) for name in names)), key=len, reverse=True)
    spaced = [_spaced(name) for name in longest if not name.isidentifier()]
    return re.compile("|".join([*spaced, *_CALLED]))


def _spaced(name: str) -> str:
    words = (r"\s*".join(re.escape(piece) for piece in _PIECE.findall(word)) for word in name.split(" "))
    boundary = r"(?!\w)" if name[-1:].isalnum() or name.endswith("_") else ""
    return r"\s+".join(words) + boundary


class Scanner:
    """Reads tokens at any place of one text; `known` are the names of several words that it may meet."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        self.text = text
        self.known = frozenset(name for name in names if not name.isidentifier())
        self.at = 0
        self.learned = 0
        self.cached: tuple[int, frozenset[str], Token] | None = None

    def learn(self, names: Iterable[str]) -> None:
        """Know further names from here on."""
        more = {name for name in names if not name.isidentifier()}
        if more - self.known:
            self.learned += len(more - self.known)
            if self.learned > LEARNED:
                raise ExpressionError(
                    "expression_names",
                    "The expression declares more than {limit} names of several words; split it.",
                    limit=LEARNED,
                )
            self.known = self.known | more

    @property
    def token(self) -> Token:
        """The next token, which is not taken yet."""
        cached = self.cached
        if cached is not None and cached[0] == self.at and cached[1] is self.known:
            return cached[2]
        token = self.read(self.at)
        self.cached = (self.at, self.known, token)
        return token

    def skipped(self, at: int) -> int:
        blank = _BLANK.match(self.text, at)
        return blank.end() if blank else at

    def read(self, at: int) -> Token:
        start = self.skipped(at)
        if start >= len(self.text):
            return Token("end", "", len(self.text), len(self.text))
        known = known_names(self.known)
        found = known.match(self.text, start)
        if found:
            return Token(
                "name",
                declared(self.known).get(canonical(found.group())) or canonical(found.group()),
                start,
                found.end(),
            )
        found = _TOKEN.match(self.text, start)
        if not found:
            raise self.unread(start)
        kind, text = found.lastgroup or "sign", found.group()
        return Token("keyword" if text in KEYWORDS else kind, text, start, found.end())

    def advance(self) -> Token:
        token = self.token
        self.at = token.end
        return token

    def take(self, *texts: str) -> str:
        """Take the next sign or keyword if it is one of these, else give nothing."""
        token = self.token
        if token.text in texts and token.kind in ("sign", "keyword"):
            self.at = token.end
            return token.text
        return ""

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.unread(self.token.start)

    def unread(self, at: int | None = None) -> ExpressionError:
        """Refuse the text at a place, by default at the next token."""
        place = self.token.start if at is None else at
        text = self.text if len(self.text) <= 80 else self.text[:79] + "…"
        return ExpressionError(
            "expression_syntax", "“{text}” cannot be read at character {place}.", text=text, place=place + 1
        )

    def words(self, *, joins: bool = True) -> str:
        """Take a name: one that is known, else all words and numbers that stand together where it `joins`."""
        token = self.advance()
        if token.kind not in ("name", "keyword"):
            raise self.unread(token.start)
        name = token.text
        if name in self.known or " " in name or not joins:
            return name
        while (following := self.token).kind == "name" or (following.kind == "number" and following.text.isdecimal()):
            name += f" {following.text}"
            self.at = following.end
        return name

    def key(self) -> str:
        """Take the key of a context's entry and its colon, or nothing."""
        return self._taken(_KEY)

    def parameter(self) -> str:
        """Take the name of a parameter."""
        return self._taken(_PARAMETER)

    def variable(self) -> str:
        """Take the name of a loop's variable, before `in`."""
        return self._taken(_VARIABLE)

    def _taken(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.skipped(self.at))
        if not found:
            return ""
        self.at = found.end()
        return " ".join(found["key"].split())


@lru_cache(maxsize=512)
def declared(names: frozenset[str]) -> dict[str, str]:
    """Give each of the names as it was declared, by its canonical form."""
    return {canonical(name): name for name in names}


def canonical(name: str) -> str:
    """Give a name with single blanks between its words and none around its signs."""
    return _AROUND_SIGNS.sub(r"\1", " ".join(name.split()))
