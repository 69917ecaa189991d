"""A timer's text is an ISO 8601 literal, quoted or not, or an expression that gives one when the timer is armed."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from engine.execution.compiler.code import TimerCode
from engine.execution.compiler.refusals import Refusals
from engine.model.bpmn import EventDefinition, ExpressionText, TimerForm
from engine.model.cycle import parse_cycle
from engine.model.duration import Period, parse_moment, parse_period, unquoted
from engine.model.errors import Invalid, Message


def compile_timer(refusals: Refusals, event: EventDefinition, zone: ZoneInfo) -> TimerCode | None:
    """Read the literal once, or compile the expression; a timer without either is a finding."""
    if event.clock:
        return TimerCode(clock=event.clock, at=event.at or "due")
    if event.timer is None or event.timer_form is None:
        refusals.refuse(
            Message("timer_without_time", "The timer says no time."),
            Message("timer_without_time_remedy", "Write a duration (P3D), a date or a cycle (R3/PT10M), or a clock."),
            event.line,
        )
        return None
    body = unquoted(event.timer.body)
    if is_literal(event.timer_form, body, zone):
        period = parse_period(body) if event.timer_form is TimerForm.DURATION else None
        return TimerCode(form=event.timer_form, text=body, period=period, micros=_micros(period, zone))
    if not _could_be_expression(event.timer, body):
        refusals.refuse(
            Message("timer_unreadable", "“{text}” is no time that a timer can read.", {"text": body}),
            Message("timer_unreadable_remedy", "Write P3D, PT4H, 2026-03-02T09:00:00Z or R3/PT10M, or an expression."),
            event.timer.line or event.line,
        )
        return None
    expression = refusals.text(event.timer, timed=True)
    return None if expression is None else TimerCode(form=event.timer_form, expression=expression)


def _micros(period: Period | None, zone: ZoneInfo) -> int | None:
    """The length of a period that does not depend on the calendar: days have 24 hours in UTC."""
    if period is None or period.months or (period.days and zone.key != "UTC"):
        return None
    return (timedelta(period.days) + period.exact) // timedelta(microseconds=1)


def is_literal(form: TimerForm, body: str, zone: ZoneInfo) -> bool:
    """Whether the text can be read as it stands."""
    try:
        if form is TimerForm.DURATION:
            parse_period(body)
        elif form is TimerForm.DATE:
            parse_moment(body, zone)
        else:
            _cycle_or_period(body, zone)
    except Invalid:
        return False
    return True


def _cycle_or_period(body: str, zone: ZoneInfo) -> None:
    if body.startswith("P"):
        parse_period(body)
    else:
        parse_cycle(body, zone)


def _could_be_expression(written: ExpressionText, body: str) -> bool:
    quoted = body != written.body.strip()
    looks_iso = body[:1] in {"P", "R"} and any(character.isdigit() for character in body) and "_" not in body
    return not quoted and not looks_iso
