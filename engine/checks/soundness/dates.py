"""A timer that is set to a day waits for one that is still to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.definitions.standard.diagram import Level
from engine.model.bpmn import TimerForm
from engine.model.duration import parse_moment, unquoted
from engine.model.errors import Finding, Invalid, Message


def dates_are_ahead(level: Level, now: datetime) -> Iterator[Finding]:
    """Warn of a date as written that is over at `now`."""
    for node in level.body.nodes:
        for event in node.events:
            moment = _moment(unquoted(event.timer.body)) if event.timer and event.timer_form is TimerForm.DATE else None
            if event.timer is not None and moment is not None and moment < now:
                yield level.warning(
                    node,
                    Message("timer_past", "The timer waits for {date}, which is over.", {"date": event.timer.body}),
                    Message("timer_past_remedy", "Write a later date, or an expression that gives one."),
                )


def _moment(text: str) -> datetime | None:
    """The moment that a literal names; one without a zone is taken as the latest that it can be."""
    try:
        return parse_moment(text, ZoneInfo("Etc/GMT+12"))
    except Invalid:
        return None
