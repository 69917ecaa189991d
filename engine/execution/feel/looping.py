"""Loops and quantifiers go through their items one by one; how many there may be is bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.comparing import unfit
from engine.execution.feel.evaluation import ITEMS, Evaluation, Frame, Run
from engine.execution.feel.temporal import FeelDate, date_of
from engine.execution.feel.tree import Loop, Name, Node, Quantified, Ranging, Span
from engine.execution.feel.values import FeelRange, is_list, is_number
from engine.execution.feel.walking import walk

Items = Callable[[Frame], Iterable[object]]


def build_loop(node: Loop, build: Callable[[Node], Run]) -> Run:
    """Give the function of `for … return …`; `partial` is a copy of what came before."""
    bindings = _bindings(node.iterators, build)
    body = build(node.body)
    looks_back = any(isinstance(found, Name) and found.name == "partial" for found, _ in walk(node.body))

    def evaluate(frame: Frame) -> object:
        results: list[object] = []
        try:
            for inner in bindings(frame):
                if looks_back:
                    frame.evaluation.spend(len(results))
                    inner = Frame({"partial": list(results)}, inner, frame.evaluation)
                results.append(body(inner))
                if len(results) > ITEMS:
                    raise list_too_long()
        except ExpressionError as problem:
            return frame.evaluation.note(problem)
        return results

    return evaluate


def list_too_long() -> ExpressionError:
    """Refuse a list of more items than any value may have."""
    return ExpressionError("feel_list_long", "A list has more than {limit} items.", limit=ITEMS)


def build_quantified(node: Quantified, build: Callable[[Node], Run]) -> Run:
    """Give the function of `some` and `every`, which know three values as `or` and `and` do."""
    bindings = _bindings(node.iterators, build)
    condition = build(node.condition)
    deciding = not node.every

    def evaluate(frame: Frame) -> object:
        known = True
        try:
            for inner in bindings(frame):
                answer = condition(inner)
                if answer is deciding:
                    return deciding
                known = known and answer is not deciding and isinstance(answer, bool)
        except ExpressionError as problem:
            return frame.evaluation.note(problem)
        return (not deciding) if known else None

    return evaluate


def _bindings(iterators: tuple[Ranging, ...], build: Callable[[Node], Run]) -> Callable[[Frame], Iterator[Frame]]:
    sources = [(one.name, _items(one.source, build)) for one in iterators]

    def nested(frame: Frame, place: int) -> Iterator[Frame]:
        name, items = sources[place]
        evaluation = frame.evaluation
        for item in items(frame):
            evaluation.spend()
            inner = Frame({name: item}, frame, evaluation)
            if place + 1 == len(sources):
                yield inner
            else:
                yield from nested(inner, place + 1)

    return lambda frame: nested(frame, 0)


def _items(source: Node, build: Callable[[Node], Run]) -> Items:
    if isinstance(source, Span):
        low, high = build(source.low), build(source.high)
        return lambda frame: counted(low(frame), high(frame))
    run = build(source)
    return lambda frame: listed(run(frame), frame.evaluation)


def listed(value: object, evaluation: Evaluation) -> Iterable[object]:
    """Give the items of a list or a range of whole numbers or days; another value is a list of one."""
    if is_list(value):
        return value
    if isinstance(value, FeelRange):
        return _within_range(value)
    if value is None:
        raise ExpressionError("feel_no_list", "There is no list to go through; the value is null.")
    return [value]


def counted(low: object, high: object) -> Iterable[object]:
    """Count from one whole number or day to another, forward or backward."""
    if isinstance(low, FeelDate) and isinstance(high, FeelDate):
        return (date_of(number) for number in _steps(low.ordinal, high.ordinal))
    if is_number(low) and is_number(high):
        return _steps(_whole(low), _whole(high))
    raise unfit("..", low, high)


def _steps(low: int, high: int) -> range:
    return range(low, high + 1) if low <= high else range(low, high - 1, -1)


def _whole(number: int | Decimal) -> int:
    if number != int(number):
        raise ExpressionError("function_whole", "“{function}” needs a whole number.", function="for")
    return int(number)


def _within_range(found: FeelRange) -> Iterable[object]:
    if found.low is None or found.high is None:
        raise ExpressionError("feel_no_end", "A range without two ends cannot be gone through.")
    items = iter(counted(found.low, found.high))
    if not found.low_closed:
        next(items, None)
    if found.high_closed:
        return items
    return _without_last(items)


def _without_last(items: Iterator[object]) -> Iterator[object]:
    before = next(items, None)
    for item in items:
        yield before
        before = item
