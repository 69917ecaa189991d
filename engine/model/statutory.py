"""The law's answer period of a case is a row of data, chosen by place, sector, party, matter and day of receipt (R25)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from engine.model.calendar import Calendar, national_calendar
from engine.model.clock import Basis, Clock, ClockKind, ClockPlan, Due, due_of, start_clock
from engine.model.duration import Length
from engine.model.errors import Conflict, NotFound
from engine.model.statutory_data import Purpose, StatutoryRule, shipped_law
from engine.model.zones import start_of_day

CLOCK_KEY = "statutory"
_OTHER_CODES = {"UK": "GB", "EL": "GR"}
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What chooses a rule: the day of receipt and place, sector, party, matter and remedy of the case as text.

    `subject` may join several texts (subject, area, category); a row's matter is looked for in all of it.
    """

    received_on: date
    country: str
    sector: str = "general"
    party: str = "consumer"
    subject: str = ""
    remedy: str = ""

    @property
    def country_code(self) -> str:
        code = self.country.strip().upper()
        return _OTHER_CODES.get(code, code)


def rule_for(receipt: Receipt) -> StatutoryRule | None:
    """Choose the one rule whose answer period binds the case, or none where no row fits (R25).

    Matter beats sector, sector beats the general law, a country beats a larger area; then `precedence`, then the
    later `valid_from` decides.
    """
    fitting = rules_for(receipt, Purpose.ANSWER)
    return fitting[0] if fitting else None


def rules_for(receipt: Receipt, purpose: Purpose) -> Sequence[StatutoryRule]:
    """Give all rows of a purpose that fit the case, the most specific first."""
    fitting = [rule for rule in _rules_in(receipt.country_code, purpose) if _fits(rule, receipt)]
    return sorted(fitting, key=_specificity, reverse=True)


def rule_named(rule_id: str, version: int) -> StatutoryRule:
    """Give the row that a clock names; raise `NotFound` where it was taken out of the data."""
    for rule in shipped_law().rules:
        if (rule.id, rule.version) == (rule_id, version):
            return rule
    raise NotFound(
        "rule_unknown",
        "The rule “{rule}”, version {version}, is not among the statutory rules of this program.",
        rule=rule_id,
        version=version,
    )


def calendar_of(country: str, zone: str = "UTC") -> Calendar:
    """Give a country's own calendar in its legal zone; a country without a row gets weekends only, in `zone`."""
    code = _OTHER_CODES.get(country.strip().upper(), country.strip().upper())
    place = shipped_law().places.get(code)
    if place is None:
        return Calendar(code or zone, zone)
    return national_calendar(code, place.zone, place.subdivision)


def statutory_clock(
    rule: StatutoryRule, receipt: Receipt, *, armed: datetime | None = None, contract_length: Length | None = None
) -> Clock:
    """Start the clock of a rule on the date of receipt; the row and its version stay with it.

    `armed` is now, where the receipt lies in the past. `contract_length` counts only where the row lets the contract
    say otherwise. Raises `Conflict` for a row that sets no answer period.
    """
    if rule.purpose is not Purpose.ANSWER:
        raise Conflict("rule_without_clock", "The rule “{rule}” sets no period for an answer.", rule=rule.id)
    calendar = calendar_of(receipt.country_code)
    length = contract_length if rule.contract_may_override and contract_length is not None else rule.length
    plan = ClockPlan(CLOCK_KEY, ClockKind.STATUTORY, calendar, length, rule.move_off_holidays, basis_of(rule, receipt))
    started = start_of_day(receipt.received_on, calendar.zone_info)
    return start_clock(plan, started, event_day=receipt.received_on, armed=armed)


def extended_due(rule: StatutoryRule, receipt: Receipt) -> Due | None:
    """Give the due that an extension of the period would have, or none where the row allows no extension."""
    if rule.extension is None:
        return None
    calendar = calendar_of(receipt.country_code)
    return due_of(
        rule.extension.length,
        start_of_day(receipt.received_on, calendar.zone_info),
        calendar=calendar,
        event_day=receipt.received_on,
        move_off_holidays=rule.move_off_holidays,
    )


def basis_of(rule: StatutoryRule, receipt: Receipt) -> Basis:
    """Name the row, its version and what chose it."""
    return Basis(country=receipt.country_code, party=receipt.party, rule=rule.id, rule_version=rule.version)


@lru_cache(maxsize=512)
def _rules_in(code: str, purpose: Purpose) -> tuple[StatutoryRule, ...]:
    """The rows of a purpose that hold in a country."""
    law = shipped_law()
    return tuple(
        rule
        for rule in law.rules
        if rule.purpose is purpose and (code == rule.jurisdiction or code in law.areas.get(rule.jurisdiction, ()))
    )


def _fits(rule: StatutoryRule, receipt: Receipt) -> bool:
    return (
        (not rule.sectors or receipt.sector in rule.sectors)
        and (not rule.parties or receipt.party in rule.parties)
        and (rule.valid_from is None or rule.valid_from <= receipt.received_on)
        and (rule.valid_to is None or receipt.received_on <= rule.valid_to)
        and (not rule.needs_remedy or bool(receipt.remedy.strip()))
        and (not rule.matters or _is_about(rule, receipt.subject))
    )


def _is_about(rule: StatutoryRule, subject: str) -> bool:
    text = f" {_NO_WORD.sub(' ', subject.casefold())} "
    keys = (f" {key.replace('_', ' ')} " for key in rule.matters)
    words = (f" {word[:-1]}" if word.endswith("*") else f" {word} " for word in rule.words)
    return any(key in text for key in keys) or any(word in text for word in words)


def _specificity(rule: StatutoryRule) -> tuple[bool, bool, bool, int, date]:
    of_one_country = rule.jurisdiction not in shipped_law().areas
    return bool(rule.matters), bool(rule.sectors), of_one_country, rule.precedence, rule.valid_from or date.min
