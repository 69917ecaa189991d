"""What pending timers cost: an idle tick among a million of them, and ten thousand that fall due at once."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.actions.register_case import Registration, register_case
from engine.model.people import SYSTEM
from engine.model.running import Instance, Timer, TimerState
from engine.store import rows
from engine.wiring import Engine
from tests.bench.figures import Bound, Figures, seconds_of
from tests.bench.recurring_task import house_with_recurring_task

PENDING = 1_000_000
AT_ONCE = 10_000
BATCH = 200
IDLE = 400
LATER = timedelta(days=4)
MUST = {"idle_tick_to_100_us": Bound(most=1), "due_at_once_to_5_s": Bound(most=1), "fired_exactly_once": Bound(1, 1)}


class MovedClock:
    """The machine's time, and some days more when it is told so."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """The time."""
        return datetime.now(UTC) + self.ahead


def run() -> Figures:
    """Register cases with a timer each, put a million beside them, tick idly, then let time pass and fire all that is due."""
    clock = MovedClock()
    with tempfile.TemporaryDirectory() as folder:
        engine = house_with_recurring_task(Path(folder), clock=clock)
        register_many(engine, AT_ONCE - 1)  # the house has one already
        put_pending(engine, PENDING)
        idle = seconds_of([engine.tick], IDLE)[0]
        clock.ahead = LATER
        begun = time.perf_counter()
        engine.settle()
        took = time.perf_counter() - begun
        with engine.read(SYSTEM) as tx:
            fired = rows.count(tx, Timer, element_id="late", state=TimerState.FIRED)
            passed = rows.fetch(tx, "SELECT count(*) FROM path_event WHERE element_id = 'told'")[0][0]
        engine.close()
    measured = {
        f"an idle tick among {PENDING:,} pending timers": (idle * 1e6, "µs"),
        f"{AT_ONCE:,} timers due at once, fired and carried out": (took, "s"),
        "timers fired a second": (fired / took, ""),
    }
    ratios = {
        "idle_tick_to_100_us": idle / 100e-6,
        "due_at_once_to_5_s": took / 5,
        "fired_exactly_once": fired / AT_ONCE if passed == fired else 0.0,
    }
    return Figures("timers", measured, ratios, MUST)


def register_many(engine: Engine, count: int) -> None:
    """Register cases, many to a transaction."""
    for first in range(0, count, BATCH):
        with engine.begin(SYSTEM) as tx:
            for number in range(first, min(first + BATCH, count)):
                register_case(tx, Registration(subject=f"Kettle {number} leaks", description="It leaks."))
    engine.settle()


def put_pending(engine: Engine, count: int) -> None:
    """Rows of timers that are due in a year; what they belong to is one case."""
    for first in range(0, count, 50_000):
        with engine.begin(SYSTEM) as tx:
            instance = rows.find(tx, Instance, limit=1)[0]
            rows.insert_many(tx, _pending(instance, tx.now, first, min(first + 50_000, count)))


def _pending(instance: Instance, now: datetime, first: int, last: int) -> Iterator[Timer]:
    one = Timer(
        id="",
        case_id=instance.case_id,
        instance_id=instance.id,
        wait_id="",
        element_id="far",
        due_at=now + timedelta(days=365),
        state=TimerState.PENDING,
        armed_at=now,
    )
    for number in range(first, last):
        yield replace(one, id=f"far-{number:08}", wait_id=f"far-{number}")
