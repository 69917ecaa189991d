"""Literals: numbers of at most 34 digits, texts with their escapes, and dates, times and durations behind `@`."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.calculating import ARITHMETIC, DIGITS
from engine.execution.feel.temporal import Temporal
from engine.execution.feel.temporal_text import read_at

_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
_EXACT = 15


def number_of(text: str) -> int | Decimal:
    """Read a number; whole ones that are not long stay whole."""
    if text.isdecimal() and len(text) <= _EXACT:
        return int(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _no_number(text) from None
    if len(number.as_tuple().digits) > DIGITS:
        number = ARITHMETIC.plus(number)
    if not -6176 <= number.adjusted() <= 6144:
        raise _no_number(text)
    return number


def _no_number(text: str) -> ExpressionError:
    return ExpressionError("function_number", "“{text}” is no number.", text=text[:40])


def text_of_literal(quoted: str) -> str:
    """Give the text between the quotes with its escapes resolved, also those of two halves of one character."""

    def character(hit: re.Match[str]) -> str:
        code = hit[1]
        if len(code) > 1:
            number = int(code[1:], 16)
            return chr(number) if number < 0x110000 else "\ufffd"
        return _SHORT.get(code, f"\\{code}")

    if "\\" not in quoted:
        return quoted[1:-1]
    plain = _ESCAPED.sub(character, quoted[1:-1])
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def value_at(quoted: str) -> Temporal | None:
    """Give the date, time or duration of an `@` literal; nothing where its text is none."""
    try:
        return read_at(text_of_literal(quoted[1:].lstrip()))
    except ValueError:
        return None
