"""A tree becomes one function of a frame, built once; evaluating looks nothing up but names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.calculating import OPERATIONS, negated
from engine.execution.feel.comparing import ORDERINGS, equal, fits, unfit
from engine.execution.feel.evaluation import Evaluation, Frame, Run
from engine.execution.feel.invoking import build_call, build_function
from engine.execution.feel.looping import build_loop, build_quantified
from engine.execution.feel.naming import build_name, build_path
from engine.execution.feel.relations import build_between, build_comparison, joined, unequal
from engine.execution.feel.selecting import build_filter
from engine.execution.feel.tree import (
    Anything,
    Arithmetic,
    Between,
    Call,
    Choice,
    Comparison,
    ContextOf,
    Filter,
    FunctionOf,
    InstanceOf,
    ListOf,
    Literal,
    Logic,
    Loop,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeOf,
    Test,
    Within,
)
from engine.execution.feel.types import FeelType, instance_of
from engine.execution.feel.values import FeelRange, kind_of


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds the functions of one text; in `border` names are read from the engine's own values."""

    border: bool

    def build(self, node: Node) -> Run:
        """Give the function that evaluates a node."""
        match node:
            case Literal(value):
                return lambda _: value
            case Name(name):
                return build_name(name, border=self.border)
            case Path(base, name):
                return build_path(base, name, self.build, border=self.border)
            case Comparison(sign, left, right):
                return build_comparison(sign, self.build(left), self.build(right), right)
            case Logic(conjunction, operands):
                return _logic(conjunction, tuple(self.build(operand) for operand in operands))
            case Arithmetic(sign, left, right):
                return joined(self.build(left), self.build(right), OPERATIONS[sign])
            case Choice(condition, then, otherwise):
                return _choice(self.build(condition), self.build(then), self.build(otherwise))
            case Negation(operand):
                return _changed(self.build(operand), negated)
            case Call():
                return build_call(node, self.build, border=self.border)
            case _:
                return self.rarer(node)

    def rarer(self, node: Node) -> Run:
        match node:
            case Between(item, low, high):
                return build_between(self.build(item), self.build(low), self.build(high))
            case Within(item, tests):
                return _within(self.build(item), tuple(self.test(test) for test in tests))
            case ListOf(items):
                return _list(tuple(self.build(item) for item in items))
            case ContextOf(entries):
                return _context(tuple((entry.key, self.build(entry.value)) for entry in entries))
            case RangeOf():
                return _range(node, self.build(node.low), self.build(node.high))
            case Filter(base, condition):
                return build_filter(self.build(base), condition, self.build(condition))
            case Loop():
                return build_loop(node, self.build)
            case Quantified():
                return build_quantified(node, self.build)
            case InstanceOf(item, wanted):
                return _instance(self.build(item), wanted)
            case FunctionOf():
                return build_function(node, self.build)
            case _:
                raise ExpressionError(
                    "feel_test_alone", "A test such as “< 10” may only stand behind “in” or in a cell."
                )

    def test(self, node: Node) -> Judge:
        """Give the function that tests a value: by a sign, in a range, equal, or one of a list."""
        match node:
            case Anything():
                return lambda _value, _frame: True
            case Test("=", operand):
                return _judged(self.build(operand), equal)
            case Test("!=", operand):
                return _judged(self.build(operand), unequal)
            case Test(sign, operand):
                ordered = ORDERINGS[sign]
                return _judged(self.build(operand), lambda value, wanted, _: ordered(value, wanted))
            case _:
                return _judged(self.build(node), fits)


Judge = Callable[[object, Frame], bool | None]
"""A compiled test: of a value, in a frame."""


def _judged(wanted: Run, judge: Callable[[object, object, Evaluation], bool | None]) -> Judge:
    def test(value: object, frame: Frame) -> bool | None:
        try:
            return judge(value, wanted(frame), frame.evaluation)
        except ExpressionError as problem:
            frame.evaluation.note(problem)
            return None

    return test


def _changed(operand: Run, action: Callable[[object], object]) -> Run:
    def evaluate(frame: Frame) -> object:
        try:
            return action(operand(frame))
        except ExpressionError as problem:
            return frame.evaluation.note(problem)

    return evaluate


def _logic(conjunction: bool, operands: tuple[Run, ...]) -> Run:
    deciding = not conjunction

    def evaluate(frame: Frame) -> object:
        known = True
        for operand in operands:
            value = operand(frame)
            if value is deciding:
                return deciding
            known = known and value is conjunction
        return conjunction if known else None

    return evaluate


def _choice(condition: Run, then: Run, otherwise: Run) -> Run:
    def evaluate(frame: Frame) -> object:
        chosen = condition(frame)
        if chosen is True:
            return then(frame)
        if chosen is not None and chosen is not False:
            frame.evaluation.note(not_a_condition(chosen))
        return otherwise(frame)

    return evaluate


def not_a_condition(value: object) -> ExpressionError:
    """Say that a condition gave something other than yes, no or null."""
    return ExpressionError(
        "condition_not_boolean",
        "The condition gives a {kind}, not yes or no; compare it with something.",
        kind=kind_of(value),
    )


def _within(item: Run, tests: tuple[Judge, ...]) -> Run:
    def evaluate(frame: Frame) -> object:
        value = item(frame)
        unknown = False
        for test in tests:
            answer = test(value, frame)
            if answer is True:
                return True
            unknown = unknown or answer is None
        return None if unknown else False

    return evaluate


def _list(items: tuple[Run, ...]) -> Run:
    return lambda frame: [item(frame) for item in items]


def _context(entries: tuple[tuple[str, Run], ...]) -> Run:
    repeated = len({key for key, _ in entries}) < len(entries)

    def evaluate(frame: Frame) -> object:
        if repeated:
            return frame.evaluation.note(
                ExpressionError("feel_key_twice", "A context has one of its keys twice; name them apart.")
            )
        found: dict[str, object] = {}
        inner = Frame(found, frame, frame.evaluation)
        for key, value in entries:
            found[key] = value(inner)
        return found

    return evaluate


def _range(node: RangeOf, low: Run, high: Run) -> Run:
    def evaluate(frame: Frame) -> object:
        ends = low(frame), high(frame)
        if None not in ends and kind_of(ends[0]) != kind_of(ends[1]):
            return frame.evaluation.note(unfit("..", *ends))
        return FeelRange(*ends, node.low_closed, node.high_closed)

    return evaluate


def _instance(item: Run, wanted: FeelType) -> Run:
    def evaluate(frame: Frame) -> object:
        try:
            return instance_of(item(frame), wanted, frame.evaluation)
        except ExpressionError as problem:
            return frame.evaluation.note(problem)

    return evaluate
