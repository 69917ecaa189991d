"""What comes from outside is made plain first: times in UTC, values of the kinds that variables may have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from engine.model.errors import Invalid
from engine.model.values import normalise


def aware(now: datetime) -> datetime:
    """Give the time in UTC; raise Invalid for one without a zone."""
    if now.tzinfo is None:
        raise Invalid("time_without_zone", "The time {now} says no zone; give it one, for instance UTC.", now=now)
    return now.astimezone(UTC)


def plain_values(given: Mapping[str, object] | None) -> dict[str, object]:
    """Give the values as they are kept; raise Invalid for what no variable can be."""
    return {name: normalise(value, name) for name, value in (given or {}).items()}
