"""R21: unknown names are null, null is never less or more, only true takes a flow, and numbers are decimals; in every language."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.execution.drawing import drawn, open_tasks

SPLIT = "start s\nxor which\nuser yes\nuser no"
LANGUAGES = {"python": "{0}", "feel": "= {0}", "juel": "${{{0}}}"}


@pytest.mark.parametrize("written", LANGUAGES.values(), ids=LANGUAGES)
def test_a_comparison_with_an_unknown_name_takes_no_flow(written: str) -> None:
    simulated = drawn(SPLIT, f"s > which; which > yes if {written.format('missing < 5')}; which > no")
    assert open_tasks(simulated) == ["no"]


@pytest.mark.parametrize("written", LANGUAGES.values(), ids=LANGUAGES)
def test_a_condition_that_is_not_boolean_is_an_incident(written: str) -> None:
    simulated = drawn(SPLIT, f"s > which; which > yes if {written.format('amount')}; which > no", amount=3)
    assert (open_tasks(simulated), [incident.element_id for incident in simulated.incidents()]) == ([], ["which"])


def test_equality_with_null_is_true_or_false() -> None:
    assert open_tasks(drawn(SPLIT, "s > which; which > yes if missing == None; which > no")) == ["yes"]
    assert open_tasks(drawn(SPLIT, "s > which; which > yes if = missing = null; which > no")) == ["yes"]


def test_arithmetic_is_decimal_and_null_with_null() -> None:
    scripts = "start s\nscript sum do='total = price * 3'\nscript none do='nothing = missing + 1'\nuser work"
    simulated = drawn(scripts, "s > sum > none > work", price=Decimal("0.10"))
    found = simulated.variables()
    assert (found["total"], found["nothing"]) == (Decimal("0.30"), None)
