"""The game of tokens is played to its end: small nets wholly, after everything that cannot get stuck is taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.checks.soundness.net import Move, Net
from engine.checks.soundness.reducing import reduced

_MOST_STATES = 4_000
_MOST_LOOKED_AT = 50_000
_MOST_TOKENS = 3
Marking = tuple[int, ...]


def stuck(net: Net) -> list[tuple[Move, frozenset[int]]]:
    """Joins that can wait for ever, each with the places that stay empty; none where the game is too large to be played."""
    small = reduced(net)
    found: dict[int, tuple[Move, frozenset[int]]] = {}
    for marking in _dead(small):
        held = set(marking)
        for move in small.moves:
            if not move.gathers and len(move.takes) > 1 and held & move.takes:
                found.setdefault(move.node, (move, move.takes - held))
    return list(found.values())


def _dead(net: Net) -> Iterator[Marking]:
    """The markings with tokens that nothing can move; nothing where there are too many markings to look at."""
    reach = {move.node: _towards(net, move) for move in net.moves if move.gathers}
    by_place: dict[int, list[Move]] = {}
    for move in net.moves:
        for place in move.takes:
            by_place.setdefault(place, []).append(move)
    pending: list[Marking] = [tuple(sorted(start)) for start in net.starts]
    seen, dead, looked = set(pending), list[Marking](), 0
    while pending:
        marking = pending.pop()
        held = frozenset(marking)
        looked += sum(len(by_place.get(place, ())) for place in held) + len(marking)
        open_moves = {m for place in held for m in by_place.get(place, ()) if _may(m, marking, held, reach)}
        if marking and not open_moves:
            dead.append(marking)
        for move in open_moves:
            after = _after(marking, move)
            if (
                max(Counter(after).values(), default=0) > _MOST_TOKENS
                or len(seen) > _MOST_STATES
                or looked > _MOST_LOOKED_AT
            ):
                return
            if after not in seen:
                seen.add(after)
                pending.append(after)
    yield from dead


def _may(move: Move, marking: Marking, held: frozenset[int], reach: dict[int, dict[int, set[int]]]) -> bool:
    if move.once:
        return move.takes <= held and not (move.gives - move.takes) & held
    if not move.gathers:
        return move.takes <= held
    filled = move.takes & held
    empty = move.takes - held
    if not filled:
        return False
    towards = reach[move.node]
    # R7: a token that can still come to an empty way holds the join back, unless it can come to a filled one too.
    return not any(
        any(place in towards[way] for way in empty) and not any(place in towards[way] for way in filled)
        for place in held - move.takes
    )


def _after(marking: Marking, move: Move) -> Marking:
    if move.ends:
        return ()
    left = Counter(marking)
    for place in move.takes:
        if left[place]:
            left[place] -= 1
    left.update(move.gives)
    return tuple(sorted(left.elements()))


def _towards(net: Net, join: Move) -> dict[int, set[int]]:
    """For each way into an inclusive join, the places from which a token can come to it without passing the join."""
    before: dict[int, set[int]] = {}
    for move in net.moves:
        if move.node != join.node:
            for place in move.gives:
                before.setdefault(place, set()).update(move.takes)
    found: dict[int, set[int]] = {}
    for way in join.takes:
        seen, pending = {way}, [way]
        while pending:
            fresh = before.get(pending.pop(), set()) - seen
            seen |= fresh
            pending += fresh
        found[way] = seen
    return found
