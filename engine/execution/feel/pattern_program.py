"""What a pattern is compiled to: steps in a row, some of which can go on in two ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Fits = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Char:
    """One character that fits."""

    fits: Fits


@dataclass(frozen=True, slots=True)
class Edge:
    """A place of the text, such as its begin."""

    fits: Callable[[str, int], bool]


@dataclass(frozen=True, slots=True)
class Save:
    """Keeps where a group begins or ends."""

    slot: int


@dataclass(frozen=True, slots=True)
class Reference:
    """What a group has matched, once more."""

    group: int
    same: Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Split:
    """Goes on at the first place, and where that fails at the second."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Match:
    """The end: the pattern fits."""


Step: TypeAlias = Char | Edge | Save | Reference | Split | Match
Program: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one behind the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several parts, the first that fits."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A part again and again; `most` is None without a bound, and lazy ones prefer to stop."""

    part: Part
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A part whose match is kept."""

    number: int
    part: Part


Part: TypeAlias = Char | Edge | Reference | Row | Either | Repeated | Group


class TooLong(Exception):
    """The program has more steps than are allowed."""


_LIMIT = 5_000


def program_of(part: Part) -> Program:
    """Give the steps of a part; raise TooLong where there are too many."""
    steps: list[Step] = []
    _emit(part, steps)
    steps.append(Match())
    return tuple(steps)


def _emit(part: Part, steps: list[Step]) -> None:
    if len(steps) > _LIMIT:
        raise TooLong
    match part:
        case Row(parts):
            for one in parts:
                _emit(one, steps)
        case Either(parts):
            _emit_either(parts, steps)
        case Repeated():
            _emit_repeated(part, steps)
        case Group(number, inner):
            steps.append(Save(2 * number))
            _emit(inner, steps)
            steps.append(Save(2 * number + 1))
        case _:
            steps.append(part)


def _emit_either(parts: tuple[Part, ...], steps: list[Step]) -> None:
    ends: list[int] = []
    for part in parts[:-1]:
        fork = len(steps)
        steps.append(Match())
        _emit(part, steps)
        ends.append(len(steps))
        steps.append(Match())
        steps[fork] = Split(fork + 1, len(steps))
    _emit(parts[-1], steps)
    for end in ends:
        steps[end] = Split(len(steps), len(steps))


def _emit_repeated(part: Repeated, steps: list[Step]) -> None:
    for _ in range(part.least):
        _emit(part.part, steps)
    if part.most is None:
        fork = len(steps)
        steps.append(Match())
        _emit(part.part, steps)
        steps.append(Split(fork, fork))
        steps[fork] = _fork(fork + 1, len(steps), lazy=part.lazy)
        return
    forks: list[int] = []
    for _ in range(part.most - part.least):
        forks.append(len(steps))
        steps.append(Match())
        _emit(part.part, steps)
    for fork in forks:
        steps[fork] = _fork(fork + 1, len(steps), lazy=part.lazy)


def _fork(again: int, stop: int, *, lazy: bool) -> Split:
    return Split(stop, again) if lazy else Split(again, stop)
