"""The machine's figures: how it grows with size, what a state weighs, and how it stands to SpiffWorkflow on the same diagram."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

from engine.execution.compiler import ProgramCode, compile_program
from engine.execution.machine import advance
from engine.execution.runtime import JobDone, JobWait, Start, Step, TaskCompleted, TaskWait
from tests.bench.same_complaint import ours, ours_saved, theirs

Figure = tuple[str, float, str]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"><process id="p" isExecutable="true">'
TAIL = "</process></definitions>"


def measure() -> Iterator[Figure]:
    """Give name, figure and unit of each measurement; the ratios are of one run on one machine."""
    yield from in_a_row()
    yield from nested()
    yield from rounds()
    yield from long_lived()
    yield from branches()
    yield from beside_spiff()


def flow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow."""
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def program(inside: str) -> ProgramCode:
    """A program of one process."""
    return compile_program({"p.bpmn": f"{HEAD}{inside}{TAIL}".encode()})


def to_rest(loaded: ProgramCode) -> Step:
    """Start and carry on over the ends of steps, until somebody outside is needed or the end is there."""
    step = advance(loaded, None, Start("p"), NOW)
    while step.waits and isinstance(step.waits[0], JobWait):
        step = advance(loaded, step.state, JobDone(step.waits[0].id), NOW)
    return step


def seconds(work: Callable[[], object], times: int = 1, *, collecting: bool = False) -> float:
    """The median time of one call; as `timeit` does, without the collection of what other calls left, unless asked for."""
    taken: list[float] = []
    gc.collect()
    if not collecting:
        gc.disable()
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    gc.enable()
    return median(taken)


def in_a_row() -> Iterator[Figure]:
    """5,000 tasks, one after the other."""
    names = ["s", *(f"t{number}" for number in range(5_000)), "e"]
    tasks = "".join(f'<manualTask id="{name}"/>' for name in names[1:-1])
    flows = "".join(flow(one, other) for one, other in pairwise(names))
    loaded = program(f'<startEvent id="s"/>{tasks}<endEvent id="e"/>{flows}')
    assert not to_rest(loaded).running
    yield "5,000 tasks in a row", seconds(lambda: to_rest(loaded), 5) * 1e3, "ms"


def nested() -> Iterator[Figure]:
    """200 subprocesses, one inside the other."""
    inner = '<manualTask id="deep"/>'
    for level in range(200):
        inner = f'<subProcess id="box{level}">{inner}</subProcess>'
    loaded = program(inner)
    assert not to_rest(loaded).running
    yield "200 nested subprocesses", seconds(lambda: to_rest(loaded), 20) * 1e3, "ms"


def rounds() -> Iterator[Figure]:
    """10,000 rounds of a loop of gateways."""
    loop = (
        '<startEvent id="s"/><scriptTask id="zero"><script>n = 0</script></scriptTask><exclusiveGateway id="again"/>'
        '<scriptTask id="add"><script>n = n + 1</script></scriptTask><exclusiveGateway id="more" default="more_e"/><endEvent id="e"/>'
    )
    flows = flow("s", "zero") + flow("zero", "again") + flow("again", "add") + flow("add", "more")
    loaded = program(loop + flows + flow("more", "again", "n &lt; 10000") + flow("more", "e"))
    assert not to_rest(loaded).running
    yield "10,000 rounds of a loop", seconds(lambda: to_rest(loaded), 3) * 1e3, "ms"


def long_lived() -> Iterator[Figure]:
    """An instance of 100,000 steps."""
    loaded = program(
        '<startEvent id="s"/><exclusiveGateway id="again"/><userTask id="work"/>'
        + "".join((flow("s", "again"), flow("again", "work"), flow("work", "again")))
    )
    step = to_rest(loaded)
    weighed = len(step.state)
    taken: list[float] = []
    for _ in range(100_000):
        begun = time.perf_counter()
        step = advance(loaded, step.state, TaskCompleted(step.waits[0].id), NOW)
        taken.append(time.perf_counter() - begun)
    assert len(step.state) < weighed + 20
    yield "a step, after 10 are done", median(taken[10:1_010]) * 1e6, "µs"
    yield (
        "a step at 100,000 done, one at 10 being 1 (at most 1.2)",
        median(taken[-1_000:]) / median(taken[10:1_010]),
        "times",
    )
    yield "state beside the business data (at most 1,024)", float(len(step.state)), "bytes"


def parallel(number: int, tag: str) -> ProgramCode:
    """A split and a join with this many branches."""
    names = [f"t{place}" for place in range(number)]
    tasks = "".join(f'<{tag} id="{name}"/>' for name in names)
    flows = "".join(flow("split", name) + flow(name, "join") for name in names)
    gates = '<startEvent id="s"/><parallelGateway id="split"/><parallelGateway id="join"/><userTask id="last"/>'
    return program(gates + tasks + flow("s", "split") + flow("join", "last") + flows)


def branches() -> Iterator[Figure]:
    """1,000 parallel branches against 100."""
    few, many = parallel(100, "manualTask"), parallel(1_000, "manualTask")
    assert [wait.element_id for wait in to_rest(many).waits] == ["last"]
    one = seconds(lambda: advance(many, None, Start("p"), NOW), 15) / seconds(lambda: to_rest(few), 15)
    yield "one advance into 1,000 automatic branches, 100 being 1 (at most 12)", one, "times"
    whole = seconds(lambda: to_rest(many), 15) / seconds(lambda: to_rest(few), 15)
    yield "the same through all of them and the join (at most 12)", whole, "times"
    few, many = parallel(100, "userTask"), parallel(1_000, "userTask")
    tasks = seconds(lambda: to_rest(many), 15) / seconds(lambda: to_rest(few), 15)
    yield "1,000 branches with user tasks, 100 being 1", tasks, "times"
    step = to_rest(many)
    first = next(wait for wait in step.waits if isinstance(wait, TaskWait))
    yield (
        "one completion among 1,000 open tasks",
        seconds(lambda: advance(many, step.state, TaskCompleted(first.id), NOW), 15) * 1e3,
        "ms",
    )


def beside_spiff() -> Iterator[Figure]:
    """Whole instances of the shipped complaint process, tables and letters as equal scripts, in memory on both.

    Here memory is collected as in a server that runs: what an instance leaves behind is part of what it costs.
    """
    here, saved, there = ours(), ours_saved(), theirs()
    assert here() == saved() == there()
    mine, kept, other = (seconds(work, 300, collecting=True) for work in (here, saved, there))
    yield "a whole complaint in memory", mine * 1e3, "ms"
    yield "the same, read and written at each step", kept * 1e3, "ms"
    yield "the same in memory on SpiffWorkflow", other * 1e3, "ms"
    yield "SpiffWorkflow in memory, the machine in memory being 1 (at least 40)", other / mine, "times"
    yield "SpiffWorkflow in memory, the machine with saving being 1", other / kept, "times"
