"""A clock changes state in these ways only; a statutory one is stopped by evidence of dispatch and never paused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from engine.model.clock import Clock, ClockKind, ClockState, recomputed_due
from engine.model.duration import Length
from engine.model.errors import Conflict
from engine.model.zones import end_of_day, start_of_day

OPEN = (ClockState.RUNNING, ClockState.BREACHED)


def in_time(clock: Clock, event: date) -> bool:
    """Say whether an event lies before the due; a date counts as the whole of that local day."""
    if isinstance(event, datetime):
        return event < clock.due.instant
    return end_of_day(event, clock.calendar.zone_info) <= clock.due.instant


def stop(clock: Clock, event: date, now: datetime) -> Clock:
    """Stop a clock by an event at a time or on a day, which may be recorded later than it was.

    Raises `Conflict` for a clock that stands already, and for one that has lapsed (see `withdraw_lapse`).
    """
    if clock.state is ClockState.LAPSED:
        raise Conflict(
            "clock_lapsed",
            "The clock “{clock}” has lapsed; withdraw the lapse with evidence of dispatch before {due}.",
            clock=clock.key,
            due=clock.due.day,
        )
    if clock.state is ClockState.STOPPED:
        raise Conflict("clock_stopped", "The clock “{clock}” has been stopped already.", clock=clock.key)
    return replace(clock, state=ClockState.STOPPED, stopped=_moment_of(clock, event, now))


def breach(clock: Clock, now: datetime) -> Clock:
    """Mark a running clock whose due has passed; it keeps counting until it is stopped."""
    _require_past(clock, now)
    return replace(clock, state=ClockState.BREACHED)


def lapse(clock: Clock, now: datetime) -> Clock:
    """Let a statutory clock lapse at its due; raise `Conflict` before it, and for a clock that the law did not set."""
    if clock.kind is not ClockKind.STATUTORY:
        raise Conflict(
            "clock_cannot_lapse", "The clock “{clock}” is not set by law; it can be breached only.", clock=clock.key
        )
    _require_past(clock, now)
    return replace(clock, state=ClockState.LAPSED)


def withdraw_lapse(clock: Clock, dispatched: date, now: datetime) -> Clock:
    """Withdraw a lapse by evidence of dispatch dated before the due (R25); raise `Conflict` for a later date."""
    if clock.state is not ClockState.LAPSED:
        raise Conflict("clock_not_lapsed", "The clock “{clock}” has not lapsed.", clock=clock.key)
    if not in_time(clock, dispatched):
        raise Conflict(
            "dispatch_after_due",
            "The lapse stands: {dispatched} is after the due of {due}. Only dispatch before it withdraws a lapse.",
            dispatched=dispatched,
            due=clock.due.day,
        )
    return replace(clock, state=ClockState.STOPPED, stopped=_moment_of(clock, dispatched, now))


def with_length(clock: Clock, length: Length) -> Clock:
    """Give an open clock another length from its own start; thresholds that have not fired move with the due.

    Raises `Conflict` for a clock that stands or has lapsed.
    """
    if clock.state not in OPEN:
        raise Conflict("clock_not_open", "The clock “{clock}” does not run; it cannot be changed.", clock=clock.key)
    changed = replace(clock, length=length, state=ClockState.RUNNING)
    return replace(changed, due=recomputed_due(changed))


def replaced_by(clock: Clock, other: Clock) -> Clock:
    """Let another rule take over an open clock: its due and basis, with what has fired and been skipped so far.

    Raises `Conflict` for a clock that stands or has lapsed, since what was settled under a rule stays.
    """
    if clock.state not in OPEN:
        raise Conflict("clock_not_open", "The clock “{clock}” does not run; it cannot be changed.", clock=clock.key)
    return replace(other, armed=clock.armed, fired=clock.fired, skipped=clock.skipped, pauses=clock.pauses)


def pause(clock: Clock) -> Clock:
    """Refuse to pause: no clock counts pauses yet, and a statutory one never does unless its rule says so."""
    if clock.kind is ClockKind.STATUTORY:
        raise Conflict(
            "statutory_never_pauses", "The clock “{clock}” is set by law; nothing here pauses it.", clock=clock.key
        )
    raise Conflict(
        "clock_pause_not_counted",
        "The clock “{clock}” cannot be paused yet; give it another length instead.",
        clock=clock.key,
    )


def _require_past(clock: Clock, now: datetime) -> None:
    if clock.state not in OPEN:
        raise Conflict("clock_not_open", "The clock “{clock}” does not run; it cannot be changed.", clock=clock.key)
    if now < clock.due.instant:
        raise Conflict(
            "clock_not_due",
            "The clock “{clock}” still runs until the end of {due}.",
            clock=clock.key,
            due=clock.due.day,
        )


def _moment_of(clock: Clock, event: date, now: datetime) -> datetime:
    """A day counts by its end, so that what happened on the last day is in time, but never by a time yet to come."""
    if isinstance(event, datetime):
        return event
    zone = clock.calendar.zone_info
    return max(start_of_day(event, zone), min(end_of_day(event, zone), now))
