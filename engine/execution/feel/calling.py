"""Functions are called to a bounded depth; a call far down goes on with an empty stack, so recursion never overflows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Thread

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.evaluation import CALLS, Evaluation
from engine.execution.feel.types import ANY, MISFIT, FeelType, FunctionType, coerced
from engine.execution.feel.values import Invocable, kind_of

Body = Callable[[Evaluation, list[object]], object]
_LATER_STACK = 700
_WORK_OF_A_STACK = 60
_UNKNOWN_BODY = 100


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a function is told, and its type."""

    name: str
    type: FeelType = ANY


class FeelFunction(Invocable):
    """A function that a file or an expression defines; `frames` says how deep its body stacks at most."""

    __slots__ = ("body", "frames", "parameters", "result")

    def __init__(
        self,
        name: str,
        parameters: tuple[Parameter, ...],
        body: Body,
        *,
        result: FeelType = ANY,
        frames: int = _UNKNOWN_BODY,
    ) -> None:
        self.name = name
        self.parameters = parameters
        self.body = body
        self.result = result
        self.frames = frames
        self.signature = FunctionType(tuple(parameter.type for parameter in parameters), result)

    def call(self, evaluation: Evaluation, values: Sequence[object]) -> object:
        """Give the result for arguments by place; null and a problem where they do not fit."""
        try:
            if len(values) != len(self.parameters):
                raise wrong_count(self.name, len(self.parameters), len(self.parameters), len(values))
            given = [
                value if parameter.type is ANY else fitting(self.name, parameter, value)
                for parameter, value in zip(self.parameters, values, strict=True)
            ]
            evaluation.spend()
            found = deeper(evaluation, self.frames, lambda: self.body(evaluation, given))
            return found if self.result is ANY else _result(self.name, found, self.result)
        except ExpressionError as problem:
            return evaluation.note(problem)

    def call_named(self, evaluation: Evaluation, values: Mapping[str, object]) -> object:
        """Give the result for arguments by name; null and a problem where they do not fit."""
        names = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in names:
                return evaluation.note(unknown_argument(self.name, name))
        if len(values) < len(names):
            return evaluation.note(wrong_count(self.name, len(names), len(names), len(values)))
        return self.call(evaluation, [values[name] for name in names])


def fitting(function: str, parameter: Parameter, value: object) -> object:
    """Give an argument as its parameter wants it; raise ExpressionError where it does not fit."""
    found = coerced(value, parameter.type)
    if found is MISFIT:
        raise ExpressionError(
            "function_argument",
            "“{function}” cannot take a {kind} as “{parameter}”.",
            function=function,
            kind=kind_of(value),
            parameter=parameter.name,
        )
    return found


def _result(function: str, value: object, wanted: FeelType) -> object:
    found = coerced(value, wanted)
    if found is MISFIT:
        raise ExpressionError(
            "function_result",
            "“{function}” gives a {kind}, which is not its type.",
            function=function,
            kind=kind_of(value),
        )
    return found


def wrong_count(function: str, least: int, most: int, count: int) -> ExpressionError:
    """Say that a function takes another number of arguments."""
    return ExpressionError(
        "function_arguments",
        "“{function}” takes {least} to {most} arguments, not {count}.",
        function=function,
        least=least,
        most=most,
        count=count,
    )


def unknown_argument(function: str, name: str) -> ExpressionError:
    """Say that a function has no parameter of this name."""
    return ExpressionError(
        "function_parameter", "“{function}” has no parameter “{name}”.", function=function, name=name
    )


def deeper(evaluation: Evaluation, frames: int, action: Callable[[], object]) -> object:
    """Do something one call deeper; raise ExpressionError where calls are too deep."""
    if evaluation.calls >= CALLS:
        raise ExpressionError(
            "feel_calls_deep", "Functions call each other deeper than {limit} times; end the recursion.", limit=CALLS
        )
    before, room = evaluation.frames, evaluation.room
    evaluation.calls += 1
    evaluation.frames += frames
    try:
        return action() if evaluation.frames <= room else _elsewhere(evaluation, action)
    finally:
        evaluation.calls -= 1
        evaluation.frames, evaluation.room = before, room


def _elsewhere(evaluation: Evaluation, action: Callable[[], object]) -> object:
    """Do something on a stack of its own: each thread has one, and this one waits for it."""
    found: list[object] = []
    raised: list[BaseException] = []
    evaluation.frames, evaluation.room = 0, _LATER_STACK
    evaluation.spend(_WORK_OF_A_STACK)

    def work() -> None:
        try:
            found.append(action())
        except (ExpressionError, RecursionError, MemoryError) as error:
            raised.append(error)

    thread = Thread(target=work, name="feel", daemon=True)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
    return found[0]
