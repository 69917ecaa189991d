"""Scripts assign; what they touch is known before they run, and the scope they read is never changed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.execution.expressions import ExpressionError, compile_script
from engine.model.errors import BpmnError


def test_a_script_gives_what_it_wrote_in_order() -> None:
    script = compile_script("total = price * count\ntotal += 1; label = 'sum ' + str(total)")
    assert script.run({"price": Decimal("2.5"), "count": 4}) == {"total": Decimal("11.0"), "label": "sum 11.0"}
    assert script.reads == {"price", "count"}
    assert script.writes == {"total", "label"}


def test_a_part_is_written_into_a_copy() -> None:
    scope: dict[str, object] = {"order": {"lines": [{"qty": 1}], "note": "x"}}
    script = compile_script("order.lines[0].qty = 2\norder['paid'] = True\nnew.deep.key = 1")
    assert script.run(scope) == {
        "order": {"lines": [{"qty": 2}], "note": "x", "paid": True},
        "new": {"deep": {"key": 1}},
    }
    assert scope == {"order": {"lines": [{"qty": 1}], "note": "x"}}
    assert script.reads == {"order", "new"}


def test_pass_writes_nothing() -> None:
    assert compile_script("pass").run({}) == {}
    assert compile_script("").run({}) == {}


def test_an_assertion_that_fails_names_itself() -> None:
    with pytest.raises(ExpressionError, match="data == 'String'"):
        compile_script('assert data == "String"').run({})


def test_a_raised_code_is_a_modelled_error() -> None:
    with pytest.raises(BpmnError) as raised:
        compile_script('raise Exception("ERR_CODE")').run({})
    assert raised.value.code == "ERR_CODE"


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "for a in b: c = a",
        "def f(): pass",
        "a = b = 1",
        "a, b = 1, 2",
        "del a",
        "f()",
        "x: int = 1",
        "a[0:1] = 2",
        "if a: b = 1",
        "while True: pass",
        "(a)() .b = 1",
    ],
)
def test_a_script_that_does_more_than_assign_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_script(text)


def test_a_script_cannot_grow_a_text_without_bound() -> None:
    with pytest.raises(ExpressionError, match="65536"):
        compile_script("\n".join(["a = 'xxxxxxxxxxxxxxxx'"] + ["a = a + a"] * 20)).run({})
