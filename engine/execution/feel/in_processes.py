"""FEEL in diagrams: conditions, timers, mappings and collections read and give the engine's own values, and are strict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from engine.execution.expression_errors import ExpressionError, from_message
from engine.execution.feel.border import to_engine
from engine.execution.feel.compiling import NOW, FeelExpression, compile_feel, reads_the_clock
from engine.execution.feel.evaluation import Evaluation, Frame, Run
from engine.execution.feel.tree import Call, Filter, FunctionOf, Loop, Node, Quantified
from engine.execution.feel.walking import walk
from engine.model.errors import Invalid
from engine.model.values import Value, bounded_number, normalise

Evaluate = Callable[[Mapping[str, Value]], Value]
_AS_THEY_ARE = frozenset({type(None), bool})
_COUNTING = (Loop, Quantified, Filter, FunctionOf, Call)


class _Uncounted(Evaluation):
    """Serves all expressions without loops and calls, whose length bounds their work; it keeps nothing between them."""

    __slots__ = ()

    def spend(self, amount: int = 1) -> None:
        """Count nothing."""


_STRICT = _Uncounted(strict=True)


def compile_for_processes(text: str, names: Iterable[str] = ()) -> tuple[FeelExpression, Evaluate]:
    """Compile an expression of a diagram; evaluating raises ExpressionError for what is a problem (R21).

    The time, where it is asked for, is told by the scope under `?now`.
    """
    compiled = compile_feel(text, names, border=True)
    run = compiled.run
    if _counts(compiled.tree):
        return compiled, _counted(run, reads_the_clock(compiled.tree))

    def evaluate(scope: Mapping[str, Value]) -> Value:
        value = run(Frame(scope, None, _STRICT))
        return value if type(value) in _AS_THEY_ARE else _kept(value)

    return compiled, evaluate


def _counts(tree: Node) -> bool:
    """Say whether evaluating counts work or calls, so that each evaluation needs an account of its own."""
    return any(isinstance(node, _COUNTING) for node, _ in walk(tree))


def _counted(run: Run, asks_time: bool) -> Evaluate:
    def evaluate(scope: Mapping[str, Value]) -> Value:
        now = scope.get(NOW) if asks_time else None
        evaluation = Evaluation(strict=True, now=now if isinstance(now, datetime) else None)
        try:
            value = run(Frame(scope, None, evaluation))
        except RecursionError:
            raise ExpressionError(
                "feel_too_large", "A list or context is nested too deep or holds too many values."
            ) from None
        return _kept(value)

    return evaluate


def _kept(value: object) -> Value:
    kind = type(value)
    if kind is str:
        return value
    try:
        if kind is int or kind is Decimal:
            assert isinstance(value, int | Decimal)
            return bounded_number(value)
        return normalise(to_engine(value))
    except Invalid as refusal:
        raise from_message(refusal.message) from None
