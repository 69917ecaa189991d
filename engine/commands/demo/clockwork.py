"""The demonstration's clock: it is set back a month and moved from one moment of the story to the next, never backwards."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from engine.model.people import SYSTEM
from engine.model.zones import zone_named
from engine.store import rows
from engine.wiring import Engine

_NEXT_DUE = """
SELECT min(due_at) FROM (
  SELECT min(due_at) AS due_at FROM timer WHERE state = 'pending' AND due_at IS NOT NULL
  UNION ALL SELECT min(due_at) FROM job WHERE state = 'pending') AS dues"""
OPENS, CLOSES = 8, 16


class Clockwork:
    """The time of the story; called, it gives it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, moment: datetime) -> None:
        """Let time pass; a moment that is past already changes nothing."""
        self.now = max(self.now, moment)


class Calendar:
    """What is still to happen, in the order of its time; between two moments timers fire when they are due."""

    def __init__(self, engine: Engine, clock: Clockwork) -> None:
        self._engine = engine
        self._clock = clock
        self._coming: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = 0

    def put(self, moment: datetime, happening: Callable[[], None]) -> None:
        """Let something happen at a moment, after what was put there before."""
        self._count += 1
        heapq.heappush(self._coming, (moment, self._count, happening))

    def run(self, until: datetime, *, watch: Callable[[int], None]) -> None:
        """Let everything happen that comes before `until`."""
        done = 0
        while self._coming and self._coming[0][0] <= until:
            moment, _count, happening = heapq.heappop(self._coming)
            self.fire_before(moment)
            self._clock.move_to(moment)
            happening()
            self._engine.settle()
            done += 1
            watch(done)
        self.fire_before(until)
        self._clock.move_to(until)

    def fire_before(self, moment: datetime) -> None:
        """Fire each timer and retry each job at its due."""
        while (due := self._next_due()) is not None and due <= moment:
            self._clock.move_to(due)
            if not self._engine.settle():
                return

    def _next_due(self) -> datetime | None:
        with self._engine.read(SYSTEM) as tx:
            found = rows.fetch(tx, _NEXT_DUE)[0][0]
            return None if found is None else datetime.fromtimestamp(0, tx.now.tzinfo) + timedelta(microseconds=found)


def at_work(moment: datetime, random: Random, zone: str) -> datetime:
    """The moment itself within working hours, else some time in the next ones."""
    local = moment.astimezone(zone_named(zone))
    if local.weekday() < 5 and OPENS <= local.hour < CLOSES:
        return moment
    if local.hour >= CLOSES:
        local += timedelta(days=1)
    while local.weekday() >= 5:
        local += timedelta(days=1)
    opened = local.replace(hour=OPENS, minute=0, second=0, microsecond=0)
    return (opened + timedelta(minutes=random.randrange(5, 200))).astimezone(moment.tzinfo)
