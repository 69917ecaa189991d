"""What a bench found: figures, ratios taken within one run, and the bound that each ratio must keep."""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Bound:
    """What a ratio has to be at least, or at most."""

    least: float | None = None
    most: float | None = None

    def holds(self, ratio: float) -> bool:
        """Whether the ratio keeps the bound."""
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)

    def as_json(self) -> dict[str, float]:
        """The side that is bounded, by name."""
        sides = {"at_least": self.least, "at_most": self.most}
        return {side: value for side, value in sides.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Figures:
    """`measured` is value and unit by name; a ratio that `must` does not name is only told."""

    name: str
    measured: Mapping[str, tuple[float, str]]
    ratios: Mapping[str, float]
    must: Mapping[str, Bound]

    @property
    def ok(self) -> bool:
        """Whether every bound is kept."""
        return all(bound.holds(self.ratios[name]) for name, bound in self.must.items())

    def as_json(self) -> dict[str, object]:
        """The shape that every bench prints."""
        return {
            "name": self.name,
            "figures": {
                name: {"value": round(value, 4), "unit": unit} for name, (value, unit) in self.measured.items()
            },
            "ratios": {name: round(ratio, 4) for name, ratio in self.ratios.items()},
            "must": {name: bound.as_json() for name, bound in self.must.items()},
            "ok": self.ok,
        }


def beside_fsync(figures: Figures, seconds: float) -> Figures:
    """The same figures, with what an fsync cost on this disk while they were taken."""
    return replace(figures, measured={**figures.measured, "an fsync of one page": (seconds * 1e3, "ms")})


def seconds_of_fsync(times: int = 50) -> float:
    """The median time in which a page, written anew to a file in the folder for temporary files, reaches the disk."""
    taken: list[float] = []
    with tempfile.NamedTemporaryFile(buffering=0) as file:
        for _ in range(times):
            file.seek(0)
            file.write(b"x" * 4096)
            begun = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return median(taken)


def seconds_of(
    works: Sequence[Work], times: int, *, block: int = 1, collecting: bool = True, disk: bool = False
) -> list[float]:
    """The median time of one call of each, taken in turn, so that what else the machine does meets all of them alike.

    It is the processor's time, which other programs do not lengthen, or with `disk` the time that passes.
    A turn is `block` calls, so that a short work is not measured with what a long one left in the processor's caches.
    Memory is collected as in any program, or with `collecting` false only between turns; then the least time is given, as by `timeit`.
    """
    clock = time.perf_counter if disk else time.thread_time
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(0, times, block):
        for work, mine in zip(works, taken, strict=True):
            gc.collect()
            if not collecting:
                gc.disable()
            for _ in range(block):
                begun = clock()
                work()
                mine.append(clock() - begun)
            gc.enable()
    return [median(each) if collecting else min(each) for each in taken]
