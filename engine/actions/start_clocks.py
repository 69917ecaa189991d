"""A new case gets its clocks: the contract's from the customer's segment, the statutory one from the law (R25)."""

from __future__ import annotations

from engine.actions.case_clocks import add_clock, as_clock, change_clock, clock_of
from engine.actions.case_record import CaseRecord
from engine.model.calendar import Calendar, national_calendar
from engine.model.clock import ClockState
from engine.model.clock_changes import replaced_by
from engine.model.contract import contract_clock
from engine.model.errors import Invalid
from engine.model.people import Segment
from engine.model.statutory import Receipt, rule_for, statutory_clock
from engine.store import rows, settings


def start_clocks(record: CaseRecord) -> None:
    """Start the contract clock now and the statutory clock on the day of receipt, where a rule row applies."""
    segment = rows.maybe(record.tx, Segment, record.case.segment)
    if segment is not None:
        clock = contract_clock(segment, record.case.opened_at, house_calendar(record), armed=record.tx.now)
        if clock is not None:
            add_clock(record, clock)
    start_statutory(record)


def start_statutory(record: CaseRecord) -> None:
    """Find the rule by country, sector, party, matter, remedy and day of receipt; what is learnt later may change it."""
    case = record.case
    received = case.received_on or record.tx.now.date()
    receipt = Receipt(
        received, case.country, case.sector, case.party, f"{case.area} {case.category} {case.subject}", case.remedy
    )
    rule = rule_for(receipt)
    running = clock_of(record, "statutory")
    if rule is None:
        return
    clock = statutory_clock(rule, receipt, armed=record.tx.now)
    if running is None:
        add_clock(record, clock)
    elif running.state == ClockState.RUNNING and as_clock(running).basis != clock.basis:
        change_clock(record, running, replaced_by(as_clock(running), clock))
        record.note("clock_rule_changed", clock="statutory", rule=rule.id, version=rule.version)


def house_calendar(record: CaseRecord) -> Calendar:
    """Working days where the house works: its country and zone are settings."""
    country = settings.setting(record.tx, "company.country", record.case.country)
    zone = settings.setting(record.tx, "company.zone", "UTC")
    try:
        return national_calendar(country, zone)
    except Invalid:
        return Calendar(key="house", zone=zone)
