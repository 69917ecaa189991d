"""Ids are UUIDs of version 7: they begin with the time, and within a process each is greater than the one before."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from weakref import WeakSet

from engine.model.zones import to_microseconds

_TAIL_BITS = 74
_LOW_BITS = 48
_LOW = (1 << _LOW_BITS) - 1
_EMPTY, _FULL = 1 << _LOW_BITS, 2 << _LOW_BITS  # a bit above, so that `hex` writes all digits; quicker than a format
_HEX_BEFORE = len("0x1")
_START_BITS = 73  # leaves room to count up within a millisecond
_STEP_BITS = 32
_RANDOM_BYTES = 16
_AT_ONCE = 128


class RandomBits:
    """Random numbers of the operating system, fetched many at a time, because a call of it costs as much as an id."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        os.register_at_fork(after_in_child=self._numbers.clear)  # or parent and child would make the same ids

    def __call__(self, bits: int) -> int:
        """Give a number of that many bits, at most 128."""
        try:
            number = self._numbers.pop()
        except IndexError:
            drawn = os.urandom(_RANDOM_BYTES * _AT_ONCE)
            places = range(0, len(drawn), _RANDOM_BYTES)
            self._numbers.extend([int.from_bytes(drawn[place : place + _RANDOM_BYTES], "big") for place in places])
            return self(bits)
        return number & (1 << bits) - 1


_random_bits = RandomBits()


class IdSource:
    """Makes ids; safe to share between threads: a counter gives each number once, so that only a new time needs the lock."""

    def __init__(self, random_bits: Callable[[int], int] = _random_bits) -> None:
        self._random_bits = random_bits
        self._lock = threading.Lock()
        self._millisecond = -1
        self._high = 0
        self._counting = ("", count(_FULL))
        self._now: datetime | None = None
        _sources.add(self)

    def next(self, now: datetime) -> str:
        """Give a new id of the time `now`, or of the latest time given so far where `now` lies before it."""
        if now is not self._now:
            self._go_to(now)
        beginning, numbers = self._counting
        number = next(numbers)
        if number >= _FULL:
            self._carry(numbers, number)
            return self.next(now)
        return beginning + hex(number)[_HEX_BEFORE:]

    def part(self) -> None:
        """Count on elsewhere than another process that has the same numbers before it."""
        with self._lock:
            beginning, numbers = self._counting
            self._count_from(beginning, next(numbers) + self._random_bits(_STEP_BITS))

    def _go_to(self, now: datetime) -> None:
        with self._lock:
            millisecond = max(to_microseconds(now) // 1000, 0)
            if millisecond > self._millisecond:
                self._begin(millisecond, self._random_bits(_START_BITS))
            self._now = now  # last, because whoever sees it goes on without the lock

    def _begin(self, millisecond: int, tail: int) -> None:
        """Count on from this tail: version 7 and variant 2 stand before its last 62 and 48 bits (RFC 9562, 5.7)."""
        self._millisecond, self._high = millisecond, tail >> _LOW_BITS
        middle = hex(0x7000_8000 | self._high >> 14 << 16 | self._high & 0x3FFF)
        self._count_from(f"{_digits(millisecond)}-{middle[2:6]}-{middle[6:]}-", _EMPTY | tail & _LOW)

    def _count_from(self, beginning: str, number: int) -> None:
        """Go on in steps of a width that nobody can foresee; the numbers have a bit above the low ones, for all their digits."""
        self._counting = beginning, count(number, 1 + self._random_bits(_STEP_BITS))

    def _carry(self, full: Iterator[int], number: int) -> None:
        """Count what the last 48 bits cannot hold in those before; a full millisecond borrows from the next."""
        with self._lock:
            if self._counting[1] is not full:
                return  # another thread was there first
            tail = (self._high + 1 << _LOW_BITS) + number - _FULL
            if tail >> _TAIL_BITS:
                self._begin(self._millisecond + 1, self._random_bits(_START_BITS))
            else:
                self._begin(self._millisecond, tail)


_sources: WeakSet[IdSource] = WeakSet()


def _part_all() -> None:
    for source in _sources:
        source.part()


os.register_at_fork(after_in_child=_part_all)


def floor_of(moment: datetime) -> str:
    """Give a text that is smaller than every id made at `moment` or later, and greater than every earlier one."""
    return _digits(max(to_microseconds(moment) // 1000, 0))


def _digits(millisecond: int) -> str:
    """How every id of the millisecond begins."""
    digits = hex(_EMPTY | millisecond & _LOW)
    return f"{digits[_HEX_BEFORE : _HEX_BEFORE + 8]}-{digits[_HEX_BEFORE + 8 :]}"
