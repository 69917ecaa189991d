"""One instance on two engines, driven by the same answers; after each the same must have been completed and be open."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml.etree import LxmlError
from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.execution.compiler import program_of
from engine.execution.programs import RUNTIMES
from engine.execution.runtime import (
    Event,
    JobDone,
    JobWait,
    MessageReceived,
    MessageWait,
    SignalReceived,
    SignalWait,
    Start,
    TaskCompleted,
    TaskWait,
    TimerFired,
    TimerWait,
    Wait,
)
from tests.contract.runtime_bench import Bench
from tests.differential.plain import Endless, PlainInstance

Choice = int | str
"""Which wait is answered: by its place among those that are open, or the first of an element."""
LISTED: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "reference" / "spiffworkflow.toml").read_text("utf-8")
)["difference"]
ITS_FAULTS = (
    SpiffWorkflowException,
    LxmlError,
    Endless,
    LookupError,
    StopIteration,
    AttributeError,
    NameError,
    TypeError,
)
"""What the plain library, or the look for a task that it does not have, may raise."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is given at the start, and what is answered then."""

    n: int
    choices: tuple[Choice, ...]


def event_of(wait: Wait, n: int) -> Event:
    """What closes a wait."""
    match wait:
        case TaskWait():
            return TaskCompleted(wait.id, {"n": n})
        case TimerWait():
            return TimerFired(wait.id)
        case JobWait():
            return JobDone(wait.id)
        case SignalWait():
            return SignalReceived(wait.id)
        case MessageWait():
            return MessageReceived(wait.id)


def chosen(waits: tuple[Wait, ...], choice: Choice) -> Wait | None:
    """The wait that is answered next."""
    if isinstance(choice, str):
        return next((wait for wait in waits if wait.element_id == choice), None)
    return waits[choice % len(waits)] if waits else None


def difference(diagram: bytes, course: Course) -> str:
    """What the plain library does otherwise than the machine; empty where they agree to the end."""
    bench = Bench(RUNTIMES["machine"], program_of({"p.bpmn": diagram}))
    bench.take(Start("p", {"n": course.n}))
    try:
        plain = PlainInstance(diagram, n=course.n)
        said = _unlike(bench, plain, 0, 0)
        for choice in course.choices:
            wait = chosen(bench.waits, choice)
            if said or wait is None:
                break
            ours, its = len(bench.trace), len(plain.trace)
            bench.take(event_of(wait, course.n))
            _answer(plain, wait, course.n)
            said = _unlike(bench, plain, ours, its)
    except ITS_FAULTS as error:
        return f"it raises {type(error).__name__}: {error}"
    return said


def _answer(plain: PlainInstance, wait: Wait, n: int) -> None:
    if isinstance(wait, TaskWait):
        plain.complete(wait.element_id, n=n)
    elif isinstance(wait, TimerWait):
        plain.fire(wait.element_id)
    elif not isinstance(wait, JobWait):
        plain.receive(wait.element_id)


def _unlike(bench: Bench, plain: PlainInstance, ours: int, its: int) -> str:
    """Within one step the order of parallel flows is open (13.3), so what was completed is counted."""
    here, there = Counter(bench.trace[ours:]), Counter(plain.trace[its:])
    if here != there:
        return f"completed only here: {_names(here - there)}, only there: {_names(there - here)}"
    open_here = Counter(wait.element_id for wait in bench.waits if isinstance(wait, TaskWait))
    if open_here != plain.open_tasks:
        return f"open here: {_names(open_here)}, there: {_names(plain.open_tasks)}"
    return "" if bench.running == plain.running else f"running here: {bench.running}, there: {plain.running}"


def _names(counted: Iterable[str]) -> str:
    return ", ".join(sorted(counted)) or "nothing"
