"""Short requests that have come at the same time are kept by one commit, and nobody is answered before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.wiring import Engine, OneCommit
from web.caller import Caller

MOST = 8
LONGEST = 0.01
"""Seconds after which no further request joins."""
SHORT = frozenset(
    {
        *(f"api.{name}" for name in ("claim", "release", "start", "delegate", "reassign", "press", "complete")),
        *(f"api.{name}" for name in ("register", "add_comment", "deliver")),
        *(f"worklist.{name}" for name in ("claim", "release", "start", "delegate", "take_next", "submit", "draft")),
        "cases.comment",
    }
)
"""The endpoints that may join: they change a few rows and nothing but the database. Before any other, the others are kept."""


class Tell(Protocol):
    """Answer the requests that were held: with their answers where all is `kept`, or each again by itself. Tells who has the turn."""

    def __call__(self, held: Sequence[tuple[Caller, bool]], turn: int | None, *, kept: bool) -> bool: ...


class Together:
    """The requests of one commit, with whether each connection stays."""

    def __init__(self, engine: Engine, tell: Tell) -> None:
        self._tell = tell
        self._held: list[tuple[Caller, bool]] = []
        self._turn: int | None = None
        self.is_open = True
        self.has_turn = False
        self._commit = OneCommit(engine.store, self._ended)

    def hold(self, conn: Caller, *, keeps: bool) -> None:
        """Let an answer wait for the commit."""
        self._held.append((conn, keeps))

    def end(self, turn: int | None) -> bool:
        """Keep all and tell it; gives whether the thread, where it had the turn, has it still."""
        self._turn = turn
        self._commit.end()
        return self.has_turn

    def drop(self) -> None:
        """Keep nothing and tell nobody, because this thread is ending."""
        if self.is_open:
            self.is_open = False
            self._commit.drop()

    def _ended(self, kept: bool) -> None:  # OneCommit says it so
        self.is_open = False
        self.has_turn = self._tell(self._held, self._turn, kept=kept)
