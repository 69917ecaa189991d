"""R5: what a person completed stays completed; the token stays before the element that failed, with an incident."""

from __future__ import annotations

from tests.engine.execution.drawing import do, drawn, open_tasks


def test_a_completion_is_kept_though_the_next_script_fails() -> None:
    simulated = drawn("start s\nuser ask\nscript count do='n = amount + 1'\nend e", "s > ask > count > e")
    do(simulated, "ask", amount="many")
    assert (open_tasks(simulated), simulated.trace()) == ([], ["s", "ask"])
    (incident,) = simulated.incidents()
    assert incident.element_id == "count"


def test_after_the_values_are_corrected_a_retry_goes_on() -> None:
    simulated = drawn("start s\nuser ask\nscript count do='n = amount + 1'\nend e", "s > ask > count > e")
    do(simulated, "ask", amount="many")
    simulated.set_variables({"amount": 2})
    simulated.retry(simulated.incidents()[0])
    assert (simulated.variables()["n"], simulated.incidents(), simulated.running()) == (3, [], False)


def test_a_skip_goes_on_without_output() -> None:
    simulated = drawn("start s\nuser ask\nscript count do='n = amount + 1'\nend e", "s > ask > count > e")
    do(simulated, "ask", amount="many")
    simulated.retry(simulated.incidents()[0], skip=True)
    assert ("n" in simulated.variables(), simulated.running(), "count" in simulated.trace()) == (False, False, False)


def test_a_mapping_that_fails_keeps_what_was_typed_in() -> None:
    task = "user ask { <extensionElements><mg:output name='total'>price * factor</mg:output></extensionElements> }"
    simulated = drawn(f"start s\n{task}\nend e", "s > ask > e", factor="two")
    do(simulated, "ask", price=4)
    simulated.set_variables({"factor": 2})
    simulated.retry(simulated.incidents()[0])
    assert (simulated.variables()["total"], simulated.running()) == (8, False)
