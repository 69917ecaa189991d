"""Evaluates FEEL for tests, and shows its values as FEEL writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from engine.execution.feel import Evaluation, compile_feel, compile_tests, text_of

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def value(text: str, scope: Mapping[str, object] | None = None) -> object:
    return compile_feel(text, scope or {}).evaluate(scope or {}, Evaluation(now=NOW))


def shown(text: str, scope: Mapping[str, object] | None = None) -> str | None:
    found = value(text, scope)
    return f'"{found}"' if isinstance(found, str) else text_of(found)


def problems(text: str, scope: Mapping[str, object] | None = None) -> list[str]:
    evaluation = Evaluation(now=NOW)
    assert compile_feel(text, scope or {}).evaluate(scope or {}, evaluation) is None
    return [problem.code for problem in evaluation.problems]


def fits(cell: str, tested: object, scope: Mapping[str, object] | None = None) -> bool | None:
    return compile_tests(cell, scope or {}).fits(tested, scope or {}, Evaluation(now=NOW))
