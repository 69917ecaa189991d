"""A list is read page by page from a place in its order, never by counting rows; a page knows the places beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Generic, TypeVar

Row = TypeVar("Row")
LAST = 2**63 - 1
"""The sort key of rows that have none, such as tasks without a due: they come last."""
_PLACE = re.compile(r"([ab])(\d{1,19})\.([0-9A-Za-z-]{1,64})")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an ordered list: the sort key and the id of a row; `back` reads towards the beginning."""

    key: int
    id: str
    back: bool = False

    def __str__(self) -> str:
        return f"{'b' if self.back else 'a'}{self.key}.{self.id}"


def place_from(text: str | None) -> Place | None:
    """Read a place as an address has it; what cannot be read is the beginning."""
    found = _PLACE.fullmatch(text or "")
    return None if found is None else Place(min(int(found[2]), LAST), found[3], found[1] == "b")


@dataclass(frozen=True, slots=True)
class Order:
    """By what a list is sorted, and whether the largest comes first."""

    by: str
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.by}" if self.descending else self.by


def order_from(text: str | None, known: Sequence[str]) -> Order:
    """Read an order such as `due` or `-age`; an unknown one is the first of `known`."""
    given = text or ""
    by = given.removeprefix("-")
    return Order(by, given.startswith("-")) if by in known else order_from(known[0], known)


BY_DUE = Order("due")


@dataclass(frozen=True, slots=True)
class Walk:
    """In which order a list is read, from where, and how many rows at most."""

    order: Order = BY_DUE
    place: Place | None = None
    size: int = 30

    @property
    def descending(self) -> bool:
        """Whether this reading goes from large keys to small ones."""
        return self.order.descending is not (self.place is not None and self.place.back)


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """One page of a list, and the places from which the next and the previous one are read."""

    rows: Sequence[Row] = ()
    next: Place | None = None
    previous: Place | None = None


def listed(found: Sequence[tuple[Row, int, str]], place: Place | None, size: int) -> Listed[Row]:
    """Make a page of rows with key and id that were read from `place`, one more than fits if there are more."""
    more = len(found) > size
    kept = list(found[:size])
    back = place is not None and place.back
    if back:
        kept.reverse()
    if not kept:
        return Listed()
    first, last = kept[0], kept[-1]
    before = Place(first[1], first[2], back=True) if (more if back else place is not None) else None
    after = Place(last[1], last[2]) if (back or more) else None
    return Listed([row for row, _, _ in kept], after, before)


class Colour(StrEnum):
    """What a clock chip shows: time enough, the last fifth, over, or no due at all."""

    OK = "ok"
    SOON = "soon"
    LATE = "late"
    NONE = "none"


class Holding(StrEnum):
    """Who has a task: nobody, somebody, or all alike."""

    FREE = "free"
    TAKEN = "taken"
    STARTED = "started"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFilter:
    """Which tasks of a list to show; empty values do not narrow it."""

    holding: Holding = Holding.ALL
    colour: Colour | None = None
    category: str = ""
    priority: int | None = None
    text: str = ""
    owner: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it hides anything besides what its list hides anyway."""
        return replace(self, holding=Holding.ALL) != WorkFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases to show; empty values do not narrow the list."""

    status: str = "open"
    stage: str = ""
    queue: str = ""
    category: str = ""
    overdue: bool = False
    text: str = ""
    customer_id: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it hides anything besides closed cases."""
        return self != CaseFilter(status=self.status)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of a list offer."""

    queues: Sequence[tuple[str, str]] = ()
    categories: Sequence[str] = field(default_factory=list[str])
