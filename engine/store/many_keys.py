"""A query for many keys comes in a few sizes, each made and kept once, not one for each number of keys."""

from __future__ import annotations

from collections.abc import Iterator

AT_ONCE = 200
_SIZES = (1, 2, 4, 8, 16, 32, 64, 100, 150, AT_ONCE)


def parts_of(keys: list[str]) -> Iterator[list[str]]:
    """Give the keys in parts for a query each, the last key of a part some times more."""
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        size = next(size for size in _SIZES if size >= len(some))
        yield some + some[-1:] * (size - len(some))
