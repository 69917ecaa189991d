"""The types of FEEL: what conforms to them, and the few conversions that are made without being asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.execution.feel.evaluation import Evaluation
from engine.execution.feel.temporal import FeelDate, FeelDateTime, FeelTime
from engine.execution.feel.values import FeelRange, Invocable, is_context, is_list, kind_of

_NESTING = 60


@dataclass(frozen=True, slots=True)
class Simple:
    """A type without parts, by its FEEL name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """`list<item>`."""

    item: FeelType


@dataclass(frozen=True, slots=True)
class ContextType:
    """`context<…>`: these entries at least."""

    entries: Mapping[str, FeelType]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`function<…> -> result`; without parameters told, any function."""

    parameters: tuple[FeelType, ...] | None
    result: FeelType


@dataclass(frozen=True, slots=True)
class RangeType:
    """`range<item>`."""

    item: FeelType


@dataclass(frozen=True, slots=True)
class Constrained:
    """A type whose values must also pass a check; `name` is that of its item definition."""

    name: str
    of: FeelType
    check: Callable[[object], bool]


FeelType: TypeAlias = Simple | ListType | ContextType | FunctionType | RangeType | Constrained

ANY, NULL = Simple("Any"), Simple("null")
NUMBER, STRING, BOOLEAN = Simple("number"), Simple("string"), Simple("boolean")
DATE, TIME, DATE_TIME = Simple("date"), Simple("time"), Simple("date and time")
YEARS_MONTHS, DAYS_TIME = Simple("years and months duration"), Simple("days and time duration")
ANY_LIST, ANY_CONTEXT, ANY_FUNCTION, ANY_RANGE = ListType(ANY), ContextType({}), FunctionType(None, ANY), RangeType(ANY)

SIMPLE_NAMES: dict[str, FeelType] = {
    "Any": ANY,
    "Null": NULL,
    "null": NULL,
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "date and time": DATE_TIME,
    "dateTime": DATE_TIME,
    "years and months duration": YEARS_MONTHS,
    "year month duration": YEARS_MONTHS,
    "yearMonthDuration": YEARS_MONTHS,
    "days and time duration": DAYS_TIME,
    "day time duration": DAYS_TIME,
    "dayTimeDuration": DAYS_TIME,
    "list": ANY_LIST,
    "context": ANY_CONTEXT,
    "function": ANY_FUNCTION,
    "range": ANY_RANGE,
}


def simple_type(name: str) -> FeelType | None:
    """Give the type that FEEL itself knows under a name, with or without a prefix such as `feel:`."""
    return SIMPLE_NAMES.get(" ".join(name.rpartition(":")[2].split()))


class Misfit:
    """Stands for a value that fits its type in no way."""

    __slots__ = ()


MISFIT = Misfit()


def instance_of(value: object, wanted: FeelType, evaluation: Evaluation | None = None) -> bool:
    """Say what `instance of` says: null is only an instance of Null."""
    if value is None:
        return wanted == NULL
    return conforms(value, wanted, evaluation=evaluation)


def conforms(value: object, wanted: FeelType, depth: int = 0, *, evaluation: Evaluation | None = None) -> bool:
    """Say whether a value has a type; null has every one."""
    if value is None or wanted == ANY:
        return True
    if depth > _NESTING:
        return False
    if evaluation is not None and is_list(value):
        evaluation.spend(len(value))
    match wanted:
        case Simple(name):
            return kind_of(value) == name
        case ListType(item):
            return is_list(value) and (
                item == ANY or all(conforms(entry, item, depth + 1, evaluation=evaluation) for entry in value)
            )
        case ContextType(entries):
            return is_context(value) and all(
                key in value and conforms(value[key], entry, depth + 1, evaluation=evaluation)
                for key, entry in entries.items()
            )
        case RangeType(item):
            ends = (value.low, value.high) if isinstance(value, FeelRange) else ()
            return bool(ends) and all(conforms(end, item, depth + 1) for end in ends)
        case FunctionType():
            return (
                isinstance(value, Invocable)
                and isinstance(value.signature, FunctionType)
                and narrower(value.signature, wanted)
            )
        case Constrained(_, of, check):
            return conforms(value, of, depth + 1) and check(value)


def narrower(given: FeelType, wanted: FeelType, depth: int = 0) -> bool:
    """Say whether every value of one type is one of the other; Any stands for what is not declared."""
    if ANY in (given, wanted) or given in (wanted, NULL):
        return True
    if depth > _NESTING:
        return False
    if isinstance(given, Constrained):
        return narrower(given.of, wanted, depth + 1)
    match given, wanted:
        case (ListType(item), ListType(other)) | (RangeType(item), RangeType(other)):
            return narrower(item, other, depth + 1)
        case ContextType(entries), ContextType(others):
            return all(key in entries and narrower(entries[key], other, depth + 1) for key, other in others.items())
        case FunctionType(parameters, result), FunctionType(others, wanted_result):
            if others is None:
                return True
            known = parameters or ()
            return (
                len(known) == len(others)
                and all(narrower(other, own, depth + 1) for own, other in zip(known, others, strict=True))
                and narrower(result, wanted_result, depth + 1)
            )
        case _:
            return False


def coerced(value: object, wanted: FeelType) -> object:
    """Give the value as its type wants it: a list of one for its item, an item for a list of one, midnight for a date.

    Gives MISFIT where the value fits in no way.
    """
    if conforms(value, wanted):
        return value
    plain = wanted
    while isinstance(plain, Constrained):
        plain = plain.of
    if plain == DATE_TIME and isinstance(value, FeelDate):
        changed: object = FeelDateTime(value, FeelTime(0, 0))
    elif isinstance(plain, ListType) and not is_list(value):
        changed = [value]
    elif is_list(value) and len(value) == 1 and not isinstance(plain, ListType):
        changed = value[0]
    else:
        return MISFIT
    return changed if conforms(changed, wanted) else MISFIT
