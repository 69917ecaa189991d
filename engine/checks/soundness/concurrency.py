"""Which places of a net can hold tokens at the same time (Kovalyov and Esparza, 1996), as one bit set a place."""

from __future__ import annotations

from engine.checks.soundness.net import Move, Net

_MOST_ROUNDS = 300


def side_by_side(net: Net) -> dict[int, int]:
    """For each place the bit set of places that may be marked with it; exact where nothing gets stuck.

    A boundary event that comes again while its first way is still under way is left out: it meets only itself.
    """
    beside: dict[int, int] = {}
    for start in net.starts:
        _all_together(beside, start)
    for move in net.moves:
        _all_together(beside, move.gives)
    joins = {move.node: move for move in net.moves if move.gathers}
    upstream = {node: _upstream(net, join) for node, join in joins.items()}
    apart = {
        move: _behind(net, move) if move.once else upstream[move.node]
        for move in net.moves
        if move.once or move.gathers
    }
    for _ in range(_MOST_ROUNDS):
        news = [_spread(beside, move, apart.get(move, 0)) for move in net.moves]
        if True not in news:
            break
    return beside


def _all_together(beside: dict[int, int], places: frozenset[int]) -> None:
    whole = sum(1 << place for place in places)
    for place in places:
        beside[place] = beside.get(place, 0) | whole & ~(1 << place)


def _spread(beside: dict[int, int], move: Move, apart: int) -> bool:
    """What is beside all that a move takes is beside all that it gives; say whether that was news."""
    common = _common(beside, move) & ~apart
    changed = False
    for place in move.gives:
        fresh = common & ~beside.get(place, 0)
        if not fresh:
            continue
        beside[place] = beside.get(place, 0) | fresh
        changed = True
        while fresh:
            other = fresh.bit_length() - 1
            fresh &= ~(1 << other)
            beside[other] = beside.get(other, 0) | 1 << place
    return changed


def _common(beside: dict[int, int], move: Move) -> int:
    rows = [beside.get(place, 0) for place in move.takes]
    common = rows[0] if rows else 0
    for row in rows[1:]:
        common = common | row if move.gathers else common & row
    return common


def _upstream(net: Net, join: Move) -> int:
    """Places whose tokens hold an inclusive join back (R7): those from which it can be reached, and those before it."""
    before: dict[int, set[int]] = {}
    for move in net.moves:
        if move.node != join.node:
            for place in move.gives:
                before.setdefault(place, set()).update(move.takes)
    return _bits(set(join.takes), before)


def _behind(net: Net, event: Move) -> int:
    """Places that a token of this boundary event can come to."""
    after: dict[int, set[int]] = {}
    for move in net.moves:
        for place in move.takes:
            after.setdefault(place, set()).update(move.gives)
    return _bits(set(event.gives - event.takes), after)


def _bits(places: set[int], onward: dict[int, set[int]]) -> int:
    """The places and all that lie onward of them, as a bit set."""
    pending = list(places)
    while pending:
        fresh = onward.get(pending.pop(), set()) - places
        places |= fresh
        pending += fresh
    return sum(1 << place for place in places)
