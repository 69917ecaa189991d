"""What a durable step costs on PostgreSQL, beside the very same statements without the engine, and in two processes at once."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from engine.settings import Settings
from engine.store.postgres import PostgresDatabase
from engine.store.postgres_trips import Trips
from engine.wiring import Engine, build
from tests.bench.figures import Bound, Figures
from tests.bench.recurring_task import complete_rounds, house_with_recurring_task
from tests.bench.statements import Trip, recorded, repeat, repeat_in_trips
from tests.bench.two_processes import Kind, Turn, rates
from tests.databases import Databases, Server, programs

STEPS, BLOCK, CASES = 400, 10, 40
TURNS, STEPS_A_TURN = 9, 500
STEP, STATEMENTS = "complete a task, up to the next one", "the same statements without the engine"
OUR_TRIPS, BARE = "the same statements in one write a trip", "a bare commit of one row"
Told = Sequence[tuple[str, Callable[[Turn], float], str]]
TOLD: Told = (
    ("steps a second of {}", lambda turn: turn.rate, ""),
    ("processor time a step of {}", lambda turn: turn.own, "ms"),
    ("processor time a step of the server for {}", lambda turn: turn.server, "ms"),
    ("share of the machine that others took beside {}", lambda turn: turn.others, ""),
)
MUST = {"same_statements": Bound(most=2.5), "two_processes": Bound(least=1.5)}


def run(*, steps: int = STEPS, turns: int = TURNS, steps_a_turn: int = STEPS_A_TURN) -> Figures:
    """Let a server that keeps what it says run, and take steps on it."""
    found = programs()
    if found is None:
        return Figures("step_on_postgres", {"PostgreSQL is not installed here": (0, "")}, {}, {})
    server = Server(found, options=())  # with fsync, as a real one
    try:
        with tempfile.TemporaryDirectory() as folder:
            return measured_on(server, Path(folder), steps, (turns, steps_a_turn))
    finally:
        server.remove()


def measured_on(server: Server, folder: Path, steps: int, turns: tuple[int, int]) -> Figures:
    """Both databases begin alike, so that what the one was told can be told to the other."""
    databases = Databases(server.url)

    def fill(url: str) -> None:
        house_with_recurring_task(folder, cases=CASES, url=url).close()

    here, there = databases.copy("house", fill), databases.copy("house", fill)
    settings = Settings(data_dir=folder, database_url=here)
    engine = build(settings)
    median_of, trips = side_by_side(engine, there, steps)
    engine.close()
    found = rates(settings, there, server.pid, turns=turns[0], steps=turns[1])
    databases.close()
    measured = {
        **{name: (taken * 1e3, "ms") for name, taken in median_of.items()},
        "round trips of a step": (trips, ""),
        **told("the engine", found.engine),
        **told("the statements alone", found.plain),
        **told("the engine, placed by the kernel", found.engine_anywhere, TOLD[:1]),
        **told("the statements alone, placed by the kernel", found.plain_anywhere, TOLD[:1]),
    }
    ratios = {
        "same_statements": median_of[STEP] / median_of[STATEMENTS],
        "same_statements_in_our_trips": median_of[STEP] / median_of[OUR_TRIPS],
        "two_processes": found.engine.gained,
        "two_processes_without_engine": found.plain.gained,
        "two_processes_placed_by_the_kernel": found.engine_anywhere.gained,
        "two_processes_without_engine_placed_by_the_kernel": found.plain_anywhere.gained,
    }
    return Figures("step_on_postgres", measured, ratios, MUST)


def told(who: str, kind: Kind, what: Told = TOLD) -> dict[str, tuple[float, str]]:
    """The medians of the turns of one process and of two."""
    return {
        name.format(processes): (median(value(turn) for turn in turns), unit)
        for processes, turns in ((f"one process: {who}", kind.one), (f"two processes: {who}", kind.two))
        for name, value, unit in what
    }


def side_by_side(engine: Engine, url: str, steps: int) -> tuple[dict[str, float], float]:
    """Median seconds of a step, of its statements and of a bare commit, in turn, and the step's round trips."""
    complete, driver = complete_rounds(engine), PostgresDatabase(url).connect().driver
    trips = Trips(driver)
    driver.prepare_threshold = 5  # as the driver has it by itself
    taken: dict[str, list[float]] = {name: [] for name in (STEP, STATEMENTS, OUR_TRIPS, BARE)}
    counts: list[int] = []
    driver.execute("CREATE TABLE bare (value TEXT)")
    for place in range(0, steps, BLOCK):
        told: list[list[Trip]] = []
        for _ in range(BLOCK):
            step: list[Trip] = []
            with recorded(step):
                taken[STEP].append(seconds(complete))
            told.append(step)
        is_ours = place // BLOCK % 2
        for step in told:
            work = partial(repeat_in_trips, trips, step) if is_ours else partial(repeat, driver, step)
            taken[OUR_TRIPS if is_ours else STATEMENTS].append(seconds(work))
            taken[BARE].append(seconds(lambda: driver.execute("INSERT INTO bare VALUES ('x')")))
            counts.append(len(step))
    driver.close()
    return {name: median(times) for name, times in taken.items() if times}, median(counts)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
