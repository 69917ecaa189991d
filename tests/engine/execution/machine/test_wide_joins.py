"""A join for which many tokens have come is saved by the names of the flows; counts, as they were saved before, are read alike."""

from __future__ import annotations

import json

from engine.execution.compiler import compile_program
from engine.execution.machine import advance
from engine.execution.machine.state_reading import read_state
from engine.execution.machine.state_text import MANY, write_state
from engine.execution.runtime import Start, Step, TaskCompleted
from tests.engine.execution.drawing import MONDAY, file, process

NAMES = [f"t{number}" for number in range(MANY + 4)]
TASKS = "\n".join(f"user {name}" for name in NAMES)
WAYS = "; ".join(f"split > {name} > join" for name in NAMES)
WIDE = compile_program(
    {"p.bpmn": file(process(f"start s\nand split\n{TASKS}\nand join\nend e", f"s > split; {WAYS}; join > e"))}
)


def all_but_one() -> Step:
    """The tasks are done, the last drawn first, but one."""
    step = advance(WIDE, None, Start("p"), MONDAY)
    while len(step.waits) > 1:
        step = advance(WIDE, step.state, TaskCompleted(step.waits[-1].id), MONDAY)
    return step


def test_the_flows_are_named_in_their_order() -> None:
    came = json.loads(all_but_one().state)["scopes"][0]["joins"]["join"]
    assert came == [flow for flow in WIDE.processes["p"].by_id["join"].incoming if "_t0_" not in flow]


def test_it_goes_on_with_the_last_token() -> None:
    step = all_but_one()
    assert not advance(WIDE, step.state, TaskCompleted(step.waits[0].id), MONDAY).running


def test_counts_of_the_older_format_are_read_alike() -> None:
    step = all_but_one()
    older = json.loads(step.state)
    joins = older["scopes"][0]["joins"]
    older["format"], joins["join"] = 1, dict.fromkeys(joins["join"], 1)
    assert write_state(read_state(json.dumps(older), WIDE), WIDE.digest) == step.state
