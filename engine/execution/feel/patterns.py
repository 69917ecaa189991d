"""Regular expressions as XPath writes them, matched in a bounded number of steps whatever the pattern."""

from __future__ import annotations

from functools import lru_cache

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.evaluation import ITEMS, TEXT_LENGTH, Evaluation
from engine.execution.feel.pattern_program import Char, Edge, Match, Program, Reference, Save, Split
from engine.execution.feel.pattern_text import read_pattern

STEPS = 500_000
_STEPS_A_UNIT = 20
Places = tuple[int, ...]


class Pattern:
    """A compiled pattern; `search` and the others raise ExpressionError where it would take too long."""

    __slots__ = ("groups", "program", "remembers", "source")

    def __init__(self, source: str, program: Program, groups: int) -> None:
        self.source = source
        self.program = program
        self.groups = groups
        self.remembers = not any(isinstance(step, Reference) for step in program)

    def search(self, text: str, start: int, evaluation: Evaluation) -> Places | None:
        """Give begin and end of the first match and of its groups (-1 for those that took no part)."""
        run = _Run(self, text)
        try:
            for begin in range(start, len(text) + 1):
                found = run.match(begin)
                if found is not None:
                    return found
            return None
        finally:
            evaluation.spend(run.steps // _STEPS_A_UNIT)

    def pieces(self, text: str, evaluation: Evaluation) -> list[Places]:
        """Give all matches that do not overlap; a pattern that matches nothing at all is refused."""
        if self.search("", 0, evaluation) is not None:
            raise ExpressionError(
                "pattern_empty", "The pattern “{pattern}” also fits no text at all.", pattern=self.source
            )
        found: list[Places] = []
        at = 0
        while (hit := self.search(text, at, evaluation)) is not None:
            found.append(hit)
            at = max(hit[1], at + 1)
            evaluation.spend()
        return found

    def replaced(self, text: str, replacement: str, evaluation: Evaluation) -> str:
        """Give the text with each match replaced; `$1` stands for a group, `$0` for the whole match."""
        parts = _replacement(replacement, self.groups)
        done: list[str] = []
        at = size = 0
        for hit in self.pieces(text, evaluation):
            new = [
                part if isinstance(part, str) else text[max(hit[2 * part], 0) : max(hit[2 * part + 1], 0)]
                for part in parts
            ]
            done += [text[at : hit[0]], *new]
            size += sum(map(len, new))
            if size > TEXT_LENGTH:
                raise ExpressionError("feel_text_long", "A text is longer than {limit} characters.", limit=TEXT_LENGTH)
            at = hit[1]
        return "".join([*done, text[at:]])

    def split(self, text: str, evaluation: Evaluation) -> list[object]:
        """Give what lies between the matches."""
        found: list[object] = []
        at = 0
        for hit in self.pieces(text, evaluation):
            found.append(text[at : hit[0]])
            at = hit[1]
            if len(found) >= ITEMS:
                raise ExpressionError("feel_list_long", "A list has more than {limit} items.", limit=ITEMS)
        return [*found, text[at:]]


class _Run:
    """Tries ways in order of preference; a place of the program is tried once at each place of the text."""

    __slots__ = ("pattern", "steps", "text", "tried")

    def __init__(self, pattern: Pattern, text: str) -> None:
        self.pattern = pattern
        self.text = text
        self.tried: set[int] = set()
        self.steps = 0

    def match(self, begin: int) -> Places | None:
        program, remembers, tried = self.pattern.program, self.pattern.remembers, self.tried
        size = len(self.text) + 1
        unset: Places = (-1,) * (2 * self.pattern.groups)
        waiting: list[tuple[int, int, Places]] = [(0, begin, (begin, -1, *unset))]
        while waiting:
            place, at, saved = waiting.pop()
            while True:
                self.steps += 1
                if self.steps > STEPS:
                    raise ExpressionError(
                        "pattern_steps",
                        "The pattern “{pattern}” takes more than {limit} steps; make it plainer.",
                        pattern=self.pattern.source,
                        limit=STEPS,
                    )
                if remembers:
                    key = place * size + at
                    if key in tried:
                        break
                    tried.add(key)
                step = program[place]
                if isinstance(step, Match):
                    return (saved[0], at, *saved[2:])
                if isinstance(step, Split):
                    waiting.append((step.second, at, saved))
                    place = step.first
                    continue
                moved = self.moved(step, at, saved)
                if moved < 0:
                    break
                if isinstance(step, Save):
                    saved = (*saved[: step.slot], at, *saved[step.slot + 1 :])
                at, place = moved, place + 1
        return None

    def moved(self, step: Char | Edge | Reference | Save, at: int, saved: Places) -> int:
        """Give where a step leads in the text, or -1 where it does not fit."""
        text = self.text
        match step:
            case Char(fits):
                return at + 1 if at < len(text) and fits(text[at]) else -1
            case Save():
                return at
            case Edge(fits_edge):
                return at if fits_edge(text, at) else -1
            case Reference(group, same):
                part = text[max(saved[2 * group], 0) : max(saved[2 * group + 1], 0)]
                end = at + len(part)
                return end if same(text[at:end], part) else -1


def _replacement(text: str, groups: int) -> list[str | int]:
    """Cut a replacement into texts and numbers of groups."""
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        sign, following = text[at], text[at + 1 : at + 2]
        if sign == "\\" and following in ("\\", "$") and following:
            parts.append(following)
            at += 2
        elif sign == "$" and following.isascii() and following.isdigit():
            end = at + 2
            while (
                end < len(text)
                and text[end].isascii()
                and text[end].isdigit()
                and int(text[at + 1 : end + 1]) <= groups
            ):
                end += 1
            number = int(text[at + 1 : end])
            parts.append(number if number <= groups else "")
            at = end
        elif sign in "\\$":
            raise ExpressionError(
                "pattern_replacement",
                "The replacement “{text}” has a “{sign}” that stands for nothing.",
                text=text,
                sign=sign,
            )
        else:
            parts.append(sign)
            at += 1
    return parts


@lru_cache(maxsize=512)
def compiled_pattern(source: str, flags: str = "") -> Pattern:
    """Read and compile a pattern; raise ExpressionError where it is none."""
    program, groups = read_pattern(source, flags)
    return Pattern(source, program, groups)
