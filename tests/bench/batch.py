"""What a step costs where many share one commit: due timers, and messages, carried out a tenth of a second at a time."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from engine.jobs import drain_inner
from tests.bench.figures import Bound, Figures, seconds_of
from tests.bench.pending import register_many
from tests.bench.recurring_task import house_with_recurring_task
from tests.bench.step import stock_steps
from tests.bench.timers import LATER, MovedClock

CASES = 3_000
STOCK = 40
MUST = {
    "steps_to_10000_a_second": Bound(least=1),
    "stock_spiffworkflow": Bound(least=40),
    "p99_of_a_step_to_10_ms": Bound(most=1),
}


def run() -> Figures:
    """Let one timer of each case fall due, and fire them in batches; stock SpiffWorkflow takes one task a commit."""
    clock = MovedClock()
    with tempfile.TemporaryDirectory() as folder:
        engine = house_with_recurring_task(Path(folder) / "data", clock=clock)
        register_many(engine, CASES - 1)
        stock = seconds_of([stock_steps(Path(folder) / "stock.db")], STOCK, disk=True)[0]
        clock.ahead = LATER
        engine.tick()
        batches = timed(lambda: drain_inner(engine.store, engine.handlers, limit=100))
        engine.close()
    each = [took / ran for took, ran in batches if ran]
    step = median(each)
    measured = {
        "a timer fired, of a hundred in a commit": (step * 1e3, "ms"),
        "timers fired a second": (1 / step, ""),
        "a task on stock SpiffWorkflow with a JSON row and a commit of its own": (stock * 1e3, "ms"),
    }
    ratios = {
        "steps_to_10000_a_second": 1 / step / 10_000,
        "stock_spiffworkflow": stock / step,
        "p99_of_a_step_to_10_ms": quantiles(each, n=100)[98] / 10e-3,
    }
    return Figures("batch", measured, ratios, MUST)


def timed(work: Callable[[], int]) -> list[tuple[float, int]]:
    """Seconds and count of each batch until nothing is left."""
    found: list[tuple[float, int]] = []
    while True:
        begun = time.perf_counter()
        ran = work()
        found.append((time.perf_counter() - begun, ran))
        if not ran:
            return found
