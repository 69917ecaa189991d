"""The quick answers of cells about texts are those of the functions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.execution.feel import Evaluation, compile_feel, compile_tests

ASKED = ("contains", "starts with", "ends with")
TEXTS = some.text("ab ", max_size=6)


@given(some.sampled_from(ASKED), TEXTS, TEXTS)
def test_a_cell_about_a_text_says_what_the_function_says(name: str, value: str, wanted: str) -> None:
    function = compile_feel(f'{name}(value, "{wanted}")').evaluate({"value": value}, Evaluation())
    assert compile_tests(f'{name}(?, "{wanted}")').fits(value, {}, Evaluation()) is function


@pytest.mark.parametrize("value", [None, 7, True])
@pytest.mark.parametrize("name", ASKED)
def test_what_is_no_text_contains_nothing(name: str, value: object) -> None:
    assert compile_tests(f'{name}(?, "a")').fits(value, {}, Evaluation()) is not True


def test_a_function_of_the_scope_hides_the_one_of_feel() -> None:
    never = compile_feel("function(text, match) false").evaluate({}, Evaluation())
    cell = compile_tests('contains(?, "a")')
    assert cell.fits("a", {}, Evaluation()) is True
    assert cell.fits("a", {"contains": never}, Evaluation()) is False
