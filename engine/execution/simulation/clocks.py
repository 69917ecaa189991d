"""An instance's clocks: those that are given by length or due, and the law's own where the facts name one (R25)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from engine.model.calendar import Calendar
from engine.model.clock import Clock, given_clock
from engine.model.duration import Length
from engine.model.errors import Invalid
from engine.model.statutory import Receipt, calendar_of, rule_for, statutory_clock
from engine.model.zones import local_day

Given = Mapping[str, str | date | Length]
STATUTORY = "statutory"


def clocks_of(data: Mapping[str, object], given: Given, now: datetime, zone: str) -> dict[str, Clock]:
    """Start the clocks of a new instance; a given statutory clock goes before the law's row."""
    calendar = calendar_of(str(data["country"]), zone) if data.get("country") else Calendar(zone, zone)
    found = {key: given_clock(key, length, started=now, calendar=calendar) for key, length in given.items()}
    if STATUTORY not in found and data.get("country") and data.get("received_on"):
        receipt = _receipt(data, calendar)
        rule = rule_for(receipt)
        if rule is not None:
            found[STATUTORY] = statutory_clock(rule, receipt, armed=now)
    return found


def _receipt(data: Mapping[str, object], calendar: Calendar) -> Receipt:
    return Receipt(
        received_on=_day(data["received_on"], calendar),
        country=str(data["country"]),
        sector=str(data.get("sector") or "general"),
        party=str(data.get("party") or "consumer"),
        subject=" ".join(str(data[name]) for name in ("subject", "area", "category") if data.get(name)),
        remedy=str(data.get("remedy") or ""),
    )


def _day(value: object, calendar: Calendar) -> date:
    if isinstance(value, datetime):
        return local_day(value, calendar.zone_info)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Invalid("received_on", "“{value}” is no date of receipt; write it as 2026-03-02.", value=value) from None
