"""Any diagram of the subset runs alike on both runtimes: the same happenings in the same order, waits and variables."""

from __future__ import annotations

from dataclasses import asdict

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.definitions.bpmn import read_bpmn
from engine.execution.compiler import program_of
from engine.execution.programs import RUNTIMES
from engine.execution.runtime import (
    Event,
    Happening,
    MessageReceived,
    Start,
    TaskCompleted,
    TaskWait,
    TimerFired,
    TimerWait,
    Wait,
)
from engine.execution.spiff import portability
from tests.contract.runtime_bench import Bench
from tests.engine.execution.machine.test_any_diagram import diagrams

PORTABLE = ("and", "xor", "loop", "sub", "timed", "told", "user", "script")


def said(happening: Happening) -> tuple[object, ...]:
    """What a happening says beside the number of its wait."""
    told = asdict(happening)
    return (type(happening).__name__, told.get("element_id"), told.get("how"), told.get("kind"), told.get("name"))


def plain(wait: Wait) -> dict[str, object]:
    """A wait without its number."""
    return {name: value for name, value in asdict(wait).items() if name not in ("id", "task_wait")}


def answer(wait: Wait, n: int) -> Event:
    if isinstance(wait, TaskWait):
        return TaskCompleted(wait.id, {"n": n})
    return TimerFired(wait.id) if isinstance(wait, TimerWait) else MessageReceived(wait.id)


def same(one: Bench, other: Bench) -> bool:
    """Whether two instances look alike from outside."""
    return (
        [said(each) for each in one.happened] == [said(each) for each in other.happened]
        and [plain(wait) for wait in one.waits] == [plain(wait) for wait in other.waits]
        and (one.variables, one.running) == (other.variables, other.running)
    )


@settings(max_examples=60)
@given(
    diagram=diagrams(PORTABLE),
    n=st.integers(0, 1),
    choices=st.lists(st.integers(0, 9), min_size=40, max_size=40),
)
def test_any_portable_diagram_runs_alike_on_both(diagram: bytes, n: int, choices: list[int]) -> None:
    assume(not portability(read_bpmn(diagram).definitions))
    program = program_of({"p.bpmn": diagram})
    machine, spiff = Bench(RUNTIMES["machine"], program), Bench(RUNTIMES["spiff"], program)
    for bench in (machine, spiff):
        bench.take(Start("p", {"n": n}))
    assert same(machine, spiff)
    for choice in choices:
        if not machine.waits:
            break
        for bench in (machine, spiff):
            bench.take(answer(bench.waits[choice % len(bench.waits)], n))
        assert same(machine, spiff)
