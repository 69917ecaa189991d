"""R18: nothing passes into or out of a called process without a mapping; R14: it is a scope of the root's state."""

from __future__ import annotations

import pytest

from engine.execution import DefinitionInvalid
from tests.engine.execution.drawing import do, open_tasks, process, simulation

CALLED = process(
    "start cs\nscript c do='seen = secret; given = n; n = 99'\nuser ask\nend ce", "cs > c > ask > ce", "called"
)


def calling(mappings: str) -> str:
    call = f"call go calledElement=called {{ <extensionElements>{mappings}</extensionElements> }}"
    return process(f"start s\n{call}\nuser after\nend e", "s > go > after > e")


def test_nothing_passes_without_a_mapping() -> None:
    simulated = simulation(calling(""), CALLED)
    simulated.start("p", {"secret": 1, "n": 2})
    do(simulated, "ask")
    assert simulated.variables() == {"secret": 1, "n": 2}


def test_mapped_values_pass_in_and_out() -> None:
    simulated = simulation(
        calling('<camunda:in source="n" target="n"/><camunda:out source="given" target="back"/>'), CALLED
    )
    simulated.start("p", {"secret": 1, "n": 2})
    do(simulated, "ask")
    assert simulated.variables() == {"secret": 1, "n": 2, "back": 2}


def test_all_means_all() -> None:
    simulated = simulation(calling('<camunda:in variables="all"/><camunda:out variables="all"/>'), CALLED)
    simulated.start("p", {"secret": 1, "n": 2})
    do(simulated, "ask")
    assert simulated.variables() == {"secret": 1, "seen": 1, "given": 2, "n": 99}


def test_the_trace_holds_the_called_elements_and_the_call() -> None:
    simulated = simulation(calling(""), CALLED)
    simulated.start("p")
    do(simulated, "ask")
    assert (simulated.trace(), open_tasks(simulated)) == (["s", "cs", "c", "ask", "ce", "go"], ["after"])


def test_a_call_of_an_unknown_process_is_refused_with_its_name() -> None:
    with pytest.raises(DefinitionInvalid, match="called"):
        simulation(calling(""))


def test_calls_a_hundred_deep_are_an_incident() -> None:
    endless = process("start s\ncall again calledElement=p\nend e", "s > again > e")
    simulated = simulation(endless)
    simulated.start("p")
    assert [(i.element_id, i.code) for i in simulated.incidents()] == [("again", "calls_deep")]
