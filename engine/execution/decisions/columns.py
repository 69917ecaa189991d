"""A column of plain tests finds the rules that a value fits by one look-up, a bit a rule, instead of testing each."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from engine.execution.feel import FeelDate, FeelRange
from engine.execution.feel.plain_tests import PlainTests

Find: TypeAlias = Callable[[object], int | None]
"""Gives the rules that fit a value as bits; None where only testing each rule can tell."""

Order: TypeAlias = Any
"""What orders values of one kind: numbers themselves, and the parts of a day; the type checker has no word for it."""

Span: TypeAlias = tuple[int, Order | None, Order | None, bool, bool]
Pairs: TypeAlias = list[tuple[int, FeelRange]]
Maker: TypeAlias = Callable[[Pairs, int, int], "Find | None"]

_LARGEST = 64_000_000
"""How many bits the rules between all boundaries of a column may take."""


def column_index(cells: Sequence[PlainTests | None]) -> Find | None:
    """Give the look-up of a column, or None where it would find nothing that testing does not find as fast.

    Cells that are no plain tests, or are told by what they are not, count as fitting: whoever asks has to test them.
    """
    always = nulls = 0
    pairs: Pairs = []
    for number, cell in enumerate(cells):
        bit = 1 << number
        if cell is None or cell.negated or cell.anything:
            always |= bit
            continue
        pairs.extend((bit, FeelRange(value, value)) for value in cell.values if value is not None)
        pairs.extend((bit, found) for found in cell.ranges)
        nulls |= bit if None in cell.values else 0
    kinds = {_kind(end) for _, found in pairs for end in (found.low, found.high) if end is not None}
    if len(kinds) != 1:
        return None
    make = _MAKERS.get(kinds.pop())
    return make(pairs, always, nulls | always) if make is not None else None


def is_covered(cell: PlainTests | None) -> bool:
    """Say whether the look-up of a column tells all about a cell."""
    return cell is not None and not cell.negated


def _kind(value: object) -> type:
    return Decimal if type(value) is int else type(value)


def _by_value(kind: type) -> Maker:
    def make(pairs: Pairs, always: int, nulls: int) -> Find | None:
        masks: dict[object, int] = {}
        for bit, found in pairs:
            if found.low is not found.high or not (found.low_closed and found.high_closed):
                return None
            masks[found.low] = masks.get(found.low, always) | bit

        def find(value: object) -> int | None:
            if type(value) is kind:
                return masks.get(value, always)
            return nulls if value is None else None

        return find

    return make


def _by_order(kinds: frozenset[type], key: Callable[[Any], Order]) -> Maker:
    """Give the look-up of values that have an order: between two boundaries the same rules fit."""

    def make(pairs: Pairs, always: int, nulls: int) -> Find | None:
        spans = [_span(bit, found, key) for bit, found in pairs]
        edges = sorted({end for _, low, high, *_ in spans for end in (low, high) if end is not None})
        if len(edges) * 2 * max(bit.bit_length() for bit, _ in pairs) > _LARGEST:
            return None
        masks, count = _masks(spans, edges, always), len(edges)

        def find(value: object) -> int | None:
            if type(value) not in kinds:
                return nulls if value is None else None
            wanted = key(value)
            place = bisect_left(edges, wanted)
            return masks[2 * place + (place < count and edges[place] == wanted)]

        return find

    return make


def _same(value: Order) -> Order:
    return value


def _day(value: FeelDate) -> Order:
    return (value.year, value.month, value.day)


_MAKERS: dict[type, Maker] = {
    str: _by_value(str),
    bool: _by_value(bool),
    Decimal: _by_order(frozenset({Decimal, int}), _same),
    FeelDate: _by_order(frozenset({FeelDate}), _day),
}


def _masks(spans: list[Span], edges: list[Order], always: int) -> list[int]:
    """Give the rules that fit at each boundary (odd places) and between two of them (even places)."""
    place = {edge: 2 * index + 1 for index, edge in enumerate(edges)}
    last = 2 * len(edges)
    changes: list[list[tuple[int, int]]] = [[] for _ in range(last + 2)]
    for bit, low, high, low_closed, high_closed in spans:
        first = 0 if low is None else place[low] + (not low_closed)
        final = last if high is None else place[high] - (not high_closed)
        if first <= final:
            changes[first].append((bit, 1))
            changes[final + 1].append((bit, -1))
    return _swept(changes[:-1], always)


def _swept(changes: list[list[tuple[int, int]]], always: int) -> list[int]:
    """Give the rules that hold in each place, from where each begins and ends; a rule may hold several times over."""
    masks: list[int] = []
    held: Counter[int] = Counter()
    now = always
    for change in changes:
        for bit, by in change:
            held[bit] += by
            now = now | bit if held[bit] else now & ~(bit & ~always)
        masks.append(now)
    return masks


def _span(bit: int, found: FeelRange, key: Callable[[Any], Order]) -> Span:
    low, high = (None if end is None else key(end) for end in (found.low, found.high))
    return bit, low, high, found.low_closed, found.high_closed
