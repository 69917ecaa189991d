"""A contract's clock runs from the moment of receipt for as long as the customer's segment says."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from engine.model.calendar import Calendar
from engine.model.clock import Basis, Clock, ClockKind, ClockPlan, start_clock
from engine.model.duration import parse_length
from engine.model.people import Segment

CLOCK_KEY = "contract"


@lru_cache(maxsize=1)
def shipped_segments() -> tuple[Segment, ...]:
    """Give the segments with which a new store begins."""
    data = tomllib.loads(files("engine.model").joinpath("contract_terms.toml").read_text("utf-8"))
    return tuple(Segment(**{str(key): str(value) for key, value in row.items()}) for row in data["segment"])


def contract_clock(
    segment: Segment, started: datetime, calendar: Calendar, *, armed: datetime | None = None
) -> Clock | None:
    """Start the clock of a segment, or give none where the segment promises nothing.

    Raises `Invalid` for a length that nobody can read or that no clock counts.
    """
    if not segment.decision_within.strip():
        return None
    length = parse_length(segment.decision_within)
    basis = Basis(country=calendar.country, segment=segment.name or segment.key)
    return start_clock(ClockPlan(CLOCK_KEY, ClockKind.CONTRACT, calendar, length, basis=basis), started, armed=armed)
