"""A net loses its straight ways and well-nested blocks; whether tokens can get stuck stays as it was (Murata 1989, V)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.checks.soundness.net import Move, Net

_MOST_GLUED = 12


@dataclass(slots=True)
class _Shrinking:
    """Moves by number, and for each place the moves that fill and empty it."""

    kept: frozenset[int]
    moves: dict[int, Move] = field(default_factory=dict[int, Move])
    fills: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    empties: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    known: set[Move] = field(default_factory=set[Move])
    last: int = 0

    def add(self, move: Move) -> None:
        if move in self.known:
            return
        self.known.add(move)
        self.last += 1
        self.moves[self.last] = move
        for place in move.gives:
            self.fills.setdefault(place, set()).add(self.last)
        for place in move.takes:
            self.empties.setdefault(place, set()).add(self.last)

    def remove(self, number: int) -> Move:
        move = self.moves.pop(number)
        self.known.discard(move)
        for place in move.gives:
            self.fills[place].discard(number)
        for place in move.takes:
            self.empties[place].discard(number)
        return move

    def glue(self, place: int) -> bool:
        """Join the moves into a place to those out of it, where a token on it can always go on."""
        before = [self.moves[number] for number in self.fills.get(place, ())]
        after = [self.moves[number] for number in self.empties.get(place, ())]
        if not before or len(before) * len(after) > max(_MOST_GLUED, len(before) + len(after)):
            return False
        if any(move.takes != {place} or place in move.gives or move.gathers for move in after):
            return False
        if any(move.gathers or place in move.takes for move in before):
            return False
        if any((one.gives - {place}) & other.gives for one in before for other in after):
            return False  # two tokens would come to one place at once
        for number in [*self.fills[place], *self.empties[place]]:
            self.remove(number)
        for one in before:
            for other in after:
                self.add_glued(one, other, place)
        return True

    def add_glued(self, one: Move, other: Move, place: int) -> None:
        ends = one.ends or other.ends
        gives = frozenset[int]() if ends else (one.gives - {place}) | other.gives
        if ends or one.takes != gives:
            self.add(Move(one.node, one.takes, gives, ends, one.once or other.once))

    def drop_twins(self) -> bool:
        """Of places that always hold tokens together, keep one."""
        first: dict[tuple[frozenset[int], frozenset[int]], int] = {}
        twins: set[int] = set()
        for place in sorted(set(self.fills) - self.kept):
            key = frozenset(self.fills[place]), frozenset(self.empties.get(place, ()))
            if key[0] and first.setdefault(key, place) != place:
                twins.add(place)
        for number in {number for place in twins for number in self.fills[place] | self.empties.get(place, set())}:
            move = self.remove(number)
            self.add(replace(move, takes=move.takes - twins, gives=move.gives - twins))
        return bool(twins)


def reduced(net: Net) -> Net:
    """The net without what cannot get stuck; places of its beginning and before inclusive joins stay."""
    kept = frozenset[int]().union(*net.starts, *(move.takes for move in net.moves if move.gathers))
    shrinking = _Shrinking(kept)
    for move in net.moves:
        shrinking.add(move)
    changed = True
    while changed:
        changed = shrinking.drop_twins()
        for place in sorted(set(shrinking.empties) - kept):
            if shrinking.empties[place]:
                changed = shrinking.glue(place) or changed
    return replace(net, moves=tuple(shrinking.moves.values()))
