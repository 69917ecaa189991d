"""Reads regular expressions of XPath: groups, counts, classes with subtraction, categories, back-references, flags s m i x q."""

from __future__ import annotations

import re
from functools import partial

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.pattern_classes import ESCAPES, ClassReading, either_case
from engine.execution.feel.pattern_program import (
    Char,
    Edge,
    Either,
    Group,
    Part,
    Program,
    Reference,
    Repeated,
    Row,
    TooLong,
    program_of,
)

LENGTH = 2_000
COUNT = 1_000
_DEPTH = 50
_FLAGS = frozenset("smixq")
_COUNT = re.compile(r"\{([0-9]{1,6})(,([0-9]{0,6}))?\}")
_CLOSED = frozenset("?*+{})|]")


def read_pattern(source: str, flags: str) -> tuple[Program, int]:
    """Read a pattern; give its program and how many groups it has. Raises ExpressionError where it is none."""
    unknown = set(flags) - _FLAGS
    if unknown:
        raise ExpressionError(
            "pattern_flag", "The pattern's flag “{flag}” is not known; use i, s or m.", flag=min(unknown)
        )
    if len(source) > LENGTH:
        raise ExpressionError("pattern_long", "The pattern is longer than {limit} characters; split it.", limit=LENGTH)
    reader = _Reader(source, flags)
    if "x" in flags and "q" not in flags:
        reader.source = _without_blanks(source)
    part = reader.literally() if "q" in flags else reader.whole()
    try:
        return program_of(part), reader.groups
    except TooLong:
        raise ExpressionError(
            "pattern_steps",
            "The pattern “{pattern}” takes more than {limit} steps; make it plainer.",
            pattern=source,
            limit=COUNT,
        ) from None


def _without_blanks(source: str) -> str:
    """Leave blanks out, also behind a backslash; those inside a class stay."""
    kept: list[str] = []
    depth, escaped = 0, False
    for sign in source:
        if depth == 0 and sign in " \t\n\r":
            continue
        kept.append(sign)
        if escaped or sign == "\\":
            escaped = not escaped
        elif sign in "[]":
            depth = max(0, depth + (1 if sign == "[" else -1))
    return "".join(kept)


class _Reader(ClassReading):
    """Recursive descent over a pattern, to a bounded depth."""

    def __init__(self, source: str, flags: str) -> None:
        super().__init__(source, ignores_case="i" in flags)
        self.flags = flags
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0

    def literally(self) -> Part:
        return Row(tuple(self.character(sign) for sign in self.source))

    def whole(self) -> Part:
        part = self.branches()
        if self.at < len(self.source):
            raise self.broken()
        return part

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def branches(self) -> Part:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.broken()
        parts = [self.row()]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.row())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def row(self) -> Part:
        parts: list[Part] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.counted(self.atom()))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def counted(self, part: Part) -> Part:
        sign = self.peek()
        bounds: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
        if sign in bounds and sign:
            self.at += 1
            least, most = bounds[sign]
        elif sign == "{":
            least, most = self.count()
        else:
            return part
        lazy = self.peek() == "?"
        self.at += lazy
        if self.peek() in ("?", "*", "+", "{") and self.peek():
            raise self.broken()
        return part if isinstance(part, Row) and not part.parts else Repeated(part, least, most, lazy)

    def count(self) -> tuple[int, int | None]:
        found = _COUNT.match(self.source, self.at)
        if not found:
            raise self.broken()
        self.at = found.end()
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else None
        if least > COUNT or (most is not None and not least <= most <= COUNT):
            raise self.broken()
        return least, most

    def atom(self) -> Part:
        sign = self.peek()
        self.at += 1
        match sign:
            case "(":
                return self.group()
            case "[":
                return Char(self.char_class())
            case ".":
                return Char(_any if "s" in self.flags else _any_but_line_ends)
            case "^":
                return Edge(_line_begin if "m" in self.flags else _begin)
            case "$":
                return Edge(_line_end if "m" in self.flags else _end)
            case "\\":
                return self.escape()
            case _ if sign in _CLOSED:
                self.at -= 1
                raise self.broken()
            case _:
                return self.character(sign)

    def group(self) -> Part:
        kept = not self.source.startswith("?:", self.at)
        if kept:
            if self.peek() == "?":
                raise self.broken()
            self.groups += 1
        else:
            self.at += 2
        number = self.groups
        part = self.branches()
        if self.peek() != ")":
            raise self.broken()
        self.at += 1
        if not kept:
            return part
        self.closed.add(number)
        return Group(number, part)

    def escape(self) -> Part:
        sign = self.source[self.at : self.at + 1]
        if sign.isascii() and sign.isdigit():
            return self.reference()
        self.at += 1
        if sign in ESCAPES and sign:
            return self.character(ESCAPES[sign])
        return Char(self.char_kind(sign))

    def reference(self) -> Part:
        end = self.at + 1
        following = self.source[end : end + 1]
        while following.isascii() and following.isdigit() and int(self.source[self.at : end + 1]) in self.closed:
            end += 1
            following = self.source[end : end + 1]
        number = int(self.source[self.at : end])
        if number not in self.closed:
            raise self.broken()
        self.at = end
        return Reference(number, _same_case_or_not if self.ignores_case else str.__eq__)

    def character(self, sign: str) -> Char:
        wanted = either_case(sign) if self.ignores_case else frozenset({sign})
        return Char(partial(_one_of, wanted) if len(wanted) > 1 else sign.__eq__)


def _one_of(wanted: frozenset[str], sign: str) -> bool:
    return sign in wanted


def _any(_: str) -> bool:
    return True


def _any_but_line_ends(sign: str) -> bool:
    return sign not in "\n\r"


def _begin(_: str, at: int) -> bool:
    return at == 0


def _end(text: str, at: int) -> bool:
    return at == len(text)


def _line_begin(text: str, at: int) -> bool:
    return at == 0 or (text[at - 1] == "\n" and at < len(text))


def _line_end(text: str, at: int) -> bool:
    return at == len(text) or text[at] == "\n"


def _same_case_or_not(left: str, right: str) -> bool:
    return left.casefold() == right.casefold()
