"""Regular expressions of a bounded kind: no pattern can take more than a fixed number of steps a character."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.execution.expressions.errors import ExpressionError

LENGTH = 500
PATHS = 2_000
COUNT = 1_000
_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}
_ESCAPES = frozenset("dDwWsSbBnrt")
_QUANTIFIER = re.compile(r"\{(\d{1,4})(?:,(\d{1,4}))?\}", re.ASCII)


class _Reader:
    """Counts the ways in which a pattern can go on at one place; refuses what has no bound."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def branches(self, depth: int = 0) -> int:
        if depth > 20:
            raise ExpressionError(
                "pattern_deep", "The pattern “{pattern}” nests its groups too deep.", pattern=self.pattern
            )
        ways = self.sequence(depth)
        while self.peek() == "|":
            self.at += 1
            ways += self.sequence(depth)
        return self.bounded(ways)

    def sequence(self, depth: int) -> int:
        ways = 1
        while self.peek() not in ("", "|", ")"):
            ways = self.bounded(ways * self.repeated(self.atom(depth)))
        return ways

    def bounded(self, ways: int) -> int:
        if ways > PATHS:
            raise ExpressionError(
                "pattern_ways",
                "The pattern “{pattern}” can match in more than {limit} ways at one place; use smaller counts.",
                pattern=self.pattern,
                limit=PATHS,
            )
        return ways

    def atom(self, depth: int) -> int:
        character = self.peek()
        self.at += 1
        if character == "(":
            return self.group(depth)
        if character == "[":
            self.character_class()
        elif character == "\\":
            self.escape()
        elif character in "*+?{":
            raise ExpressionError(
                "pattern_repeats_nothing",
                "The pattern “{pattern}” has a “{sign}” with nothing to repeat.",
                pattern=self.pattern,
                sign=character,
            )
        return 1

    def group(self, depth: int) -> int:
        if self.pattern.startswith("?:", self.at):
            self.at += 2
        elif self.peek() == "?":
            raise ExpressionError(
                "pattern_group", "The pattern “{pattern}” has “(?”, which is only known as “(?:”.", pattern=self.pattern
            )
        ways = self.branches(depth + 1)
        if self.peek() != ")":
            raise ExpressionError(
                "pattern_open", "The pattern “{pattern}” has a “(” that is not closed.", pattern=self.pattern
            )
        self.at += 1
        return ways

    def escape(self) -> None:
        character = self.peek()
        if not character or (character.isalnum() and character not in _ESCAPES):
            raise ExpressionError(
                "pattern_escape",
                "The pattern “{pattern}” has “\\{sign}”, which is not known.",
                pattern=self.pattern,
                sign=character,
            )
        self.at += 1

    def character_class(self) -> None:
        self.at += self.peek() == "^"
        first = True
        while first or self.peek() != "]":
            character = self.peek()
            self.at += 1
            if not character or character == "[":
                raise ExpressionError(
                    "pattern_class",
                    "The pattern “{pattern}” has a “[” that is not closed, or inside another.",
                    pattern=self.pattern,
                )
            if character == "\\":
                self.escape()
            first = False
        self.at += 1

    def repeated(self, ways: int) -> int:
        character = self.peek()
        if character in ("*", "+"):
            raise ExpressionError(
                "pattern_unbounded",
                "The pattern “{pattern}” has a “{sign}” without a bound; write a count such as {{0,50}} in its place.",
                pattern=self.pattern,
                sign=character,
            )
        if character == "?":
            self.at += 1
            return self.bounded(1 + ways)
        if character != "{":
            return ways
        least, most = self.count()
        total = power = 0
        for count in range(most + 1):
            power = self.bounded(power * ways) if count else 1
            total = self.bounded(total + power) if count >= least else 0
        return total

    def count(self) -> tuple[int, int]:
        found = _QUANTIFIER.match(self.pattern, self.at)
        self.at = found.end() if found else self.at
        if not found or self.peek() in ("?", "+", "*", "{"):
            raise ExpressionError(
                "pattern_count",
                "The pattern “{pattern}” has a “{{” that is no count; write {{3}} or {{1,50}}, and once.",
                pattern=self.pattern,
            )
        least, most = int(found[1]), int(found[2] or found[1])
        if least > most or most > COUNT:
            raise ExpressionError(
                "pattern_count_range",
                "The pattern “{pattern}” has a count that does not go from smaller to larger, or over {limit}.",
                pattern=self.pattern,
                limit=COUNT,
            )
        return least, most


def compile_pattern(pattern: str, flags: str = "") -> Callable[[str], bool]:
    """Give a search for the pattern; raise ExpressionError where it is unbounded, unsupported or broken."""
    if len(pattern) > LENGTH:
        raise ExpressionError("pattern_long", "The pattern is longer than {limit} characters; split it.", limit=LENGTH)
    unknown = set(flags) - set(_FLAGS)
    if unknown:
        raise ExpressionError(
            "pattern_flag", "The pattern's flag “{flag}” is not known; use i, s or m.", flag=min(unknown)
        )
    reader = _Reader(pattern)
    reader.branches()
    if reader.at < len(pattern):
        raise ExpressionError(
            "pattern_closed", "The pattern “{pattern}” has a “)” that closes nothing.", pattern=pattern
        )
    options = re.RegexFlag(0)
    for flag in flags:
        options |= _FLAGS[flag]
    try:
        search = re.compile(pattern, options).search
    except (re.error, OverflowError) as error:
        raise ExpressionError(
            "pattern_broken", "The pattern “{pattern}” is broken: {why}.", pattern=pattern, why=str(error)
        ) from None
    return lambda text: search(text) is not None
