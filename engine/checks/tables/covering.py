"""Whether rules leave something uncovered is found piece by piece; what every further column accepts is not looked at again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from engine.checks.tables.axes import TooLarge

MOST_STATES: Final = 100_000
Place = tuple[int, ...]
"""A piece of each column, as far as it matters."""


class Covering:
    """Looks for places in a grid that no rule of a set accepts: `rules[column][piece]` holds a bit a rule."""

    def __init__(self, rules: Sequence[Sequence[int]]) -> None:
        self.rules = rules
        self.left = MOST_STATES
        every = -1
        self.always = [every] * (len(rules) + 1)
        for column in range(len(rules) - 1, -1, -1):
            through = self.always[column + 1]
            for accepted in rules[column]:
                through &= accepted
            self.always[column] = through

    def holes(self, active: int, inside: Sequence[Sequence[int]] | None = None) -> Iterator[Place]:
        """Give places that none of the active rules accepts, one for each way to get there; raises TooLarge.

        `inside` names the pieces of each column that count; all of them where it is left out.
        """
        wanted = inside if inside is not None else [range(len(column)) for column in self.rules]
        seen: set[tuple[int, int]] = set()
        waiting: list[tuple[int, Place]] = [(active, ())]
        while waiting:
            fitting, place = waiting.pop()
            column = len(place)
            if not fitting:
                yield place
                continue
            if column == len(self.rules) or fitting & self.always[column]:
                continue
            self.left -= 1
            if self.left < 0:
                raise TooLarge
            ways: dict[int, int] = {}
            for piece in wanted[column]:
                ways.setdefault(fitting & self.rules[column][piece], piece)
            for rest, piece in reversed(ways.items()):
                if (column + 1, rest) not in seen:
                    seen.add((column + 1, rest))
                    waiting.append((rest, (*place, piece)))
