"""What was saved once can always be restored: one kept example for each kind of thing, waits and further way included (R30)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from engine.execution.compiler import compile_program
from engine.execution.machine.state_reading import read_state
from engine.execution.machine.state_text import write_state
from engine.execution.machine.stepping import open_waits
from engine.model.bpmn import NodeKind
from engine.model.values import canonical_json, from_canonical
from tests.engine.execution.saved_kinds import KINDS, SAVED, finish

KEPT = sorted(SAVED.glob("*.json"))
NEVER_ALIVE = {NodeKind.START_EVENT}  # a token never rests at a start event


def kept(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAVED / f"{kind}.json").read_text("utf-8"))
    found["files"] = {name: text.encode() for name, text in found["files"].items()}
    return found


@pytest.mark.parametrize("kind", [path.stem for path in KEPT])
def test_a_kept_state_waits_for_the_same_and_goes_on_the_same_way(kind: str) -> None:
    example = kept(kind)
    program = compile_program(example["files"])
    waits = [[type(wait).__name__, wait.id, wait.element_id] for wait in open_waits(program, example["state"])]
    assert waits == example["waits"]
    assert list(finish(program, example["state"])) == [example["then"], example["running"]]


@pytest.mark.parametrize("kind", [path.stem for path in KEPT])
def test_a_kept_state_is_written_back_as_it_was(kind: str) -> None:
    example = kept(kind)
    program = compile_program(example["files"])
    again = write_state(read_state(example["state"], program), program.digest)
    assert json.loads(again)["tokens"] == json.loads(example["state"])["tokens"]
    assert json.loads(again)["scopes"] == json.loads(example["state"])["scopes"]


@pytest.mark.parametrize("kind", [path.stem for path in KEPT])
@pytest.mark.parametrize(
    "values", [{}, {"name": "Zoë “A”\n\\", "list": [1, None, {"b": 1, "a": True}]}, {"$price": Decimal("1.50")}]
)
def test_the_text_is_the_one_canonical_text_of_its_state(kind: str, values: dict[str, object]) -> None:
    example = kept(kind)
    program = compile_program(example["files"])
    state = read_state(example["state"], program)
    state.root.vars.update(values)
    text = write_state(state, program.digest)
    assert text == canonical_json(from_canonical(text))
    assert read_state(text, program).root.vars == state.root.vars


def test_every_kind_has_its_example() -> None:
    assert {path.stem for path in KEPT} >= set(KINDS)
    drawn = {
        node.source.kind
        for kind in KINDS
        for p in compile_program(kept(kind)["files"]).processes.values()
        for node in p.nodes
    }
    assert set(NodeKind) - drawn == set()
