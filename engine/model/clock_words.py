"""Every clock explains its due in one sentence, whose dates and numbers stay values until a reader's language is known."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from engine.model.clock import Clock, ClockKind, ClockState, remaining
from engine.model.duration import CalendarDays, CalendarUnit, Length, WorkingDays, WorkingHours
from engine.model.errors import Message, Territory, counted_message


def explain(clock: Clock) -> Message:
    """Say where the due comes from: length, event, place and party, and whether its end was moved off a holiday."""
    if clock.length is None:
        return Message("clock_given", "the due was given when the clock started")
    length = length_words(clock.length)
    if clock.kind is ClockKind.STATUTORY and clock.basis.country:
        return _explain_statutory(clock, length)
    if not isinstance(clock.length, CalendarDays | WorkingDays):
        if clock.basis.segment:
            return Message(
                "clock_contract_exact",
                "{length} from {started}, contract “{segment}”",
                {"length": length, "started": clock.started, "segment": clock.basis.segment},
            )
        return Message("clock_exact", "{length} from {started}", {"length": length, "started": clock.started})
    params: dict[str, object] = {"length": length, "day": clock.event_day}
    if clock.basis.segment:
        return Message(
            "clock_contract_days",
            "{length} after {day}, contract “{segment}”; the day itself does not count",
            {**params, "segment": clock.basis.segment},
        )
    return Message("clock_days", "{length} after {day}; the day itself does not count", params)


def length_words(length: Length) -> Message:
    """Put a length into words, such as “14 calendar days” or “2 minutes”; mixed durations stay in ISO form."""
    if isinstance(length, WorkingDays):
        return counted_message("working_days", "{count} working day", "{count} working days", length.count)
    if isinstance(length, WorkingHours):
        return counted_message("working_hours", "{count} working hour", "{count} working hours", length.count)
    if isinstance(length, CalendarDays):
        return _calendar_words(length)
    if length.exact and not (length.months or length.days):
        return _exact_words(length.exact, str(length))
    if length.days and not (length.months or length.exact):
        return _days(length.days)
    if length.months and not (length.days or length.exact):
        return _months(length.months)
    return Message("duration_iso", "{duration}", {"duration": str(length)})


def remaining_words(clock: Clock, now: datetime) -> Message:
    """Say in the largest fitting unit how long a clock has left or is overdue, or that it stands."""
    if clock.state is ClockState.STOPPED:
        late = clock.stopped is not None and clock.stopped > clock.due.instant
        return Message("clock_met_late", "done late") if late else Message("clock_met", "done in time")
    if clock.state is ClockState.LAPSED:
        return Message("clock_lapsed_on", "lapsed at the end of {due}", {"due": clock.due.day})
    left = remaining(clock, now)
    minutes = abs(left) // timedelta(minutes=1)
    late = left <= timedelta()
    if minutes >= 48 * 60:
        return _left_days(minutes // 1440, late=late)
    if minutes >= 120:
        return _left_hours(minutes // 60, late=late)
    return _left_minutes(minutes, late=late)


def _explain_statutory(clock: Clock, length: Message) -> Message:
    params: dict[str, object] = {
        "length": length,
        "received_on": clock.event_day,
        "country": Territory(clock.basis.country),
        "party": party_words(clock.basis.party),
    }
    if clock.due.moved_from is None:
        return Message(
            "clock_statutory",
            "{length} after receipt on {received_on}, {country}, {party}; the day of receipt does not count",
            params,
        )
    return Message(
        "clock_statutory_moved",
        "{length} after receipt on {received_on}, {country}, {party}; the day of receipt does not count; "
        "{moved_from} is a day off, so the end moves to {due}",
        {**params, "moved_from": clock.due.moved_from, "due": clock.due.day},
    )


def party_words(party: str) -> Message:
    """Name a type of party; an unknown one is shown by its key."""
    if party == "consumer":
        return Message("party_consumer", "consumer")
    if party == "micro":
        return Message("party_micro", "micro-business")
    if party == "business":
        return Message("party_business", "business")
    return Message("party_other", "{party}", {"party": party})


def _calendar_words(length: CalendarDays) -> Message:
    if length.unit is CalendarUnit.WEEK:
        return counted_message("weeks", "{count} week", "{count} weeks", length.count)
    if length.unit is CalendarUnit.MONTH:
        return _months(length.count)
    if length.unit is CalendarUnit.YEAR:
        return counted_message("years", "{count} year", "{count} years", length.count)
    return counted_message("calendar_days", "{count} calendar day", "{count} calendar days", length.count)


def _exact_words(exact: timedelta, iso: str) -> Message:
    if not exact % timedelta(hours=1):
        return counted_message("hours", "{count} hour", "{count} hours", exact // timedelta(hours=1))
    if not exact % timedelta(minutes=1):
        return counted_message("minutes", "{count} minute", "{count} minutes", exact // timedelta(minutes=1))
    if exact < timedelta(minutes=1):
        seconds = Decimal(exact // timedelta(microseconds=1)) / 1_000_000
        return counted_message("seconds", "{count} second", "{count} seconds", seconds.normalize())
    return Message("duration_iso", "{duration}", {"duration": iso})


def _days(count: int) -> Message:
    return counted_message("days", "{count} day", "{count} days", count)


def _months(count: int) -> Message:
    return counted_message("months", "{count} month", "{count} months", count)


def _left_days(count: int, *, late: bool) -> Message:
    if late:
        return counted_message("days_late", "{count} day late", "{count} days late", count)
    return counted_message("days_left", "{count} day left", "{count} days left", count)


def _left_hours(count: int, *, late: bool) -> Message:
    if late:
        return counted_message("hours_late", "{count} hour late", "{count} hours late", count)
    return counted_message("hours_left", "{count} hour left", "{count} hours left", count)


def _left_minutes(count: int, *, late: bool) -> Message:
    if late:
        return counted_message("minutes_late", "{count} minute late", "{count} minutes late", count)
    return counted_message("minutes_left", "{count} minute left", "{count} minutes left", count)
