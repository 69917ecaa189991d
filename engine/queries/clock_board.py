"""Clocks of open cases that are over or due soon, in the reader's queues; what the law asks comes first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from engine.model.lists import Listed, Place
from engine.model.people import Role
from engine.queries.queue_load import led_queues
from engine.store import watch_lists
from engine.store.transaction import Tx
from engine.store.watch_lists import ClockFilter, ClockLine

__all__ = ["ClockCounts", "ClockLine", "Watched", "clock_counts", "watched_clocks"]
KEYS = ("statutory", "contract", "special_mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Which clocks to show: a key or all, due within `days`, overdue alone, of one queue or of all the reader's."""

    key: str = ""
    days: int = 7
    overdue: bool = False
    queue: str = ""


@dataclass(frozen=True, slots=True)
class ClockCounts:
    """One kind of clock: how many are over, and how many are within the days looked at (the overdue included)."""

    key: str
    over: int
    within: int


def watched_clocks(tx: Tx, wanted: Watched, place: Place | None = None, *, size: int = 40) -> Listed[ClockLine]:
    """One page, the earliest due first."""
    return watch_lists.clocks(tx, _filter(tx, wanted), place, size)


def clock_counts(tx: Tx, wanted: Watched) -> list[ClockCounts]:
    """The counts for each kind of clock, up to 1,000."""
    chosen = _filter(tx, wanted)
    found: list[ClockCounts] = []
    for key in KEYS:
        of_key = replace(chosen, key=key, overdue=False)
        over = watch_lists.count_clocks(tx, replace(of_key, overdue=True))
        found.append(ClockCounts(key, over, watch_lists.count_clocks(tx, of_key)))
    return found


def _filter(tx: Tx, wanted: Watched) -> ClockFilter:
    led = [key for key, _ in led_queues(tx)]
    queues: list[str] | None = None if tx.actor.has(Role.MANAGER) else led
    if wanted.queue:
        queues = [wanted.queue] if wanted.queue in led else []
    before = tx.now + timedelta(days=wanted.days)
    return ClockFilter(before=before, key=wanted.key, overdue=wanted.overdue, queues=queues)
