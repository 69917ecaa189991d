"""Functions of lists give new lists and never change their own; positions count from 1, or from the end when negative."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.comparing import compare, same, too_large
from engine.execution.feel.evaluation import DEPTH, ITEMS, Evaluation
from engine.execution.feel.functions.builtin import Place, Way, one_of
from engine.execution.feel.types import ANY_LIST, BOOLEAN
from engine.execution.feel.values import Invocable, is_list

_Number = int | Decimal
_Items = Sequence[object]


def bounded_list(items: list[object]) -> list[object]:
    """Give a list back; raise ExpressionError where it has more items than any value may have."""
    if len(items) > ITEMS:
        raise ExpressionError("feel_list_long", "A list has more than {limit} items.", limit=ITEMS)
    return items


def _place(function: str, items: _Items, position: _Number) -> int:
    """Give the place of a position, from 0."""
    number = int(position)
    if number == 0 or abs(number) > len(items):
        raise ExpressionError("function_range", "“{function}” is out of range.", function=function)
    return number - 1 if number > 0 else len(items) + number


def _contains(evaluation: Evaluation, items: _Items, element: object) -> object:
    return any(same(item, element, evaluation) for item in items)


def _sublist(items: _Items, start: _Number, length: _Number | None = None) -> object:
    place = _place("sublist", items, start)
    if length is None:
        return list(items[place:])
    size = int(length)
    if size < 1 or place + size > len(items):
        raise ExpressionError("function_range", "“{function}” is out of range.", function="sublist")
    return list(items[place : place + size])


def _append(evaluation: Evaluation, items: _Items, *further: object) -> object:
    return bounded_list([*items, *further])


def _concatenate(lists: _Items) -> object:
    return bounded_list([item for items in lists for item in _as_list("concatenate", items)])


def _as_list(function: str, value: object) -> Sequence[object]:
    if value is None:
        raise ExpressionError("function_null", "“{function}” is given null.", function=function)
    return value if is_list(value) else [value]


def _insert(items: _Items, position: _Number, item: object) -> object:
    place = _place("insert before", items, position)
    return bounded_list([*items[:place], item, *items[place:]])


def _remove(items: _Items, position: _Number) -> object:
    place = _place("remove", items, position)
    return [*items[:place], *items[place + 1 :]]


def _replace(items: _Items, position: _Number, item: object) -> object:
    place = _place("list replace", items, position)
    return [*items[:place], item, *items[place + 1 :]]


def _replace_matching(evaluation: Evaluation, items: _Items, match: Invocable, new: object) -> object:
    found: list[object] = []
    for item in items:
        fits = match.call(evaluation, [item, new])
        if not isinstance(fits, bool):
            raise ExpressionError(
                "feel_match", "“{function}” needs a function that says yes or no.", function="list replace"
            )
        found.append(new if fits else item)
    return found


def _index_of(evaluation: Evaluation, items: _Items, match: object) -> object:
    return [place for place, item in enumerate(items, 1) if same(item, match, evaluation)]


def _distinct(evaluation: Evaluation, items: _Items) -> list[object]:
    found: list[object] = []
    plain: set[tuple[type, object]] = set()
    for item in items:
        if type(item) in (str, int, Decimal, bool):
            key = (str if isinstance(item, str) else bool if isinstance(item, bool) else int, item)
            if key not in plain:
                plain.add(key)
                found.append(item)
        else:
            evaluation.spend(len(found))
            if not any(same(item, other, evaluation) for other in found):
                found.append(item)
    return found


def _union(evaluation: Evaluation, lists: _Items) -> object:
    return _distinct(evaluation, bounded_list([item for items in lists for item in _as_list("union", items)]))


def _flatten(items: _Items) -> object:
    found: list[object] = []

    def gather(inner: _Items, depth: int) -> None:
        if depth > DEPTH:
            raise too_large()
        for item in inner:
            if is_list(item):
                gather(item, depth + 1)
            else:
                found.append(item)
        bounded_list(found)

    gather(items, 0)
    return found


def _sort(evaluation: Evaluation, items: _Items, precedes: Invocable | None = None) -> object:
    def order(left: object, right: object) -> int:
        if precedes is None:
            return -1 if compare("<", left, right) else 1 if compare(">", left, right) else 0
        evaluation.spend()
        if _says(precedes.call(evaluation, [left, right])):
            return -1
        return 1 if _says(precedes.call(evaluation, [right, left])) else 0

    return sorted(items, key=cmp_to_key(order))


def _says(answer: object) -> bool:
    if not isinstance(answer, bool):
        raise ExpressionError("feel_match", "“{function}” needs a function that says yes or no.", function="sort")
    return answer


class _Appending(Way):
    """Takes a list and any number of items behind it."""

    __slots__ = ()

    def takes(self, count: int) -> bool:
        return count >= 2

    def fitted(self, values: Sequence[object]) -> list[object] | Place:
        first = super().fitted(values[:1])
        return [*first, *values[1:]] if isinstance(first, list) else first


_AT = "list: list, position: number"


LISTS = (
    one_of("list contains", Way("list: list, element: any~", _contains, told=True), result=BOOLEAN),
    one_of("sublist", Way("list: list, start position: number, length?: number", _sublist), result=ANY_LIST),
    one_of("append", _Appending("list: list, item: any~", _append, told=True), result=ANY_LIST),
    one_of("concatenate", Way("**list: list", _concatenate), result=ANY_LIST),
    one_of("insert before", Way(f"{_AT}, newItem: any~", _insert), result=ANY_LIST),
    one_of("remove", Way(_AT, _remove), result=ANY_LIST),
    one_of("reverse", Way("list: list", lambda items: list(reversed(items))), result=ANY_LIST),
    one_of("index of", Way("list: list, match: any~", _index_of, told=True), result=ANY_LIST),
    one_of("union", Way("**list: list", _union, told=True), result=ANY_LIST),
    one_of("distinct values", Way("list: list", _distinct, told=True), result=ANY_LIST),
    one_of("flatten", Way("list: list", _flatten), result=ANY_LIST),
    one_of("sort", Way("list: list, precedes?: function", _sort, told=True), result=ANY_LIST),
    one_of(
        "list replace",
        Way(f"{_AT}, newItem: any~", _replace),
        Way("list: list, match: function, newItem: any~", _replace_matching, told=True),
        result=ANY_LIST,
    ),
)
