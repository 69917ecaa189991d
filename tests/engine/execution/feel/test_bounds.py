"""Nothing that a file writes can run for ever, overflow the stack, fill the memory or reach Python."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import Evaluation, compile_feel, compile_tests
from engine.execution.feel.temporal import DaysTime, FeelDate, FeelDateTime, FeelTime, YearsMonths
from engine.execution.feel.values import FeelRange, Invocable
from tests.engine.execution.feel.feel import problems, shown

COUNTING = "{down: function(n) if n = 0 then 0 else 1 + down(n - 1)}.down"
GROWING = "for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]"
NUMBERS = "for i in 1..60000 return i"


def test_nesting_deeper_than_100_is_refused() -> None:
    assert compile_feel("(" * 90 + "1" + ")" * 90).evaluate({}) == 1
    for text in (
        "(" * 101 + "1" + ")" * 101,
        "[" * 5000 + "]" * 5000,
        "-(" * 200 + "1" + ")" * 200,
        "if " * 500,
        "1" + "+1" * 3000,
    ):
        with pytest.raises(ExpressionError):
            compile_feel(text)


def test_300_calls_deep_are_fine_and_deeper_is_null_with_a_problem() -> None:
    assert shown(f"{COUNTING}(299)") == "299"
    assert problems(f"{COUNTING}(300)") == ["feel_calls_deep"]
    assert problems("{f: function(g) g(g)}.f(function(g) g(g))") == ["feel_calls_deep"]


def test_deep_calls_of_a_wide_body_do_not_overflow() -> None:
    body = "if n = 0 then 0 else " + "(" * 40 + "1 + (for i in [n] return down(i - 1))[1]" + ")" * 40
    assert shown("{down: function(n) " + body + "}.down(250)") == "250"


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for i in 1..60000 return for j in 1..60000 return 1",
        "some x in 1..1000000000 satisfies x = -1",
        "{f: function(n) if n < 2 then 1 else f(n-1) + f(n-2)}.f(60)",
        f"string({GROWING})",
        f"flatten({GROWING})",
        f"({GROWING}) = ({GROWING})",
        f"(for i in ({NUMBERS}) return ({NUMBERS}) = 1)[1]",
        '(for i in 1..60 return if i = 1 then "ab" else partial[-1] + partial[-1])[60]',
        f'string join(for i in ({NUMBERS}) return "{"a" * 1000}")',
        'replace("' + "a" * 5000 + '", "a", "' + "b" * 5000 + '")',
        'matches("' + "a" * 40 + '", "(a+)+\\\\1b")',
        "9 ** 9 ** 9 ** 9 ** 9",
        "exp(999999999)",
        'duration("P99999999999999999999999999Y")',
        'for d in @"-999999999-01-01"..@"999999999-01-01" return d',
    ],
)
def test_what_would_take_too_long_or_grow_too_large_is_null_with_a_problem(text: str) -> None:
    began = time.monotonic()
    assert problems(text)
    assert time.monotonic() - began < 8


def test_a_pattern_that_hangs_elsewhere_is_answered_in_linear_time() -> None:
    assert shown('matches("' + "a" * 3000 + '", "(a|aa)+(a*)*b")') == "false"
    assert shown('matches("' + "x" * 2000 + '", "x*x*x*x*x*y")') == "false"


SCOPE: Mapping[str, object] = {"a": 1, "b": [1, "x", None], "c": {"d": Decimal("2.5")}, "e f": "text"}
_ATOMS = st.sampled_from(
    [
        "1",
        "-2.5",
        '"x"',
        "null",
        "true",
        "a",
        "b",
        "c",
        "c.d",
        "e f",
        "?",
        "item",
        "unknown",
        '@"2026-03-02"',
        '@"P1D"',
        "abs",
        "[1..3]",
        "(< 2)",
    ]
)
_NAMES = st.sampled_from(
    ["__class__", "__dict__", "__globals__", "mro", "names", "value", "year", "call", "tree", "to_python", "start"]
)
_FUNCTIONS = st.sampled_from(
    ["string", "count", "sort", "flatten", "get value", "matches", "date", "number", "context", "eval", "range"]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, signs, inner),
        st.builds("{}.{}".format, inner, _NAMES),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("{}({}, {})".format, _FUNCTIONS, inner, inner),
        st.builds("{}({})".format, _FUNCTIONS, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{a: {}, b: {}}}".format, inner, inner),
        st.builds("(for i in {} return {})".format, inner, inner),
        st.builds("(some i in {} satisfies {})".format, inner, inner),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
        st.builds("(function(a) {})({})".format, inner, inner),
        st.builds("({} instance of number)".format, inner),
        st.builds("({} between {} and {})".format, inner, inner, inner),
    )


def _is_feel(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_feel(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_feel(item) for key, item in value.items())
    kinds = int | Decimal | str | FeelDate | FeelTime | FeelDateTime | YearsMonths | DaysTime | FeelRange | Invocable
    return value is None or isinstance(value, kinds)


@settings(max_examples=400, deadline=None)
@given(st.recursive(_ATOMS, _grown, max_leaves=12))
def test_no_expression_reaches_python_or_breaks(text: str) -> None:
    evaluation = Evaluation()
    try:
        found = compile_feel(text, SCOPE).evaluate(SCOPE, evaluation)
    except ExpressionError:
        return
    assert _is_feel(found)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60) | st.text("()[]{}.,:\"@'?ab1 <>=-+*/in", max_size=60))
def test_any_text_is_compiled_or_refused(text: str) -> None:
    for compiled in (compile_feel, compile_tests):
        with suppress(ExpressionError):
            assert compiled(text).text == text


def test_an_expression_that_declares_hundreds_of_long_names_is_refused() -> None:
    with pytest.raises(ExpressionError, match="more than 200 names of several words"):
        shown("{" + ", ".join(f"a b {number}: {number}" for number in range(3000)) + "}")
