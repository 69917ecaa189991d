"""A pattern has a bound on its work, or it is refused with the reason."""

from __future__ import annotations

import time

import pytest

from engine.execution.expressions import ExpressionError
from engine.execution.expressions.patterns import compile_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("credit (report|bureau)s?", "my credit bureaus", True),
        ("^C-[0-9]{4}-[0-9]{1,6}$", "C-2026-000123", True),
        (r"\bcar\b", "a card", False),
        ("(?:ab){2,3}c", "xababc", True),
        ("[^]a]b", "]b", False),
        ("a.{0,20}b", "a---b", True),
        (r"\$\d", "cost $5", True),
    ],
)
def test_bounded_patterns_search(pattern: str, text: str, found: bool) -> None:
    assert compile_pattern(pattern)(text) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "a*",
        ".+x",
        "(a|a){1,30}",
        "a{1,}",
        "a{5,1}",
        "a{2}{3}",
        "(?=a)",
        "(?P<n>a)",
        r"\1",
        r"(a)\1",
        "(a",
        "a)",
        "[a",
        "*a",
        "a" * 501,
        "(" * 25 + ")" * 25,
        "[z-a]",
        "a{",
        r"a\p",
    ],
)
def test_patterns_without_a_bound_are_refused(pattern: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        compile_pattern(pattern)
    assert "pattern" in str(refusal.value)


def test_the_worst_allowed_pattern_is_done_soon() -> None:
    search = compile_pattern("(a|b|ab){0,4}(a?){0,2}.{0,1}c")
    began = time.perf_counter()
    assert not search("ab" * 2_000)
    assert time.perf_counter() - began < 5


def test_flags_are_known_by_letter() -> None:
    assert compile_pattern("CREDIT", "i")("credit")
    with pytest.raises(ExpressionError, match="flag “x”"):
        compile_pattern("a", "x")
