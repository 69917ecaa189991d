"""Statements whose answer nobody waits for are gathered, equal ones beside each other where that changes nothing.

Two statements may change places when they concern different tables, neither makes a row that the other refers to, and
neither reads rows besides those that it writes. On one table all keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Gathered:
    """What waits, as statements with the rows that each is for, in an order that does the same as the one of asking."""

    _waiting: list[tuple[str, list[Values]]] = field(default_factory=list[tuple[str, list[Values]]])
    _last: dict[str, int] = field(default_factory=dict[str, int])  # where a table was written last
    _made: dict[str, int] = field(default_factory=dict[str, int])  # where a table got rows last
    _from: int = 0  # before this place nothing is added any more

    def add(self, statement: str, values: Iterable[Values]) -> None:
        """Let a statement wait for some rows."""
        effect = effect_of(statement)
        place = self._place(statement, effect)
        if place is None:
            place = len(self._waiting)
            self._waiting.append((statement, list(values)))
        else:
            self._waiting[place][1].extend(values)
        self._last[effect.table] = place
        if effect.inserts:
            self._made[effect.table] = max(place, self._made.get(effect.table, 0))
        if effect.stays:
            self._from = place + 1

    def taken(self) -> Iterator[tuple[str, list[Values]]]:
        """Give what waits, and wait for nothing any more."""
        found = self._waiting
        self.clear()
        return iter(found)

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting = []
        self._last.clear()
        self._made.clear()
        self._from = 0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def _place(self, statement: str, effect: Effect) -> int | None:
        """Where the same statement waits, if this one may go there past all that was asked for since."""
        place = self._last.get(effect.table)
        if place is None or place < self._from or self._waiting[place][0] != statement:
            return None
        made = self._made
        return None if any(made.get(table, -1) > place for table in effect.needs) else place
