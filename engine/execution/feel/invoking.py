"""Functions are called by place or by name, and made by `function(…) …` with the frame that they were made in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.calling import FeelFunction, Parameter
from engine.execution.feel.evaluation import Evaluation, Frame, Run
from engine.execution.feel.functions import BUILT_IN
from engine.execution.feel.tree import Call, FunctionOf, Name, Node
from engine.execution.feel.values import Invocable, kind_of
from engine.execution.feel.walking import depth_of

_FRAMES_A_NODE, _FRAMES_A_CALL = 3, 10


def build_call(node: Call, build: Callable[[Node], Run], *, border: bool) -> Run:
    """Give the function that calls; what a closed language does not know is refused at once."""
    arguments = tuple(build(argument.value) for argument in node.arguments)
    names = tuple(argument.name for argument in node.arguments)
    called = node.function.name if isinstance(node.function, Name) else ""
    known = BUILT_IN.get(called)  # what a value of its name does not hide: a table may read a “date” and call `date(…)`
    if border and known is not None:
        known.check(len(arguments), names if names and names[0] else ())
    function = build(node.function)
    if names and names[0]:
        return _call_named(function, dict(zip(names, arguments, strict=True)), called)

    def evaluate(frame: Frame) -> object:
        found = function(frame)
        values = [argument(frame) for argument in arguments]
        if isinstance(found, Invocable):
            return found.call(frame.evaluation, values)
        if known is not None:
            return known.call(frame.evaluation, values)
        return frame.evaluation.note(no_function(found, called))

    return evaluate


def _call_named(function: Run, arguments: Mapping[str, Run], called: str) -> Run:
    def evaluate(frame: Frame) -> object:
        found = function(frame)
        values = {name: argument(frame) for name, argument in arguments.items()}
        if isinstance(found, Invocable):
            return found.call_named(frame.evaluation, values)
        if called in BUILT_IN:
            return BUILT_IN[called].call_named(frame.evaluation, values)
        return frame.evaluation.note(no_function(found, called))

    return evaluate


def no_function(value: object, called: str) -> ExpressionError:
    """Say that something is called which is no function."""
    if called and value is None:
        return ExpressionError("function_unknown", "There is no function “{function}”.", function=called)
    return ExpressionError("feel_not_a_function", "A {kind} is called like a function.", kind=kind_of(value))


def build_function(node: FunctionOf, build: Callable[[Node], Run]) -> Run:
    """Give the function that makes a function, which sees the frame that it is made in."""
    body = build(node.body)
    parameters = tuple(Parameter(parameter.name, parameter.wanted) for parameter in node.parameters)
    names = tuple(parameter.name for parameter in parameters)
    frames = depth_of(node.body) * _FRAMES_A_NODE + _FRAMES_A_CALL

    def evaluate(frame: Frame) -> object:
        def run(evaluation: Evaluation, values: list[object]) -> object:
            return body(Frame(dict(zip(names, values, strict=True)), frame, evaluation))

        return FeelFunction("function", parameters, run, frames=frames)

    return evaluate
