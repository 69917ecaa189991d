"""Tests end the process at named points, as a power cut would, by MAKEGOOD_CRASH_AT=name or name:3 for the third time."""

from __future__ import annotations

import os
import signal
from collections import Counter

_NAME, _, _TIMES = os.environ.get("MAKEGOOD_CRASH_AT", "").partition(":")
_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """End the process without any farewell where this point was asked for."""
    if name != _NAME:
        return
    _reached[name] += 1
    if _reached[name] == int(_TIMES or 1):
        os.kill(os.getpid(), signal.SIGKILL)
