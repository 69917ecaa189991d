"""How points and ranges lie to each other: the thirteen relations, told by their ends and whether they are included."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.calculating import negated
from engine.execution.feel.comparing import compare, same
from engine.execution.feel.evaluation import Evaluation
from engine.execution.feel.functions.builtin import BuiltIn, Way, one_of
from engine.execution.feel.functions.conversions import CONVERSIONS
from engine.execution.feel.parsing import read_feel
from engine.execution.feel.tree import Call, Literal, Name, Negation, Node
from engine.execution.feel.types import ANY_RANGE, BOOLEAN
from engine.execution.feel.values import FeelRange

_RANGE = re.compile(r"([\[\](])\s*(.*?)\s*\.\.\s*(.*?)\s*([\[\])])", re.DOTALL)
_WRITTEN = {function.name: function for function in CONVERSIONS if function.name != "now"}


def _less(left: object, right: object) -> bool:
    answer = compare("<", left, right)
    if answer is None:
        raise ExpressionError("feel_no_end", "A range without two ends cannot be gone through.")
    return answer


def _below(left: object, right: object, *, touching: bool) -> bool:
    """Say whether one point lies below another, or at it where that counts."""
    return _less(left, right) or (touching and same(left, right))


def _before_point(found: FeelRange, point: object) -> bool:
    return _below(found.high, point, touching=not found.high_closed)


def _after_point(point: object, found: FeelRange) -> bool:
    return _below(point, found.low, touching=not found.low_closed)


def _before(first: FeelRange, second: FeelRange) -> bool:
    return _below(first.high, second.low, touching=not (first.high_closed and second.low_closed))


def _meets(first: FeelRange, second: FeelRange) -> bool:
    return first.high_closed and second.low_closed and same(first.high, second.low)


def _reaches(first: FeelRange, second: FeelRange) -> bool:
    """Say whether the first ends at or behind the begin of the second."""
    return _below(second.low, first.high, touching=first.high_closed and second.low_closed)


def _overlaps(first: FeelRange, second: FeelRange) -> bool:
    return _reaches(first, second) and _reaches(second, first)


def _overlaps_before(first: FeelRange, second: FeelRange) -> bool:
    begins = _below(first.low, second.low, touching=first.low_closed and not second.low_closed)
    ends = _below(first.high, second.high, touching=not first.high_closed or second.high_closed)
    return begins and _reaches(first, second) and ends


def _overlaps_after(first: FeelRange, second: FeelRange) -> bool:
    begins = _below(second.low, first.low, touching=second.low_closed and not first.low_closed)
    ends = _below(second.high, first.high, touching=not second.high_closed or first.high_closed)
    return begins and _reaches(second, first) and ends


def _finishes_at(point: object, found: FeelRange) -> bool:
    return found.high_closed and same(point, found.high)


def _finishes(first: FeelRange, second: FeelRange) -> bool:
    alike = first.high_closed == second.high_closed and same(first.high, second.high)
    return alike and _below(second.low, first.low, touching=not first.low_closed or second.low_closed)


def _includes_point(found: FeelRange, point: object) -> bool:
    return _below(found.low, point, touching=found.low_closed) and _below(point, found.high, touching=found.high_closed)


def _includes(first: FeelRange, second: FeelRange) -> bool:
    begins = _below(first.low, second.low, touching=first.low_closed or not second.low_closed)
    return begins and _below(second.high, first.high, touching=first.high_closed or not second.high_closed)


def _starts_at(point: object, found: FeelRange) -> bool:
    return found.low_closed and same(point, found.low)


def _starts(first: FeelRange, second: FeelRange) -> bool:
    alike = first.low_closed == second.low_closed and same(first.low, second.low)
    return alike and _below(first.high, second.high, touching=not first.high_closed or second.high_closed)


def _flipped(action: Callable[..., bool]) -> Callable[..., bool]:
    return lambda first, second: action(second, first)


def _ranges(action: Callable[..., bool]) -> Way:
    return Way("range1: range, range2: range", action)


def _point_range(action: Callable[..., bool]) -> Way:
    return Way("point: any, range: range", action)


def _range_point(action: Callable[..., bool]) -> Way:
    return Way("range: range, point: any", action)


def _points(action: Callable[..., bool]) -> Way:
    return Way("point1: any, point2: any", action)


def _relation(name: str, *ways: Way) -> BuiltIn:
    return one_of(name, *ways, result=BOOLEAN)


def _range(evaluation: Evaluation, text: str) -> object:
    """Read a range such as `[1..10)`; an open end may be left out, which is then without bound."""
    found = _RANGE.fullmatch(text.strip())
    if (
        not found
        or not (found[2] or found[3])
        or (not found[2] and found[1] == "[")
        or (not found[3] and found[4] == "]")
    ):
        raise ExpressionError("feel_range_text", "“{text}” is no range; write for instance [1..10).", text=text[:80])
    low, high = (_constant(evaluation, read_feel(end)) if end else None for end in (found[2], found[3]))
    compare("<=", low, high)
    return FeelRange(low, high, found[1] == "[", found[4] == "]")


def _constant(evaluation: Evaluation, node: Node) -> object:
    match node:
        case Literal(value):
            return value
        case Negation(operand):
            return negated(_constant(evaluation, operand))
        case Call(Name(name), arguments) if name in _WRITTEN:
            return _WRITTEN[name].call(evaluation, [_constant(evaluation, one.value) for one in arguments])
        case _:
            raise ExpressionError("feel_range_end", "The ends of a range's text are written-out values.")


INTERVALS = (
    _relation("before", _ranges(_before), _point_range(_after_point), _range_point(_before_point), _points(_less)),
    _relation(
        "after",
        _ranges(_flipped(_before)),
        _point_range(_flipped(_before_point)),
        _range_point(_flipped(_after_point)),
        _points(_flipped(_less)),
    ),
    _relation("meets", _ranges(_meets)),
    _relation("met by", _ranges(_flipped(_meets))),
    _relation("overlaps", _ranges(_overlaps)),
    _relation("overlaps before", _ranges(_overlaps_before)),
    _relation("overlaps after", _ranges(_overlaps_after)),
    _relation("finishes", _ranges(_finishes), _point_range(_finishes_at)),
    _relation("finished by", _ranges(_flipped(_finishes)), _range_point(_flipped(_finishes_at))),
    _relation("includes", _ranges(_includes), _range_point(_includes_point)),
    _relation("during", _ranges(_flipped(_includes)), _point_range(_flipped(_includes_point))),
    _relation("starts", _ranges(_starts), _point_range(_starts_at)),
    _relation("started by", _ranges(_flipped(_starts)), _range_point(_flipped(_starts_at))),
    _relation("coincides", _ranges(same), _points(same)),
    one_of("range", Way("from: string", _range, told=True), result=ANY_RANGE),
)
