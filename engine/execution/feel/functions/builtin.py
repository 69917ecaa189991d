"""A built-in function has one or more ways to be called, each with named, typed parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.calling import unknown_argument, wrong_count
from engine.execution.feel.evaluation import Evaluation
from engine.execution.feel.types import (
    ANY,
    ANY_CONTEXT,
    ANY_FUNCTION,
    ANY_LIST,
    ANY_RANGE,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_TIME,
    MISFIT,
    NUMBER,
    STRING,
    TIME,
    YEARS_MONTHS,
    FeelType,
    FunctionType,
    ListType,
    coerced,
)
from engine.execution.feel.values import Invocable, is_list, kind_of

_TYPES: dict[str, FeelType] = {
    "any": ANY,
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "moment": DATE_TIME,
    "months": YEARS_MONTHS,
    "days": DAYS_TIME,
    "list": ANY_LIST,
    "strings": ListType(STRING),
    "context": ANY_CONTEXT,
    "function": ANY_FUNCTION,
    "range": ANY_RANGE,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A parameter: `optional` may be left out, `nullable` may be null."""

    name: str
    type: FeelType
    optional: bool
    nullable: bool


class Way:
    """One way to call: places by their text, such as `string: string, length?: number`.

    `*` gathers all arguments where they are not one list, `**` always;
    `?` behind a name means that it may be left out, `~` behind a type that it may be null.
    """

    __slots__ = ("action", "gathers", "least", "opens", "places", "told")

    def __init__(self, places: str, action: Callable[..., object], *, told: bool = False) -> None:
        self.gathers = places.startswith("*")
        self.opens = self.gathers and not places.startswith("**")
        self.places = tuple(_place(part) for part in places.lstrip("*").split(",") if part.strip())
        self.least = sum(not place.optional for place in self.places)
        self.action = action
        self.told = told

    def takes(self, count: int) -> bool:
        return count > 0 if self.gathers else self.least <= count <= len(self.places)

    def ordered(self, values: Mapping[str, object]) -> list[object] | None:
        """Give arguments by name in their order; nothing where this way has other names."""
        if values.keys() - {place.name for place in self.places}:
            return None
        if any(not place.optional and place.name not in values for place in self.places):
            return None
        last = max((at for at, place in enumerate(self.places, 1) if place.name in values), default=0)
        return [values.get(place.name) for place in self.places[:last]]

    def fitted(self, values: Sequence[object]) -> list[object] | Place:
        """Give the arguments as they are wanted, or the place that one does not fit."""
        if self.gathers and not (self.opens and len(values) == 1 and (is_list(values[0]) or values[0] is None)):
            values = [list(values)]
        given: list[object] = []
        for place, value in zip(self.places, values, strict=False):
            if value is None:
                if not (place.nullable or place.optional):
                    return place
                given.append(None)
                continue
            found = value if place.type is ANY else coerced(value, place.type)
            if found is MISFIT or (found is None and not (place.nullable or place.optional)):
                return place  # a list of null alone is null too
            given.append(found)
        return given


def _place(text: str) -> Place:
    name, _, kind = text.strip().partition(": ")
    return Place(name.rstrip("?"), _TYPES[kind.rstrip("~")], name.endswith("?"), kind.endswith("~"))


class BuiltIn(Invocable):
    """A function of FEEL itself."""

    __slots__ = ("ways",)

    def __init__(self, name: str, ways: Sequence[Way], result: FeelType = ANY) -> None:
        self.name = name
        self.ways = tuple(ways)
        first = self.ways[0]
        self.signature = FunctionType(tuple(place.type for place in first.places[: max(first.least, 1)]), result)

    def check(self, count: int, names: Sequence[str]) -> None:
        """Refuse a number of arguments, or names, that no way takes."""
        if names:
            known = {place.name for way in self.ways for place in way.places}
            for name in names:
                if name not in known:
                    raise unknown_argument(self.name, name)
        elif not any(way.takes(count) for way in self.ways):
            most = max(100 if way.gathers else len(way.places) for way in self.ways)
            raise wrong_count(self.name, min(way.least for way in self.ways), most, count)

    def call(self, evaluation: Evaluation, values: Sequence[object]) -> object:
        """Give the result for arguments by place; null and a problem where they do not fit."""
        return self._called(evaluation, [(way, values) for way in self.ways if way.takes(len(values))], values)

    def call_named(self, evaluation: Evaluation, values: Mapping[str, object]) -> object:
        """Give the result for arguments by name; null and a problem where they do not fit."""
        ordered = [(way, given) for way in self.ways if (given := way.ordered(values)) is not None]
        return self._called(evaluation, ordered, list(values.values()), tuple(values))

    def _called(
        self,
        evaluation: Evaluation,
        ways: Sequence[tuple[Way, Sequence[object]]],
        values: Sequence[object],
        names: Sequence[str] = (),
    ) -> object:
        try:
            if not ways:
                self.check(len(values), names)
                raise wrong_count(self.name, self.ways[0].least, len(self.ways[0].places), len(values))
            for way, given in ways:
                fitted = way.fitted(given)
                if isinstance(fitted, list):
                    for value in fitted:
                        _spend_on(value, evaluation)
                    evaluation.spend()
                    result = way.action(evaluation, *fitted) if way.told else way.action(*fitted)
                    _spend_on(result, evaluation)
                    return result
            if None in values:
                return evaluation.note(self._null()) if not evaluation.strict else None
            raise self._unfit(ways, values)
        except ExpressionError as problem:
            return evaluation.note(problem)
        except (ArithmeticError, ValueError, OverflowError):
            return evaluation.note(
                ExpressionError("function_range", "“{function}” is out of range.", function=self.name)
            )

    def _null(self) -> ExpressionError:
        return ExpressionError("function_null", "“{function}” is given null.", function=self.name)

    def _unfit(self, ways: Sequence[tuple[Way, Sequence[object]]], values: Sequence[object]) -> ExpressionError:
        way, given = ways[0]
        place = way.fitted(given)
        value = values[way.places.index(place)] if isinstance(place, Place) and len(values) == len(given) else values[0]
        return ExpressionError(
            "function_kind", "“{function}” cannot take a {kind} here.", function=self.name, kind=kind_of(value)
        )


def _spend_on(value: object, evaluation: Evaluation) -> None:
    if isinstance(value, str | list | dict):
        evaluation.spend_on(value)


def one_of(name: str, *ways: Way, result: FeelType = ANY) -> BuiltIn:
    """Make a built-in function of its ways."""
    return BuiltIn(name, ways, result)


def by_name(functions: Iterable[BuiltIn]) -> dict[str, BuiltIn]:
    """Give functions by their names."""
    return {function.name: function for function in functions}
