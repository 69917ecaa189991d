"""Only one process works on a data folder; one that is just ending gets a moment."""

from __future__ import annotations

import time

from engine.model.errors import Conflict
from engine.settings import Settings
from engine.store.lock_file import Held
from engine.wiring import hold_data

PATIENCE = 4.0


def patiently_hold(settings: Settings) -> Held:
    """Take the data folder; raise Conflict with the process that holds it where that does not end."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return hold_data(settings)
        except Conflict:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def is_held(settings: Settings) -> bool:
    """Whether another process works on the data folder now."""
    try:
        hold_data(settings).release()
    except Conflict:
        return True
    return False
