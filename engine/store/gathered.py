"""Statements whose answer nobody waits for are gathered, equal ones beside each other where that changes nothing.

Two statements may change places when they concern different tables, neither makes a row that the other refers to, and
neither reads rows besides those that it writes. On one table all keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.store.tables import metadata

Values = Sequence[object]
_WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)\b(.*)", re.DOTALL)
_READS = re.compile(r"\b(SELECT|RETURNING|WITH)\b")
_REFERRED = frozenset(key.column.table.name for table in metadata.tables.values() for key in table.foreign_keys)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a statement writes; `needs` are the tables whose rows it may refer to, `stays` that nothing may pass it."""

    table: str
    inserts: bool
    needs: tuple[str, ...]
    stays: bool


@lru_cache(maxsize=1024)
def effect_of(statement: str) -> Effect:
    """Read from a statement what it may not change places with."""
    found = _WRITES.match(statement)
    if found is None or _READS.search(statement):
        return Effect("", inserts=False, needs=(), stays=True)
    verb, table, rest = found.groups()
    if verb == "DELETE FROM":
        return Effect(table, inserts=False, needs=(), stays=table in _REFERRED)
    known = metadata.tables.get(table)
    keys = known.foreign_keys if known is not None else ()
    needs = {key.column.table.name for key in keys if re.search(rf"\b{key.parent.name}\b", rest)}
    return Effect(table, inserts=verb == "INSERT INTO", needs=tuple(sorted(needs)), stays=False)


class Gathered:
    """What waits, as statements with the rows that each is for, in an order that does the same as the one of asking."""

    __slots__ = ("_open", "_waiting")

    def __init__(self) -> None:
        self._waiting: list[tuple[str, list[Values]]] = []
        self._open: dict[str, list[Values]] = {}  # the statements that more rows may join, past all that came since

    def add(self, statement: str, values: Iterable[Values]) -> None:
        """Let a statement wait for some rows."""
        rows = self._open.get(statement)
        if rows is None:
            rows = self._opened(statement)
        rows.extend(values)

    def append(self, statement: str, values: Values) -> None:
        """Let a statement wait for one row."""
        rows = self._open.get(statement)
        if rows is None:
            rows = self._opened(statement)
        rows.append(values)

    def taken(self) -> Iterator[tuple[str, list[Values]]]:
        """Give what waits, and wait for nothing any more."""
        found = self._waiting
        self.clear()
        return iter(found)

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting = []
        self._open.clear()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def _opened(self, statement: str) -> list[Values]:
        """Let a statement wait at the end; those that may not pass it are closed."""
        effect = effect_of(statement)
        if effect.stays:
            self._open.clear()
        for other in [each for each in self._open if _may_not_pass(effect_of(each), effect)]:
            del self._open[other]
        rows: list[Values] = []
        self._waiting.append((statement, rows))
        if not effect.stays:
            self._open[statement] = rows
        return rows


def _may_not_pass(later: Effect, waiting: Effect) -> bool:
    """Whether a statement asked for later must stay behind one that waits."""
    if later.table == waiting.table:
        return True
    return (waiting.inserts and waiting.table in later.needs) or (later.inserts and later.table in waiting.needs)
