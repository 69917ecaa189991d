"""A scenario is a story of a case: who does what and when, and what must be true at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Absence:
    """First and last day of an absence, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ScenarioPerson:
    """Somebody of the story; what is left open comes from the people that every story has."""

    roles: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    absent: Absence | None = None
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """A person completes the open task of an element; `refused` says that the desk must not let them."""

    task: str
    person: str
    data: Table = field(default_factory=dict[str, object])
    outcome: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class ClaimTask:
    """A person takes the open task of an element."""

    task: str
    person: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Advance:
    """Time goes on; what falls due happens in order."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class SendMessage:
    """A message arrives, or the button of a task is pressed."""

    name: str
    payload: Table = field(default_factory=dict[str, object])
    correlation: Table | None = None


Step = CompleteTask | ClaimTask | Advance | SendMessage


@dataclass(frozen=True, slots=True)
class ClockExpected:
    """The due, as a local day or as an instant, and the state of a clock; None where the story does not say."""

    due: date | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be true at the end; None where the story does not say."""

    path: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    open: tuple[str, ...] | None = None
    decision: str | None = None
    special_mode: str | None = None
    notices: tuple[str, ...] | None = None
    clocks: Mapping[str, ClockExpected] = field(default_factory=dict[str, ClockExpected])
    performed: Mapping[str, str] = field(default_factory=dict[str, str])
    variables: Table = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story: the case's facts at the start, the steps, and what is expected."""

    title: str
    file: str
    now: datetime
    start: Table
    steps: tuple[Step, ...]
    expected: Expected
    process: str = ""
    person: str = ""
    clocks: Mapping[str, str] = field(default_factory=dict[str, str])
    people: Mapping[str, ScenarioPerson] = field(default_factory=dict[str, ScenarioPerson])
    performed: Mapping[str, str] = field(default_factory=dict[str, str])
