"""The quick answers of cells about texts are those of the functions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.execution.feel import Evaluation, Frame, compile_feel, compile_tests
from engine.execution.feel.text_tests import asked_texts, text_look_up

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


CELLS = some.lists(some.tuples(some.sampled_from(ASKED), TEXTS), max_size=3)


@given(some.lists(CELLS, max_size=5), some.one_of(TEXTS, some.none(), some.integers()))
def test_a_column_of_such_cells_is_gone_through_at_once(column: list[list[tuple[str, str]]], value: object) -> None:
    cells = [
        compile_tests(", ".join(f'{name}(?, "{text}")' for name, text in cell)) if cell else None for cell in column
    ]
    find = text_look_up([asked_texts(cell.tree) if cell else () for cell in cells])
    evaluation = Evaluation()
    found = find(value, Frame({}, None, evaluation)) if find is not None else None
    if not any(column) or not isinstance(value, str):
        assert found is None
        return
    fitting = [cell is None or cell.fits(value, {}, evaluation) is True for cell in cells]
    assert found == sum(1 << number for number, fits in enumerate(fitting) if fits)


@pytest.mark.parametrize("text", ['not(contains(?, "a"))', 'contains(?, "a"), "b"', "contains(?, word)", "-"])
def test_a_cell_that_asks_for_anything_else_has_no_part_in_it(text: str) -> None:
    assert asked_texts(compile_tests(text).tree) == ()


def test_a_hidden_function_leaves_the_column_to_its_cells() -> None:
    find = text_look_up([(("contains", "a"),)])
    assert find is not None
    assert find("a", Frame({}, None, Evaluation())) == 1
    assert find("a", Frame({"contains": None}, None, Evaluation())) is None
