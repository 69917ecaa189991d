"""Queues are named in the reader's language; those that a house named itself keep their names."""

from __future__ import annotations

from collections.abc import Iterable

from web.words import queue_title


def titled(queues: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Key and title of each queue."""
    return [(key, queue_title(name)) for key, name in queues]
