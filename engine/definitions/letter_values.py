"""What a letter may say: plain values of the case, its customer, decision and clocks; no objects with methods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import localedata
from babel.dates import format_date

from engine.definitions.letters import Letter, letter_name, render_letter
from engine.model.case import ClockRow
from engine.model.letter import Address, LetterSource

NAMES: Mapping[str, frozenset[str]] = {
    "case": frozenset(
        [
            "number",
            "tracking",
            "kind",
            "subject",
            "category",
            "product",
            "serial",
            "received_on",
            "expected_on",
            "root_cause",
            "language",
        ]
    ),
    "customer": frozenset({"name", "email", "address"}),
    "decision": frozenset({"outcome", "reasons", "amount", "remedy", "currency"}),
}
"""What every letter is given, by name."""
FREE = frozenset({"clocks", "company", "task", "input"})
"""What else a letter may read; which names are in it differs from case to case, task to task."""


def written(
    source: LetterSource,
    files: Mapping[str, bytes],
    letter: str,
    *,
    to: Address,
    said: Mapping[str, Mapping[str, object]],
) -> Letter:
    """Write a letter of a deployment; `said` are its `input` (of the send task) and `task` (the process's variables).

    Raises NotFound for a letter that is not there and Invalid for one that cannot be filled in.
    """
    name = letter_name(files, letter, party=to.party, language=to.language)
    return render_letter(files[name], {**letter_values(source), **said}, name=name)


def letter_values(source: LetterSource) -> dict[str, object]:
    """Values for a letter's template, dates already in the letter's language."""
    customer = source.customer
    return {
        "case": case_values(source),
        "customer": {
            "name": customer.name if customer is not None else "",
            "email": customer.email if customer is not None else "",
            "address": customer.address if customer is not None else "",
        },
        "decision": decision_values(source),
        "clocks": {clock.key: clock_values(clock, source.case.language) for clock in source.clocks},
        "company": dict(source.company),
    }


def case_values(source: LetterSource) -> dict[str, object]:
    """The case's own values."""
    case = source.case
    received = long_day(case.received_on, case.language) if case.received_on else ""
    return {
        "number": case.number,
        "tracking": case.tracking,
        "kind": case.kind,
        "subject": case.subject,
        "category": case.category,
        "product": str(case.facts.get("model") or case.product_group or ""),
        "serial": str(case.facts.get("serial") or ""),
        "received_on": received,
        "expected_on": expected_on(source),
        "root_cause": case.root_cause,
        "language": case.language,
    }


def expected_on(source: LetterSource) -> str:
    """The day by which the customer may expect an answer: the earliest due of a running clock."""
    dues = [(clock.due_at, clock) for clock in source.clocks if clock.state == "running" and clock.due_at is not None]
    if not dues:
        return ""
    _, first = min(dues, key=lambda each: each[0])
    return clock_values(first, source.case.language)["due"]


def clock_values(clock: ClockRow, language: str) -> dict[str, str]:
    """A clock's last day in the letter's language, in the clock's own zone."""
    if clock.due_at is None:
        return {"due": "", "state": clock.state}
    local = clock.due_at.astimezone(ZoneInfo(clock.zone))
    last_day = (local - timedelta(microseconds=1)).date()
    return {"due": long_day(last_day, language), "state": clock.state}


@lru_cache(maxsize=4096)  # a day stands in many letters, and its name takes as long as the rest of one
def long_day(day: date, language: str) -> str:
    """A day in full, as letters in the language write it."""
    return format_date(day, "long", locale=letter_locale(language))


def letter_locale(language: str) -> str:
    """The locale in which a letter writes its dates: plain English as in Europe, and so a language that nobody knows."""
    return language if language != "en" and localedata.exists(language) else "en_GB"


def decision_values(source: LetterSource) -> dict[str, object]:
    """The decision in force, or empty values."""
    decision = source.decision
    if decision is None:
        return {"outcome": "", "reasons": "", "amount": "", "remedy": "", "currency": ""}
    return {
        "outcome": decision.outcome,
        "reasons": source.reasons,
        "amount": str(decision.amount) if decision.amount is not None else "",
        "remedy": decision.remedy,
        "currency": decision.currency,
    }
