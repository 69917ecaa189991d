"""Any sound diagram with any answers runs alike on the machine and on the runtime “spiff”: there is no difference to list."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from engine.execution.compiler import program_of
from engine.execution.programs import RUNTIMES
from engine.execution.runtime import Start
from tests.contract.runtime_bench import Bench
from tests.differential.conftest import Proof
from tests.differential.driving import event_of
from tests.engine.execution.any_diagram import SIMPLE, diagrams
from tests.engine.execution.more_blocks import SHARED_BLOCKS

KINDS = ("events", "rounds", "paused", "service", *SIMPLE)
ANSWERS = st.lists(st.integers(0, 9), min_size=12, max_size=25)


def saved(bench: Bench) -> object:
    """All that is kept but SpiffWorkflow's tree: scopes, variables, tokens, waits and incidents, with their numbers."""
    state = json.loads(bench.state or "{}")
    state.pop("spiff", None)
    return state


def take_both(benches: tuple[Bench, Bench], events: tuple[Start, Start] | None, choice: int, n: int) -> None:
    """Give both the same answer; what happened, what waits and what is saved is the same."""
    for place, bench in enumerate(benches):
        bench.take(events[place] if events else event_of(bench.waits[choice % len(bench.waits)], n))
    machine, spiff = benches
    assert machine.happened == spiff.happened
    assert machine.waits == spiff.waits
    assert machine.running == spiff.running
    assert saved(machine) == saved(spiff)


def test_both_give_the_same_happenings_waits_and_state(proof: Proof) -> None:
    seen = Counter[str]()

    @given(diagram=diagrams(KINDS, SHARED_BLOCKS), n=st.integers(0, 1), answers=ANSWERS)
    def alike(diagram: bytes, n: int, answers: list[int]) -> None:
        program = program_of({"p.bpmn": diagram})
        benches = Bench(RUNTIMES["machine"], program), Bench(RUNTIMES["spiff"], program)
        take_both(benches, (Start("p", {"n": n}), Start("p", {"n": n})), 0, n)
        for answer in answers:
            if not benches[0].waits:
                break
            seen["answers"] += 1
            take_both(benches, None, answer, n)
        seen["elements"] += len(benches[0].trace)

    examples = proof.of(alike)
    assert seen["elements"] > examples
    proof.tell(
        f"machine and spiff agree on {examples} diagrams with {seen['answers']} answers and {seen['elements']} completed elements"
    )
