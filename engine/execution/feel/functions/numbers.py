"""Numeric functions: rounding to a scale, remainders, roots and logarithms, all to 34 digits."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.calculating import ARITHMETIC, WIDE
from engine.execution.feel.functions.builtin import BuiltIn, Way, one_of
from engine.execution.feel.temporal import DaysTime, YearsMonths
from engine.execution.feel.types import BOOLEAN, NUMBER
from engine.execution.feel.values import is_number

_LEAST_SCALE, _MOST_SCALE = -6111, 6176
_EXACT_QUOTIENT = 40
_Number = int | Decimal


def _rounded(name: str, rounding: str, *, scale: str = "scale?: number") -> BuiltIn:
    def rounded(number: _Number, scale: _Number | None = 0) -> object:
        if scale is None:
            raise ExpressionError("function_null", "“{function}” is given null.", function=name)
        places = int(scale)
        if not _LEAST_SCALE <= places <= _MOST_SCALE:
            raise ExpressionError("function_range", "“{function}” is out of range.", function=name)
        value = Decimal(number)
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or (exponent >= -places >= -_MOST_SCALE and places >= 0):
            return ARITHMETIC.plus(value)
        if value.adjusted() < -places - 1 and value.adjusted() + places < -40:
            value = Decimal((value.as_tuple().sign, (1,), -places - 2)) if value else value
        return ARITHMETIC.plus(value.quantize(Decimal(1).scaleb(-places, WIDE), rounding=rounding, context=WIDE))

    return one_of(name, Way(f"n: number, {scale}", rounded), result=NUMBER)


def _absolute(value: object) -> object:
    if is_number(value):
        return abs(value)
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    assert isinstance(value, DaysTime)
    return DaysTime(abs(value.nanos))


def _modulo(dividend: _Number, divisor: _Number) -> object:
    quotient = WIDE.divide(dividend, divisor).to_integral_value(rounding=ROUND_FLOOR)
    if quotient.adjusted() > _EXACT_QUOTIENT:
        raise ValueError(dividend)
    return ARITHMETIC.subtract(Decimal(dividend), WIDE.multiply(divisor, quotient))


def _root(number: _Number) -> object:
    return ARITHMETIC.sqrt(number)


def _logarithm(number: _Number) -> object:
    if number <= 0:
        raise ValueError(number)
    return ARITHMETIC.ln(number)


def _exponential(number: _Number) -> object:
    return ARITHMETIC.exp(number)


def _odd(number: _Number) -> object:
    return WIDE.remainder(Decimal(number).copy_abs(), 2) == 1


def _even(number: _Number) -> object:
    return WIDE.remainder(Decimal(number), 2) == 0


NUMERIC = (
    _rounded("decimal", ROUND_HALF_EVEN, scale="scale: number"),
    _rounded("floor", ROUND_FLOOR),
    _rounded("ceiling", ROUND_CEILING),
    _rounded("round up", ROUND_UP),
    _rounded("round down", ROUND_DOWN),
    _rounded("round half up", ROUND_HALF_UP),
    _rounded("round half down", ROUND_HALF_DOWN),
    one_of("abs", Way("n: number", _absolute), Way("n: days", _absolute), Way("n: months", _absolute), result=NUMBER),
    one_of("modulo", Way("dividend: number, divisor: number", _modulo), result=NUMBER),
    one_of("sqrt", Way("number: number", _root), result=NUMBER),
    one_of("log", Way("number: number", _logarithm), result=NUMBER),
    one_of("exp", Way("number: number", _exponential), result=NUMBER),
    one_of("odd", Way("number: number", _odd), result=BOOLEAN),
    one_of("even", Way("number: number", _even), result=BOOLEAN),
)
