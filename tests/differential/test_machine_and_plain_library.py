"""Against SpiffWorkflow's own parser and engine the machine gives the same, or what differs is in the list, by element."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.bpmn import read_bpmn
from engine.execution.spiff import portability
from tests.differential.conftest import Proof
from tests.differential.driving import LISTED, Course, difference
from tests.engine.execution.any_diagram import SIMPLE, diagrams
from tests.engine.execution.more_blocks import SHARED_BLOCKS

KINDS = ("events", "rounds", *SIMPLE)
BLOCKS = {name: draw for name, draw in SHARED_BLOCKS.items() if name not in ("linked", "forked", "chosen")}
"""Without what always differs and is shown in the list."""
CODES = frozenset(str(entry["code"]) for entry in LISTED)
ANSWERS = st.lists(st.integers(0, 9), min_size=8, max_size=15)


def test_what_differs_is_in_the_list(proof: Proof) -> None:
    seen = Counter[str]()

    @given(diagram=diagrams(KINDS, BLOCKS, depth=2), n=st.integers(0, 1), answers=ANSWERS)
    def alike(diagram: bytes, n: int, answers: list[int]) -> None:
        told = {each.message.code for each in portability(read_bpmn(diagram).definitions)}
        assert told <= CODES
        said = difference(diagram, Course(n, tuple(answers)))
        assert told or not said, said
        seen["differs" if said else "alike"] += 1

    examples = proof.of(alike)
    assert seen["alike"] > examples / 3
    proof.tell(
        f"plain SpiffWorkflow gives the same traces on {seen['alike']} of {examples} diagrams; "
        f"{seen['differs']} differ by one of {len(LISTED)} known differences (tests/reference/spiffworkflow.toml)"
    )
