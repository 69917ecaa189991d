"""What the checks let a letter name is exactly what a letter is given."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.definitions.letter_values import FREE, NAMES, letter_values
from engine.model.case import Case, ClockRow, Customer
from engine.model.letter import Address, LetterSource, address_of, goes_outside

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
OLA = Customer(id="ola", name="Ola Nowak", email="ola@example.org", address="Prosta 1, Warszawa", created_at=MONDAY)


def source(medium: str = "email", customer: Customer | None = OLA) -> LetterSource:
    case = Case(id="c", number="C-2026-000001", medium=medium, received_on=date(2026, 3, 2), opened_at=MONDAY)
    due = datetime(2026, 3, 16, 23, tzinfo=UTC)  # midnight in Warsaw: the last day is the 16th
    clock = ClockRow(id="k", case_id="c", key="statutory", started_at=MONDAY, due_at=due, zone="Europe/Warsaw")
    return LetterSource(
        case=case, customer=customer, decision=None, reasons="", clocks=(clock,), company={"name": "Veltra"}
    )


def test_letters_are_given_what_they_may_name() -> None:
    values = letter_values(source())
    given = {name: frozenset(found) for name, found in values.items() if name in NAMES and isinstance(found, dict)}
    assert given == NAMES
    assert set(values) - set(NAMES) <= FREE


def test_a_letter_names_the_last_day_of_a_clock_in_its_zone_and_language() -> None:
    values = letter_values(source())
    assert values["clocks"] == {"statutory": {"due": "16 March 2026", "state": "running"}}
    case = values["case"]
    assert isinstance(case, dict)
    assert (case["expected_on"], case["received_on"]) == ("16 March 2026", "2 March 2026")


def test_a_letter_goes_the_way_that_the_customer_asked_for() -> None:
    assert address_of(source(), "customer") == Address("email", "ola@example.org", "en", "consumer")
    assert address_of(source("post"), "customer").recipient == "Prosta 1, Warszawa"
    assert address_of(source("post"), "expert@example.org").channel == "email"
    assert address_of(source(customer=None), "customer").recipient == ""


def test_colleagues_are_told_by_notice() -> None:
    assert [goes_outside(to) for to in ("customer", "x@example.org", "lead", "owner")] == [True, True, False, False]
