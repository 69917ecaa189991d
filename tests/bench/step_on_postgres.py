"""What a durable step costs on PostgreSQL, beside the very same statements without the engine, and in two processes at once."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import psycopg

from engine.settings import Settings
from engine.store.postgres import PostgresConnection, PostgresDatabase, Sent
from engine.wiring import Engine, build
from tests.bench.figures import Bound, Figures
from tests.bench.recurring_task import complete_rounds, house_with_recurring_task
from tests.databases import Databases, Server, programs

STEPS, BLOCK, CASES = 400, 10, 40
TURNS, STEPS_AT_ONCE = 5, 200
MUST = {"same_statements": Bound(most=2.5), "two_processes": Bound(least=1.5)}
REPOSITORY = Path(__file__).resolve().parents[2]
Trip = Sequence[Sent]


def run(*, steps: int = STEPS, turns: int = TURNS) -> Figures:
    """Let a server that keeps what it says run, and take steps on it."""
    found = programs()
    if found is None:
        return Figures("step_on_postgres", {"PostgreSQL is not installed here": (0, "")}, {}, {})
    server = Server(found, options=())  # with fsync, as a real one
    try:
        with tempfile.TemporaryDirectory() as folder:
            return measured_on(Databases(server.url), Path(folder), steps, turns)
    finally:
        server.remove()


def measured_on(databases: Databases, folder: Path, steps: int, turns: int) -> Figures:
    """Both databases begin alike, so that what the one was told can be told to the other."""

    def fill(url: str) -> None:
        house_with_recurring_task(folder, cases=CASES, url=url).close()

    here, there = databases.copy("house", fill), databases.copy("house", fill)
    settings = Settings(data_dir=folder, database_url=here)
    engine = build(settings)
    with_engine, without, trips = side_by_side(engine, there, steps)
    engine.close()
    one, two = rates(settings, turns)
    databases.close()
    measured = {
        "complete a task, up to the next one": (with_engine * 1e3, "ms"),
        "the same statements without the engine": (without * 1e3, "ms"),
        "round trips of a step": (trips, ""),
        "steps a second of one process": (one, ""),
        "steps a second of two processes": (two, ""),
    }
    ratios = {"same_statements": with_engine / without, "two_processes": two / one}
    return Figures("step_on_postgres", measured, ratios, MUST)


def side_by_side(engine: Engine, url: str, steps: int) -> tuple[float, float, float]:
    """Median seconds of a step and of its statements, in turn, and its round trips."""
    complete, driver = complete_rounds(engine), PostgresDatabase(url).connect().driver
    engines: list[float] = []
    plains: list[float] = []
    trips: list[int] = []
    for _ in range(0, steps, BLOCK):
        told: list[list[Trip]] = []
        for _ in range(BLOCK):
            with recorded() as step:
                engines.append(seconds(complete))
            told.append(step)
        for step in told:
            plains.append(seconds(partial(repeat, driver, step)))
            trips.append(len(step))
    driver.close()
    return median(engines), median(plains), median(trips)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextmanager
def recorded() -> Iterator[list[Trip]]:
    """What is sent to the server meanwhile, trip by trip."""
    trips: list[Trip] = []
    plain = PostgresConnection._sent

    def sent(self: PostgresConnection, wanted: Sequence[Sent]) -> list[psycopg.RawCursor[Any]]:
        trips.append([*self._waiting, *wanted])
        return plain(self, wanted)

    with patch.object(PostgresConnection, "_sent", sent):
        yield trips


def repeat(driver: psycopg.Connection[Any], trips: Sequence[Trip]) -> None:
    """Send the same and read the answers; one statement alone needs no pipeline."""
    for trip in trips:
        if len(trip) == 1:
            answers = [psycopg.RawCursor(driver).execute(*trip[0])]
        else:
            with driver.pipeline():
                answers = [psycopg.RawCursor(driver).execute(*one) for one in trip]
        for answer in answers:
            if answer.description is not None:
                answer.fetchall()


def rates(settings: Settings, turns: int) -> tuple[float, float]:
    """Steps a second of one process and of two, the medians of some turns each; every process has cases of its own."""
    found: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(turns):
        for count, rates_found in found.items():
            workers = [Worker(settings, place) for place in range(count)]
            for worker in workers:
                worker.said()  # it is ready
            for worker in workers:
                worker.go()
            rates_found.append(sum(float(worker.said()) for worker in workers))
            for worker in workers:
                worker.wait()
    return median(found[1]), median(found[2])


class Worker:
    """A process of its own that takes steps when it is told so, and says how many a second they were."""

    def __init__(self, settings: Settings, place: int) -> None:
        command = [sys.executable, "-m", "tests.bench.step_on_postgres", str(settings.data_dir), settings.database_url]
        self._process = subprocess.Popen(
            [*command, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
        )

    def said(self) -> str:
        """Its next line; raises RuntimeError where it has ended instead."""
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise RuntimeError("a process that takes steps has ended early")
        return line.strip()

    def go(self) -> None:
        """Let it begin."""
        if self._process.stdin is not None:
            self._process.stdin.write("go\n")
            self._process.stdin.flush()

    def wait(self) -> None:
        """Let it end."""
        self._process.communicate(timeout=30)


def tell(what: object) -> None:
    """Say a line to whoever started this process."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def take_steps(folder: str, url: str, place: str) -> None:
    """Be such a process."""
    engine = build(Settings(data_dir=Path(folder), database_url=url))
    complete = complete_rounds(engine, share=slice(int(place), None, 2))
    for _ in range(BLOCK):
        complete()
    tell("ready")
    sys.stdin.readline()
    took = seconds(lambda: [complete() for _ in range(STEPS_AT_ONCE)])
    tell(STEPS_AT_ONCE / took)
    engine.close()


if __name__ == "__main__":
    take_steps(*sys.argv[1:4])
