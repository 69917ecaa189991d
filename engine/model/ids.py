"""Ids are UUIDs of version 7: they begin with the time, and within a process each is greater than the one before."""

from __future__ import annotations

import os
import threading
from array import array
from collections.abc import Callable
from datetime import datetime

from engine.model.zones import to_microseconds

_TAIL_BITS = 74
_LOW_BITS = 48
_LOW = (1 << _LOW_BITS) - 1
_START_BITS = 73  # leaves room to count up within a millisecond
_STEP_BITS = 32
_WORDS_AT_ONCE = 512


class RandomBits:
    """Random numbers of the operating system, fetched many at a time, because a call of it costs as much as an id."""

    def __init__(self) -> None:
        self._words: list[int] = []
        os.register_at_fork(after_in_child=self._words.clear)  # or parent and child would make the same ids

    def __call__(self, bits: int) -> int:
        """Give a number of that many bits."""
        number = self._word()
        for _ in range(32, bits, 32):
            number = number << 32 | self._word()
        return number if bits == _STEP_BITS else number & (1 << bits) - 1

    def _word(self) -> int:
        try:
            return self._words.pop()
        except IndexError:
            self._words.extend(array("I", os.urandom(_WORDS_AT_ONCE * 4)))
            return self._word()


_random_bits = RandomBits()


class IdSource:
    """Makes ids; safe to share between threads."""

    def __init__(self, random_bits: Callable[[int], int] = _random_bits) -> None:
        self._random_bits = random_bits
        self._lock = threading.Lock()
        self._millisecond = -1
        self._high = 0
        self._low = 0
        self._beginning = ""
        self._now: datetime | None = None

    def next(self, now: datetime) -> str:
        """Give a new id of the time `now`, or of the latest time given so far where `now` lies before it."""
        with self._lock:
            if now is not self._now:
                self._now = now
                millisecond = max(to_microseconds(now) // 1000, 0)
                if millisecond > self._millisecond:
                    self._begin(millisecond, self._random_bits(_START_BITS))
            self._low += 1 + self._random_bits(_STEP_BITS)
            if self._low > _LOW:
                self._carry()
            return f"{self._beginning}{self._low:012x}"

    def _begin(self, millisecond: int, tail: int) -> None:
        """Count on from this tail: version 7 and variant 2 stand before its last 62 and 48 bits (RFC 9562, 5.7)."""
        self._millisecond = millisecond
        self._high, self._low = tail >> _LOW_BITS, tail & _LOW
        self._beginning = f"{_digits(millisecond)}-7{self._high >> 14:03x}-{0x8000 | self._high & 0x3FFF:04x}-"

    def _carry(self) -> None:
        """Count what the last 48 bits cannot hold in those before; a full millisecond borrows from the next."""
        tail = (self._high << _LOW_BITS) + self._low
        if tail >> _TAIL_BITS:
            self._begin(self._millisecond + 1, self._random_bits(_START_BITS))
        else:
            self._begin(self._millisecond, tail)


def floor_of(moment: datetime) -> str:
    """Give a text that is smaller than every id made at `moment` or later, and greater than every earlier one."""
    return _digits(max(to_microseconds(moment) // 1000, 0))


def _digits(millisecond: int) -> str:
    """How every id of the millisecond begins."""
    digits = f"{millisecond & (1 << 48) - 1:012x}"
    return f"{digits[:8]}-{digits[8:]}"
