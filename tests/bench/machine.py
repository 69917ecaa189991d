"""The machine's figures: how it grows with size, what a state weighs, and how it stands to SpiffWorkflow on the same diagram."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from engine.execution.compiler import ProgramCode, compile_program
from engine.execution.machine import advance
from engine.execution.runtime import JobDone, JobWait, Start, Step, TaskCompleted, TaskWait
from tests.bench.figures import Bound, Figures, seconds_of
from tests.bench.same_complaint import ours, ours_saved, theirs

Figure = tuple[str, float, str]
TIMES = "times"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"><process id="p" isExecutable="true">'
TAIL = "</process></definitions>"


MUST = {
    "spiffworkflow_in_memory": Bound(least=40),
    "step_at_100000": Bound(most=1.2),
    "into_1000_branches": Bound(most=12),
    "through_1000_branches": Bound(most=12),
    "state_of_a_kilobyte": Bound(most=1),
}


def run() -> Figures:
    """Measure all of it."""
    measured: dict[str, tuple[float, str]] = {}
    ratios: dict[str, float] = {}
    for part in (in_a_row, nested, rounds, long_lived, branches, beside_spiff):
        for name, value, unit in part():
            if unit == TIMES:
                ratios[name] = value
            else:
                measured[name] = value, unit
    return Figures("machine", measured, ratios, MUST)


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


def in_a_row() -> Iterator[Figure]:
    """5,000 tasks, one after the other."""
    names = ["s", *(f"t{number}" for number in range(5_000)), "e"]
    tasks = "".join(f'<manualTask id="{name}"/>' for name in names[1:-1])
    flows = "".join(flow(one, other) for one, other in pairwise(names))
    loaded = program(f'<startEvent id="s"/>{tasks}<endEvent id="e"/>{flows}')
    assert not to_rest(loaded).running
    yield "5,000 tasks in a row", seconds_of([lambda: to_rest(loaded)], 5)[0] * 1e3, "ms"


def nested() -> Iterator[Figure]:
    """200 subprocesses, one inside the other."""
    inner = '<manualTask id="deep"/>'
    for level in range(200):
        inner = f'<subProcess id="box{level}">{inner}</subProcess>'
    loaded = program(inner)
    assert not to_rest(loaded).running
    yield "200 nested subprocesses", seconds_of([lambda: to_rest(loaded)], 20)[0] * 1e3, "ms"


def rounds() -> Iterator[Figure]:
    """10,000 rounds of a loop of gateways."""
    loop = (
        '<startEvent id="s"/><scriptTask id="zero"><script>n = 0</script></scriptTask><exclusiveGateway id="again"/>'
        '<scriptTask id="add"><script>n = n + 1</script></scriptTask><exclusiveGateway id="more" default="more_e"/><endEvent id="e"/>'
    )
    flows = flow("s", "zero") + flow("zero", "again") + flow("again", "add") + flow("add", "more")
    loaded = program(loop + flows + flow("more", "again", "n &lt; 10000") + flow("more", "e"))
    assert not to_rest(loaded).running
    yield "10,000 rounds of a loop", seconds_of([lambda: to_rest(loaded)], 3)[0] * 1e3, "ms"


def long_lived() -> Iterator[Figure]:
    """An instance of 100,000 steps; then steps of it and of one with ten done, in turn."""
    loaded = program(
        '<startEvent id="s"/><exclusiveGateway id="again"/><userTask id="work"/>'
        + "".join((flow("s", "again"), flow("again", "work"), flow("work", "again")))
    )

    def next_of(step: Step) -> Step:
        return advance(loaded, step.state, TaskCompleted(step.waits[0].id), NOW)

    step = to_rest(loaded)
    weighed = len(step.state)
    young = step
    for done in range(100_000):
        young = step if done == 10 else young
        step = next_of(step)
    assert len(step.state) < weighed + 20
    early, late = seconds_of([lambda: next_of(young), lambda: next_of(step)], 5_000, block=100)
    yield "a step, after 10 are done", early * 1e6, "µs"
    yield "step_at_100000", late / early, TIMES
    yield "state beside the business data", float(len(step.state)), "bytes"
    yield "state_of_a_kilobyte", len(step.state) / 1_024, TIMES


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
    into = seconds_of(
        [lambda: to_rest(few), lambda: advance(many, None, Start("p"), NOW)], 60, block=5, collecting=False
    )
    yield "into_1000_branches", into[1] / into[0], TIMES
    through = seconds_of([lambda: to_rest(few), lambda: to_rest(many)], 60, block=5, collecting=False)
    yield "through_1000_branches", through[1] / through[0], TIMES
    few, many = parallel(100, "userTask"), parallel(1_000, "userTask")
    tasks = seconds_of([lambda: to_rest(few), lambda: to_rest(many)], 60, block=5, collecting=False)
    yield "into_1000_branches_with_user_tasks", tasks[1] / tasks[0], TIMES
    step = to_rest(many)
    first = next(wait for wait in step.waits if isinstance(wait, TaskWait))
    one = seconds_of([lambda: advance(many, step.state, TaskCompleted(first.id), NOW)], 15)[0]
    yield "one completion among 1,000 open tasks", one * 1e3, "ms"


def beside_spiff() -> Iterator[Figure]:
    """Whole instances of the shipped complaint process, tables and letters as equal scripts, in memory on both."""
    here, saved, there = ours(), ours_saved(), theirs()
    assert here() == saved() == there()
    mine, kept, other = seconds_of([here, saved, there], 500, block=50)
    yield "a whole complaint in memory", mine * 1e3, "ms"
    yield "the same, read and written at each step", kept * 1e3, "ms"
    yield "the same in memory on SpiffWorkflow", other * 1e3, "ms"
    yield "spiffworkflow_in_memory", other / mine, TIMES
    yield "spiffworkflow_in_memory_to_saved", other / kept, TIMES
