"""Steps of one process and of two at once, each turn beside the very same statements from processes without the engine.

A client and the server's process for it work in turn, but are two programs: left to the kernel, the two of one client
spread over both of two processors, which leaves little for a second client to gain, whoever it is. So each client has
one processor, together with the server's process for it; turns in which the kernel places them are told beside.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median

from engine.model.people import SYSTEM
from engine.settings import Settings
from engine.store.postgres import PostgresDatabase
from engine.wiring import build
from tests.bench.recurring_task import complete_rounds
from tests.bench.statements import Trip, recorded, repeat

REPOSITORY = Path(__file__).resolve().parents[2]
CLOCK_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Turn:
    """What some processes did at once: steps a second, and milliseconds of processor time a step, theirs and the server's.

    `others` is the share of the machine that went to other programs meanwhile.
    """

    rate: float
    own: float
    server: float
    others: float


@dataclass(frozen=True, slots=True)
class Kind:
    """Turns of one process and of two that do the same in the same way."""

    one: list[Turn] = field(default_factory=list[Turn])
    two: list[Turn] = field(default_factory=list[Turn])

    @property
    def gained(self) -> float:
        """Steps a second of two, those of one in the same turn being 1: the median of the quieter half of the turns."""
        pairs = sorted(zip(self.one, self.two, strict=True), key=lambda pair: pair[0].others + pair[1].others)
        return median(two.rate / one.rate for one, two in pairs[: len(pairs) // 2 + 1])


@dataclass(frozen=True, slots=True)
class Rates:
    """Turns with the engine and without it, each client on a processor of its own, and where the kernel placed it."""

    engine: Kind = field(default_factory=Kind)
    plain: Kind = field(default_factory=Kind)
    engine_anywhere: Kind = field(default_factory=Kind)
    plain_anywhere: Kind = field(default_factory=Kind)


def rates(settings: Settings, there: str, server: int, *, turns: int, steps: int) -> Rates:
    """Let one process and two take steps in turn, and others send the same to the database `there`, which began alike."""
    found = Rates()
    notes = [settings.data_dir / f"statements_{place}" for place in range(2)]
    workers = [Process("steps", str(settings.data_dir), settings.database_url, str(place)) for place in range(2)]
    players = [Process("statements", there) for _ in notes]
    for turn, is_placed, count in product(range(turns + 1), (True, False), (1, 2)):
        engine, plain = (found.engine, found.plain) if is_placed else (found.engine_anywhere, found.plain_anywhere)
        for kind, processes in ((engine, workers), (plain, players)):
            told = taken(processes[:count], notes, server, steps=steps, is_placed=is_placed)
            if turn:  # they were getting warm in the first one
                (kind.one if count == 1 else kind.two).append(told)
    for process in (*workers, *players):
        process.end()
    return found


class Process:
    """A process of its own that waits for its turns."""

    def __init__(self, *what: str) -> None:
        command = [sys.executable, "-m", "tests.bench.two_processes", *what]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
        )

    def said(self) -> str:
        """Its next line; raises RuntimeError where it has ended instead."""
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise RuntimeError("a process that takes steps has ended early")
        return line.strip()

    def tell(self, line: str) -> None:
        """Say a line to it."""
        if self._process.stdin is not None:
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()

    def end(self) -> None:
        """Let it end."""
        self._process.communicate(timeout=30)


def taken(processes: Sequence[Process], notes: Sequence[Path], server: int, *, steps: int, is_placed: bool) -> Turn:
    """Let the processes do so many steps each, at once, up to the end of the last one."""
    processors = sorted(os.sched_getaffinity(0))
    for place, (process, note) in enumerate(zip(processes, notes, strict=False)):
        mine = [processors[place % len(processors)]] if is_placed else processors
        process.tell(json.dumps([str(note), steps, mine]))
    for process in processes:
        process.said()  # it is ready
    before, busy = processor_time(server), busy_time()
    for process in processes:
        process.tell("go")
    told = [json.loads(process.said()) for process in processes]
    steps_of_all, took = steps * len(processes), max(each["took"] for each in told)
    own, served = sum(each["own"] for each in told), processor_time(server) - before
    others = max(0.0, busy_time() - busy - own - served) / took / len(processors)
    return Turn(steps_of_all / took, own / steps_of_all * 1e3, served / steps_of_all * 1e3, others)


def processor_time(server: int) -> float:
    """Seconds of the server's processes so far; those that come and go meanwhile are few."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    found = (Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children)
    return sum(int(ticks) for stat in found for ticks in stat[11:13]) / CLOCK_TICK


def busy_time() -> float:
    """Seconds of all processors so far in which somebody worked, or the machine's host kept them for others."""
    user, nice, system, _, _, *rest = map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9])
    return (user + nice + system + sum(rest)) / CLOCK_TICK


def take_steps(folder: str, url: str, place: str) -> None:
    """Complete tasks of cases of one's own, and leave a note of what was sent for it."""
    engine = build(Settings(data_dir=Path(folder), database_url=url))
    complete = complete_rounds(engine, share=slice(int(place), None, 2))
    with engine.begin(SYSTEM) as tx:
        backend = tx.connection.driver.info.backend_pid
    sent: list[Trip] = []

    def work(steps: int) -> None:
        sent.clear()
        with recorded(sent):
            for _ in range(steps):
                complete()

    wait_for_turns(
        backend,
        prepared=lambda _, steps: partial(work, steps),
        after=lambda note: note.write_bytes(pickle.dumps(sent)),
    )


def send_statements(url: str) -> None:
    """Send what is noted, and read the answers."""
    driver = PostgresDatabase(url).connect().driver
    driver.prepare_threshold = 5  # as the driver has it by itself
    wait_for_turns(
        driver.info.backend_pid,
        prepared=lambda note, _: partial(repeat, driver, pickle.loads(note.read_bytes())),
        after=lambda _: None,
    )


def wait_for_turns(
    backend: int, *, prepared: Callable[[Path, int], Callable[[], object]], after: Callable[[Path], object]
) -> None:
    """Take turns until nobody asks for one: get ready, say so, do it when told so, and say how long it took."""
    for line in sys.stdin:
        note, steps, processors = json.loads(line)
        for process in (0, backend):
            os.sched_setaffinity(process, processors)
        work = prepared(Path(note), steps)
        say("ready")
        sys.stdin.readline()
        begun, own = time.perf_counter(), time.process_time()
        work()
        told = {"took": time.perf_counter() - begun, "own": time.process_time() - own}
        after(Path(note))
        say(json.dumps(told))


def say(line: str) -> None:
    """Say a line to whoever started this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "steps":
        take_steps(*sys.argv[2:])
    else:
        send_statements(*sys.argv[2:])
