"""A filter gives one item by its number, from the end where it is negative, or all items that fit its condition."""

from __future__ import annotations

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.evaluation import Frame, Run
from engine.execution.feel.tree import Between, Comparison, InstanceOf, Literal, Logic, Node, Quantified, Within
from engine.execution.feel.values import is_context, is_list, is_number, kind_of

_CONDITIONS = (Comparison, Logic, Between, Within, Quantified, InstanceOf)


def build_filter(base: Run, node: Node, condition: Run) -> Run:
    """Give the function of `base[condition]`; what kind of filter it is shows in the text or in its first value."""
    if isinstance(node, Literal) and is_number(node.value):
        return lambda frame: _item(_listed(base(frame)), condition(frame), frame)
    always_condition = isinstance(node, _CONDITIONS)

    def evaluate(frame: Frame) -> object:
        value = base(frame)
        items = _listed(value)
        if not always_condition:
            number = condition(_inner(items[0], frame) if items else frame)
            if is_number(number):
                return _item(items, condition(frame) if items and is_context(items[0]) else number, frame)
        try:
            frame.evaluation.spend(len(items))
            return [item for item in items if _is_wanted(condition(_inner(item, frame)))]
        except ExpressionError as problem:
            return frame.evaluation.note(problem)

    return evaluate


def _is_wanted(answer: object) -> bool:
    if answer is True or answer is False or answer is None:
        return answer is True
    raise ExpressionError(
        "feel_filter_kind", "A filter asks for a number, or for yes or no, not for a {kind}.", kind=kind_of(answer)
    )


def _listed(value: object) -> list[object]:
    if is_list(value):
        return value
    return [] if value is None else [value]


def _inner(item: object, frame: Frame) -> Frame:
    named = Frame({"item": item}, frame, frame.evaluation)
    return Frame(item, named, frame.evaluation) if is_context(item) else named


def _item(items: list[object], number: object, frame: Frame) -> object:
    if not is_number(number) or number != int(number):
        return frame.evaluation.note(
            ExpressionError("feel_index", "An item is asked for by a number that is not whole.")
        )
    place = int(number)
    if 0 < place <= len(items):
        return items[place - 1]
    if -len(items) <= place < 0:
        return items[place]
    return frame.evaluation.note(
        ExpressionError(
            "feel_no_item", "Item {number} is asked for, but the list has {count}.", number=place, count=len(items)
        )
    )
