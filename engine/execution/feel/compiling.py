"""A text of FEEL is compiled once and evaluated often; what goes wrong then is null with a problem, never an accident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.building import Builder, Judge
from engine.execution.feel.comparing import fits
from engine.execution.feel.evaluation import Evaluation, Frame, Run
from engine.execution.feel.functions import BUILT_IN
from engine.execution.feel.parsing import read_feel, read_tests
from engine.execution.feel.text_tests import text_test
from engine.execution.feel.tree import Anything, Call, ListOf, Literal, Name, Node, RangeOf, Test, Tests
from engine.execution.feel.type_reading import TypeNames
from engine.execution.feel.walking import free_names, walk

NOW = "?now"
"""A scope may tell the time under this name, where no evaluation is given."""
_SPACED = ("time offset", "start included", "end included", *(name for name in BUILT_IN if " " in name))
_CLOCKS = frozenset({"now", "today"})


@dataclass(frozen=True, slots=True)
class FeelExpression:
    """A compiled expression; `names` are those that it reads from outside, built-in functions aside."""

    text: str
    names: frozenset[str]
    tree: Node
    run: Run

    def evaluate(self, scope: Mapping[str, object], evaluation: Evaluation | None = None) -> object:
        """Give the value for a scope; problems are noted in the evaluation."""
        known = evaluation or Evaluation(now=_now(scope))
        try:
            return self.run(Frame(scope, None, known))
        except RecursionError:
            return known.note(_too_deep())


@dataclass(frozen=True, slots=True)
class FeelTests:
    """The compiled tests of a cell; `test` takes the value and a frame."""

    text: str
    names: frozenset[str]
    tree: Tests | Anything
    test: Judge

    def fits(self, value: object, scope: Mapping[str, object], evaluation: Evaluation | None = None) -> bool | None:
        """Say whether a value passes; null where it cannot be told."""
        known = evaluation or Evaluation(now=_now(scope))
        try:
            return self.test(value, Frame(scope, None, known))
        except RecursionError:
            known.note(_too_deep())
            return None


def _now(scope: Mapping[str, object]) -> datetime | None:
    now = scope.get(NOW)
    return now if isinstance(now, datetime) else None


def _too_deep() -> ExpressionError:
    return ExpressionError("feel_too_large", "A list or context is nested too deep or holds too many values.")


def compile_feel(
    text: str, names: Iterable[str] = (), *, types: TypeNames | None = None, border: bool = False
) -> FeelExpression:
    """Compile one expression; raise ExpressionError where it is none.

    `names` are those of several words, `types` gives the types that a file declares; with `border` the names are read
    from the engine's own values, and functions that nobody knows are refused at once.
    """
    tree = read_feel(text, [*names, *_SPACED] if border else names, types, joins=not border)
    if border:
        _check_calls(tree)
    return FeelExpression(text, free_names(tree) - BUILT_IN.keys(), tree, Builder(border).build(tree))


def compile_tests(
    text: str, names: Iterable[str] = (), *, types: TypeNames | None = None, border: bool = False
) -> FeelTests:
    """Compile the tests of a cell; an empty one and `-` fit anything. Raises ExpressionError where it holds no tests."""
    tree = read_tests(text, names, types)
    read = free_names(tree) - BUILT_IN.keys() - {"?"}
    return FeelTests(text, read, tree, _judge(tree, Builder(border)))


def reads_the_clock(tree: Node) -> bool:
    """Say whether an expression asks for the time."""
    return not free_names(tree).isdisjoint(_CLOCKS)


def _check_calls(tree: Node) -> None:
    unbound = free_names(tree)
    for node, _ in walk(tree):
        if isinstance(node, Call) and isinstance(node.function, Name):
            name = node.function.name
            if name in unbound and name not in BUILT_IN:
                raise ExpressionError("function_unknown", "There is no function “{function}”.", function=name)


def _judge(tree: Tests | Anything, builder: Builder) -> Judge:
    if isinstance(tree, Anything):
        return lambda _value, _frame: True
    tests = tuple(_cell_test(node, builder) for node in tree.tests)
    if len(tests) == 1 and not tree.negated:
        return tests[0]
    return _several(tests, negated=tree.negated)


def _cell_test(node: Node, builder: Builder) -> Judge:
    if any(isinstance(found, Name) and found.name == "?" for found, _ in walk(node)):
        run = builder.build(node)

        def asks(value: object, frame: Frame) -> bool | None:
            answer = run(Frame({"?": value}, frame, frame.evaluation))
            return answer if isinstance(answer, bool) else fits(value, answer) if answer is not None else None

        return text_test(node, asks)
    compares = builder.test(node)
    if isinstance(node, Anything | ListOf | Literal | RangeOf | Test):
        return compares
    says = builder.build(node)

    def answers(value: object, frame: Frame) -> bool | None:
        """A cell that says yes or no about something else is a test of its own, unless yes or no is what is tested."""
        answer = None if isinstance(value, bool) else says(frame)
        return answer if isinstance(answer, bool) else compares(value, frame)

    return answers


def _several(tests: tuple[Judge, ...], *, negated: bool) -> Judge:
    def judge(value: object, frame: Frame) -> bool | None:
        unknown = False
        for test in tests:
            answer = test(value, frame)
            if answer is True:
                return not negated
            unknown = unknown or answer is None
        return None if unknown else negated

    return judge
