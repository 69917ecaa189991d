"""Where the engine's own values and FEEL's meet: dates, times, moments and durations change their type, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.comparing import too_large
from engine.execution.feel.evaluation import DEPTH
from engine.execution.feel.temporal import SECOND, DaysTime, FeelDate, FeelDateTime, FeelTime, YearsMonths
from engine.execution.feel.values import FeelRange, Invocable
from engine.model.values import Months, Value

_MICROSECOND = timedelta(microseconds=1)
_SAME = frozenset(
    {type(None), bool, int, Decimal, str, FeelDate, FeelTime, FeelDateTime, YearsMonths, DaysTime, FeelRange}
)


def from_engine(value: object, depth: int = 0) -> object:
    """Give a value of the engine as FEEL has it; what is FEEL's already stays."""
    if type(value) in _SAME or isinstance(value, Invocable):
        return value
    if depth > DEPTH:
        raise too_large()
    if isinstance(value, Mapping):
        return {str(key): from_engine(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [from_engine(item, depth + 1) for item in value]
    return _from_plain(value)


def _from_plain(value: object) -> object:
    match value:
        case float():
            return Decimal(str(value))
        case datetime():
            return FeelDateTime(FeelDate(value.year, value.month, value.day), _from_time(value.timetz(), value))
        case date():
            return FeelDate(value.year, value.month, value.day)
        case time():
            return _from_time(value, None)
        case timedelta():
            return DaysTime(value // _MICROSECOND * 1_000)
        case Months(count):
            return YearsMonths(count)
        case _:
            return value


def _from_time(clock: time, moment: datetime | None) -> FeelTime:
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
    nanos = seconds * SECOND + clock.microsecond * 1_000
    zone = getattr(clock.tzinfo, "key", None)
    if isinstance(zone, str):
        return FeelTime(nanos, None, zone)
    offset = moment.utcoffset() if moment is not None else clock.utcoffset()
    return FeelTime(nanos, None if offset is None else int(offset.total_seconds()))


def to_engine(value: object, depth: int = 0) -> Value:
    """Give a FEEL value as the engine keeps it; raise ExpressionError where it has no such value."""
    if depth > DEPTH:
        raise too_large()
    match value:
        case None | bool() | int() | Decimal() | str():
            return value
        case list() | tuple():
            return [to_engine(item, depth + 1) for item in value]
        case Mapping():
            return {str(key): to_engine(item, depth + 1) for key, item in value.items()}
        case YearsMonths(months):
            return Months(months)
        case FeelDate() | FeelTime() | FeelDateTime() | DaysTime():
            found = value.to_python()
            if found is not None:
                return found
    raise ExpressionError("feel_not_kept", "“{value}” is a value that cannot be kept.", value=str(value)[:80])
