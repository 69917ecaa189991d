"""What boxed expressions do when they are evaluated: each gives a function of a frame, made of those of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.execution.decisions.told import unfit
from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import Evaluation, FeelFunction, Frame, Parameter, compile_feel
from engine.execution.feel.evaluation import Run
from engine.execution.feel.types import ANY, MISFIT, FeelType, coerced
from engine.execution.feel.values import Invocable, kind_of
from engine.model.dmn import Iteration, IterationKind


def conforming(run: Run, kind: FeelType, name: str) -> Run:
    """Give the same with its value as the type wants it; what does not fit is null and a problem."""
    if kind == ANY:
        return run

    def typed(frame: Frame) -> object:
        return as_type(run(frame), kind, name, frame.evaluation)

    return typed


def as_type(value: object, kind: FeelType, name: str, evaluation: Evaluation) -> object:
    """Give the value as the type wants it; what does not fit is null and a problem."""
    given = coerced(value, kind)
    if given is not MISFIT:
        return given
    why = unfit(value, kind).message
    if name:
        evaluation.note(ExpressionError("decision_input", "“{name}” does not fit: {why}", name=name, why=why))
    else:
        evaluation.note(ExpressionError("decision_misfit", "The result does not fit: {why}", why=why))
    return None


def run_context(named: list[tuple[str, Run]], result: Run | None) -> Run:
    """Evaluate the parts in order, each seeing those before it; give them all, or the result where there is one."""

    def run(frame: Frame) -> object:
        names: dict[str, object] = {}
        inner = Frame(names, frame, frame.evaluation)
        for name, part in named:
            names[name] = part(inner)
        return names if result is None else result(inner)

    return run


def run_list(items: list[Run]) -> Run:
    """Evaluate each item."""
    return lambda frame: [item(frame) for item in items]


def run_conditional(condition: Run, then: Run, otherwise: Run) -> Run:
    """Evaluate one of two."""
    return lambda frame: then(frame) if condition(frame) is True else otherwise(frame)


def run_invocation(called: Run, bindings: list[tuple[str, Run]]) -> Run:
    """Call a function with named values."""

    def run(frame: Frame) -> object:
        function = called(frame)
        values = {name: binding(frame) for name, binding in bindings}
        if not isinstance(function, Invocable):
            frame.evaluation.note(ExpressionError("decision_no_function", "What is called is no function."))
            return None
        return function.call_named(frame.evaluation, values) if values else function.call(frame.evaluation, [])

    return run


_LOOPS: Final = {
    IterationKind.FOR: "for each in source return body(each, partial)",
    IterationKind.SOME: "some each in source satisfies body(each)",
    IterationKind.EVERY: "every each in source satisfies body(each)",
}


def run_iteration(logic: Iteration, source: Run, body: Run) -> Run:
    """Do what FEEL's own loop does, with the boxed parts in place of its texts."""
    loop = compile_feel(_LOOPS[logic.kind]).run
    names = (logic.variable, "partial") if logic.kind is IterationKind.FOR else (logic.variable,)
    return _through(loop, source, body, names)


def run_filter(source: Run, match: Run) -> Run:
    """Keep the items that match; the entries of an item are in sight."""

    def inner(frame: Frame) -> object:
        item = frame.look("item")
        found = match(Frame(item, frame, frame.evaluation) if isinstance(item, Mapping) else frame)
        if found is None or isinstance(found, bool):
            return found is True
        raise ExpressionError(
            "decision_match", "The match of a filter gives a {kind}, not yes or no.", kind=kind_of(found)
        )

    return _through(compile_feel("source[body(item)]").run, source, inner, ("item",))


def _through(loop: Run, source: Run, body: Run, names: tuple[str, ...]) -> Run:
    parameters = tuple(Parameter(name) for name in names)

    def run(frame: Frame) -> object:
        def call(evaluation: Evaluation, values: list[object]) -> object:
            return body(Frame(dict(zip(names, values, strict=True)), frame, evaluation))

        function = FeelFunction("body", parameters, call)
        return loop(Frame({"source": source(frame), "body": function}, None, frame.evaluation))

    return run
