"""R30: stored state is canonical, names elements by their BPMN id, and does not grow with what has been done."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from engine.execution.compiler import program_of
from engine.execution.machine import advance, variables
from engine.execution.runtime import Start, TaskCompleted
from engine.model.errors import Conflict
from tests.engine.execution.drawing import MONDAY, file, process

ROUND = {"p.bpmn": file(process("start s\nxor again\nuser work", "s > again > work > again"))}


def test_elements_are_named_by_their_id_and_the_format_is_told() -> None:
    saved = json.loads(advance(program_of(ROUND), None, Start("p"), MONDAY).state)
    assert (saved["format"], saved["semantics"]) == (2, 1)
    assert [token["node"] for token in saved["tokens"]] == ["work"]


def test_state_does_not_grow_with_what_has_been_done() -> None:
    program = program_of(ROUND)
    step = advance(program, None, Start("p"), MONDAY)
    size = len(step.state)
    for _ in range(200):
        step = advance(program, step.state, TaskCompleted(step.waits[0].id), MONDAY)
    assert len(step.state) < size + 10
    assert size < 1_000


def test_values_keep_their_type() -> None:
    given = {
        "amount": Decimal("1.50"),
        "on": date(2026, 3, 2),
        "at": MONDAY,
        "odd": {"$d": "text"},
        "many": [1, None, True],
    }
    program = program_of(ROUND)
    step = advance(program, None, Start("p", given), MONDAY)
    assert variables(program, step.state) == given


def test_a_state_larger_than_a_megabyte_is_refused_and_nothing_is_lost() -> None:
    program = program_of(ROUND)
    step = advance(program, None, Start("p"), MONDAY)
    with pytest.raises(Conflict, match="attachments"):
        advance(program, step.state, TaskCompleted(step.waits[0].id, {"x": ["y" * 60_000] * 20}), MONDAY)


def test_a_state_of_a_newer_makegood_is_refused() -> None:
    program = program_of(ROUND)
    state = advance(program, None, Start("p"), MONDAY).state.replace('"format":2', '"format":3')
    with pytest.raises(Conflict, match="newer"):
        variables(program, state)
