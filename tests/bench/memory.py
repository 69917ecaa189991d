"""Whether a process that works for long grows: a million steps of the machine, and thousands of kept ones."""

from __future__ import annotations

import gc
import resource
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from engine.execution.compiler import program_of
from engine.execution.programs import runtime_named
from engine.execution.runtime import Start, TaskCompleted, TaskWait, WaitOpened
from tests.bench.figures import Bound, Figures
from tests.bench.recurring_task import ANSWER, DIAGRAM, FORM_FILE, complete_rounds, house_with_recurring_task

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STEPS = 1_000_000
KEPT = 50_000
MUST = {"growth_to_50_mb": Bound(most=1), "growth_of_kept_steps_to_50_mb": Bound(most=1)}


def run() -> Figures:
    """Let both warm up, then measure the resident memory before and after."""
    grown = machine_growth(STEPS)
    with tempfile.TemporaryDirectory() as folder:
        engine = house_with_recurring_task(Path(folder), cases=40)
        complete = complete_rounds(engine)
        for _ in range(KEPT // 5):
            complete()
        before = resident_mb()
        for _ in range(KEPT):
            complete()
        kept = resident_mb() - before
        engine.close()
    measured = {
        f"growth over {STEPS:,} steps of the machine, saved and read at each": (grown, "MB"),
        f"growth over {KEPT:,} kept steps": (kept, "MB"),
    }
    return Figures(
        "memory", measured, {"growth_to_50_mb": grown / 50, "growth_of_kept_steps_to_50_mb": kept / 50}, MUST
    )


def machine_growth(steps: int) -> float:
    """Megabytes by which the process grows over so many steps of one instance."""
    program = program_of({"rounds.bpmn": DIAGRAM.encode(), **FORM_FILE})
    runtime = runtime_named("machine")
    step = runtime.advance(program, None, Start("rounds", {}), NOW)
    before = 0.0
    for number in range(steps):
        if number == steps // 10:
            before = resident_mb()
        wait = next(
            happening.wait
            for happening in step.happenings
            if isinstance(happening, WaitOpened) and isinstance(happening.wait, TaskWait)
        )
        step = runtime.advance(program, step.state, TaskCompleted(wait.id, ANSWER), NOW)
    return resident_mb() - before


def resident_mb() -> float:
    """What the process holds now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6
