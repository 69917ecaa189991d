"""What a writer still knows of its earlier transactions; whatever was committed by anybody else since makes it forget.

SQLite tells by `PRAGMA data_version`, inside the transaction, whether another connection has committed since the last look;
on PostgreSQL, where writers work side by side, nothing is known. Only what was committed comes in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.case import Case
from engine.model.running import Instance
from engine.model.task import Task

KINDS = frozenset({Case, Task, Instance})
_MOST = 1_500

Key = tuple[type, str]


@dataclass(slots=True)  # not frozen: one is made for each case of a batch
class Part:
    """Some fields of a row that is held; the rest of it is read when somebody asks for the row."""

    fields: dict[str, Any]

    def further(self, changes: Mapping[str, object]) -> Part:
        """Follow changes of the row."""
        for name in self.fields:
            if name in changes:
                self.fields[name] = changes[name]
        return self


class KnownRows:
    """Rows by kind and key, and what was noted beside them, as they are committed.

    `turn` counts the writer's transactions, and one more where anybody else has committed between two: what one of them
    did is still so in the next number.
    """

    __slots__ = ("_seen", "noted", "rows", "turn")

    def __init__(self) -> None:
        self.rows: dict[Key, object] = {}
        self.noted: dict[str, str] = {}
        self.turn = 0
        self._seen: int | None = None

    def check(self, version: int) -> None:
        """Forget all where the database has another version than at the last look."""
        self.turn += 1
        if version != self._seen:
            self.turn += 1
            self.forget()
            self._seen = version

    def forget(self) -> None:
        """Every row is read again."""
        self.rows.clear()
        self.noted.clear()

    def learn(self, loaded: Mapping[Key, object], noted: Mapping[str, str]) -> None:
        """Keep what a transaction knew when it was committed, of the kinds that steps come back to."""
        if len(self.rows) > _MOST:
            self.rows.clear()
        for key, row in loaded.items():
            if key[0] in KINDS:
                if type(row) is Part:
                    self.rows.pop(key, None)
                else:
                    self.rows[key] = row
        self.noted.update(noted)
