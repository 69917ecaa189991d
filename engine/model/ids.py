"""Ids are UUIDs of version 7: they begin with the time, and within a process each is greater than the one before."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from datetime import datetime

from engine.model.zones import to_microseconds

_TAIL_BITS = 74
_START_BITS = 73  # leaves room to count up within a millisecond
_STEP_BITS = 32


class IdSource:
    """Makes ids; safe to share between threads."""

    def __init__(self, random_bits: Callable[[int], int] = secrets.randbits) -> None:
        self._random_bits = random_bits
        self._lock = threading.Lock()
        self._millisecond = -1
        self._tail = 0

    def next(self, now: datetime) -> str:
        """Give a new id of the time `now`, or of the latest time given so far where `now` lies before it."""
        millisecond = max(to_microseconds(now) // 1000, 0)
        with self._lock:
            if millisecond > self._millisecond:
                self._millisecond = millisecond
                self._tail = self._random_bits(_START_BITS)
            else:
                self._tail += 1 + self._random_bits(_STEP_BITS)
                if self._tail >> _TAIL_BITS:
                    self._millisecond += 1
                    self._tail = self._random_bits(_START_BITS)
            return _text(self._millisecond, self._tail)


def floor_of(moment: datetime) -> str:
    """Give a text that is smaller than every id made at `moment` or later, and greater than every earlier one."""
    digits = f"{max(to_microseconds(moment) // 1000, 0):012x}"
    return f"{digits[:8]}-{digits[8:]}"


def _text(millisecond: int, tail: int) -> str:
    number = (millisecond & (1 << 48) - 1) << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
