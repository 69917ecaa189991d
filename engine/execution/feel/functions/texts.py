"""Functions of strings count characters, not halves of them; none gives a string longer than is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.calculating import bounded_text
from engine.execution.feel.evaluation import TEXT_LENGTH, Evaluation
from engine.execution.feel.functions.builtin import Way, one_of
from engine.execution.feel.patterns import Pattern, compiled_pattern
from engine.execution.feel.types import BOOLEAN, NUMBER, STRING

_Number = int | Decimal


def _substring(text: str, start: _Number, length: _Number | None = None) -> object:
    first = int(start)
    size = None if length is None else int(length)
    if first == 0 or abs(first) > len(text) or (size is not None and size < 1):
        raise ExpressionError("function_range", "“{function}” is out of range.", function="substring")
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin:] if size is None else text[begin : begin + size]


def _before(text: str, match: str) -> object:
    head, found, _ = text.partition(match) if match else ("", "", "")
    return head if found else ""


def _after(text: str, match: str) -> object:
    return text.partition(match)[2] if match else text


def _join(items: Sequence[str | None], delimiter: str | None = None) -> object:
    parts = [item for item in items if item is not None]
    between = delimiter or ""
    if sum(map(len, parts)) + len(between) * len(parts) > TEXT_LENGTH + len(between):
        raise ExpressionError("feel_text_long", "A text is longer than {limit} characters.", limit=TEXT_LENGTH)
    return bounded_text(between.join(parts))


def _matches(evaluation: Evaluation, text: str, pattern: str, flags: str | None = None) -> object:
    return _pattern(pattern, flags).search(text, 0, evaluation) is not None


def _replace(evaluation: Evaluation, text: str, pattern: str, replacement: str, flags: str | None = None) -> object:
    return bounded_text(_pattern(pattern, flags).replaced(text, replacement, evaluation))


def _split(evaluation: Evaluation, text: str, delimiter: str) -> object:
    return _pattern(delimiter, None).split(text, evaluation)


def _pattern(pattern: str, flags: str | None) -> Pattern:
    return compiled_pattern(pattern, flags or "")


_WITH_PATTERN = "input: string, pattern: string"

TEXTS = (
    one_of("substring", Way("string: string, start position: number, length?: number", _substring), result=STRING),
    one_of("string length", Way("string: string", len), result=NUMBER),
    one_of("upper case", Way("string: string", str.upper), result=STRING),
    one_of("lower case", Way("string: string", str.lower), result=STRING),
    one_of("substring before", Way("string: string, match: string", _before), result=STRING),
    one_of("substring after", Way("string: string, match: string", _after), result=STRING),
    one_of("contains", Way("string: string, match: string", lambda text, match: match in text), result=BOOLEAN),
    one_of("starts with", Way("string: string, match: string", str.startswith), result=BOOLEAN),
    one_of("ends with", Way("string: string, match: string", str.endswith), result=BOOLEAN),
    one_of("matches", Way(f"{_WITH_PATTERN}, flags?: string", _matches, told=True), result=BOOLEAN),
    one_of("replace", Way(f"{_WITH_PATTERN}, replacement: string, flags?: string", _replace, told=True), result=STRING),
    one_of("split", Way("string: string, delimiter: string", _split, told=True)),
    one_of("string join", Way("list: strings, delimiter?: string", _join), result=STRING),
)
