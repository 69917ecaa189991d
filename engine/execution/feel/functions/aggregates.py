"""Functions that make one value of a list, told as one list or as all arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.calculating import ARITHMETIC, OPERATIONS
from engine.execution.feel.comparing import compare
from engine.execution.feel.functions.builtin import BuiltIn, Way, one_of
from engine.execution.feel.types import BOOLEAN, NUMBER, FeelType
from engine.execution.feel.values import is_number, kind_of

_Number = int | Decimal


def _aggregate(name: str, action: Callable[[list[object]], object], result: FeelType = NUMBER) -> BuiltIn:
    return one_of(name, Way("*list: list", action), result=result)


def _numeric(name: str, action: Callable[[list[_Number]], object]) -> BuiltIn:
    def checked(items: Sequence[object]) -> object:
        numbers: list[_Number] = []
        for item in items:
            if not is_number(item):
                raise ExpressionError(
                    "function_kind", "“{function}” cannot take a {kind} here.", function=name, kind=kind_of(item)
                )
            numbers.append(item)
        return action(numbers)

    return _aggregate(name, checked)


def _extreme(name: str, sign: str) -> Callable[[list[object]], object]:
    def extreme(items: Sequence[object]) -> object:
        if None in items:
            raise ExpressionError("function_null", "“{function}” is given null.", function=name)
        best = items[0] if items else None
        for item in items[1:]:
            if compare(sign, item, best):
                best = item
        if len(items) == 1:
            compare(sign, best, best)
        return best

    return extreme


def _sum(numbers: Sequence[_Number]) -> object:
    if not numbers:
        return None
    total: object = 0
    for number in numbers:
        total = OPERATIONS["+"](total, number)
    return total


def _product(numbers: Sequence[_Number]) -> object:
    if not numbers:
        return None
    total: object = 1
    for number in numbers:
        total = OPERATIONS["*"](total, number)
    return total


def _mean(numbers: Sequence[_Number]) -> object:
    return OPERATIONS["/"](_sum(numbers), len(numbers)) if numbers else None


def _median(numbers: Sequence[_Number]) -> object:
    if not numbers:
        return None
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else _mean(ordered[middle - 1 : middle + 1])


def _deviation(numbers: Sequence[_Number]) -> object:
    if len(numbers) < 2:
        raise ExpressionError("function_range", "“{function}” is out of range.", function="stddev")
    mean = ARITHMETIC.divide(ARITHMETIC.plus(sum((Decimal(number) for number in numbers), Decimal())), len(numbers))
    squares: object = 0
    for number in numbers:
        distance = ARITHMETIC.subtract(number, mean)
        squares = OPERATIONS["+"](squares, ARITHMETIC.multiply(distance, distance))
    assert is_number(squares)
    return ARITHMETIC.sqrt(ARITHMETIC.divide(squares, len(numbers) - 1))


def _mode(numbers: Sequence[_Number]) -> object:
    counts: dict[_Number, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _logic(name: str, deciding: bool) -> BuiltIn:
    def judged(items: Sequence[object]) -> object:
        for item in items:
            if item is not None and not isinstance(item, bool):
                raise ExpressionError(
                    "function_kind", "“{function}” cannot take a {kind} here.", function=name, kind=kind_of(item)
                )
        if deciding in items:
            return deciding
        return None if None in items else not deciding

    return _aggregate(name, judged, BOOLEAN)


AGGREGATES = (
    one_of("count", Way("list: list", len), result=NUMBER),
    _aggregate("min", _extreme("min", "<")),
    _aggregate("max", _extreme("max", ">")),
    _numeric("sum", _sum),
    _numeric("product", _product),
    _numeric("mean", _mean),
    _numeric("median", _median),
    _numeric("stddev", _deviation),
    _numeric("mode", _mode),
    _logic("all", deciding=False),
    _logic("any", deciding=True),
)
