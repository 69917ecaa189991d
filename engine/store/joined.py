"""A thread has one transaction open at most; while several are joined into one, what it begins is a part of that."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Any, Protocol

from engine.model.people import Actor


class Joined(Protocol):
    """Opens a thread's transactions as parts of one; engine.store.one_commit has it."""

    def begin(self, actor: Actor) -> AbstractContextManager[Any]: ...

    def read(self, actor: Actor) -> AbstractContextManager[Any]: ...

    def end(self) -> None: ...


class Here(threading.local):
    """What this thread has open."""

    busy = False
    joined: Joined | None = None
