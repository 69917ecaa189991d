"""What pending timers cost: an idle tick among a million of them, and ten thousand that fall due at once, on both databases."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.model.people import SYSTEM
from engine.store import rows
from tests.bench.due_on_server import ESCALATED, STALL_SECONDS, Found, due_on_server
from tests.bench.figures import Bound, Figures, seconds_of
from tests.bench.pending import put_pending, register_many
from tests.bench.recurring_task import ESCALATING, house_with_recurring_task

PENDING = 1_000_000
AT_ONCE = 10_000
IDLE = 400
LATER = timedelta(days=4)
MUST = {
    "idle_tick_to_100_us": Bound(most=1),
    "due_at_once_to_5_s": Bound(most=1),
    "escalated_exactly_once": Bound(1, 1),
}
ON_POSTGRES = {
    "idle_tick_to_1_ms_on_postgres": Bound(most=1),
    "due_at_once_to_5_s_on_postgres": Bound(most=1),
    "one_worker_killed_to_5_s_and_stall_limit": Bound(most=1),
    "escalated_exactly_once_on_postgres": Bound(1, 1),
}


class MovedClock:
    """The machine's time, and some days more when it is told so."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """The time."""
        return datetime.now(UTC) + self.ahead


def run() -> Figures:
    """Register cases with a timer each, put a million beside them, tick idly, then let all be due and carried out."""
    with tempfile.TemporaryDirectory() as folder:
        measured, ratios = on_sqlite(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        found = due_on_server(Path(folder), due=AT_ONCE, pending=PENDING, idle=IDLE)
    if found is None:
        return Figures("timers", {**measured, "PostgreSQL is not installed here": (0, "")}, ratios, MUST)
    more, more_ratios = on_postgres(found)
    return Figures("timers", {**measured, **more}, {**ratios, **more_ratios}, {**MUST, **ON_POSTGRES})


def on_sqlite(folder: Path) -> tuple[Mapping[str, tuple[float, str]], Mapping[str, float]]:
    """Figures and ratios where one process does all."""
    clock = MovedClock()
    engine = house_with_recurring_task(folder, clock=clock, diagram=ESCALATING)
    register_many(engine, AT_ONCE - 1)  # the house has one already
    put_pending(engine, PENDING)
    idle = seconds_of([engine.tick], IDLE, block=20)[0]
    clock.ahead = LATER
    begun = time.perf_counter(), time.process_time()
    engine.settle()
    took, worked = time.perf_counter() - begun[0], time.process_time() - begun[1]
    with engine.read(SYSTEM) as tx:
        counted = rows.fetch(tx, ESCALATED)[0]
    engine.close()
    measured = {
        f"an idle tick among {PENDING:,} pending timers": (idle * 1e6, "µs"),
        f"{AT_ONCE:,} timers due at once, escalated": (took, "s"),
        "processor time of that": (worked, "s"),
        "escalations a second": (AT_ONCE / took, ""),
    }
    ratios = {
        "idle_tick_to_100_us": idle / 100e-6,
        "due_at_once_to_5_s": took / 5,
        "escalated_exactly_once": float(set(counted) == {AT_ONCE}),
    }
    return measured, ratios


def on_postgres(found: Found) -> tuple[Mapping[str, tuple[float, str]], Mapping[str, float]]:
    """Figures and ratios of two workers on a server."""
    measured = {
        "an idle tick on PostgreSQL": (found.idle * 1e3, "ms"),
        f"{AT_ONCE:,} due at once, two workers on PostgreSQL": (found.both, "s"),
        "the same, one of them killed at a third": (found.killed, "s"),
    }
    ratios = {
        "idle_tick_to_1_ms_on_postgres": found.idle / 1e-3,
        "due_at_once_to_5_s_on_postgres": found.both / 5,
        "one_worker_killed_to_5_s_and_stall_limit": found.killed / (5 + STALL_SECONDS),
        "escalated_exactly_once_on_postgres": float(found.once),
    }
    return measured, ratios
