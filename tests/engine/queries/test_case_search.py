"""Every case is on exactly one page, whatever the list is sorted by; the index of openings is used."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.model.calendar import Calendar
from engine.model.case import Case, CaseStatus, ClockRow, Customer
from engine.model.clock import given_clock
from engine.model.clock_rows import clock_to_plain
from engine.model.lists import CaseFilter, order_from, place_from
from engine.model.people import Role
from engine.queries.case_search import Walk, cases, customers_like, open_cases_like
from engine.store import people, rows, search
from engine.store.transaction import Tx
from tests.engine.conftest import add_person


@pytest.fixture
def desk(tx: Tx) -> Tx:
    """Twenty cases, every third closed, every second with a clock, seen by Anna."""
    for number in range(20):
        case = Case(
            id=tx.new_id(),
            number=f"C-2026-{number:06}",
            subject=f"Matter {number}",
            priority=number % 3 + 1,
            status=CaseStatus.CLOSED if number % 3 == 0 else CaseStatus.OPEN,
            disputed_amount=Decimal(number),
            facts={"serial": f"SN{number}"},
            opened_at=tx.now - timedelta(hours=number // 2),
        )
        rows.insert(tx, case)
        search.put(tx, case.id, f"{case.number} {case.subject}")
        if number % 2:
            clock = given_clock(
                "contract", f"P{number % 5 + 1}D", started=tx.now, calendar=Calendar(key="house", zone="UTC")
            )
            due = clock.due.instant - timedelta(days=2)
            row = ClockRow(id=tx.new_id(), case_id=case.id, key="contract", started_at=tx.now, due_at=due)
            rows.insert(tx, replace(row, data=clock_to_plain(clock)))
    anna = add_person(tx, "anna", Role.CLERK)
    return replace(tx, actor=people.actor_of(tx, anna.id))


@pytest.mark.parametrize("order", ["opened", "-opened", "due", "-due", "priority", "-priority"])
@pytest.mark.parametrize("status", ["", "open", "closed"])
def test_every_case_is_on_exactly_one_page(desk: Tx, order: str, status: str) -> None:
    wanted, walk = CaseFilter(status=status), order_from(order, ("opened", "due", "priority"))
    whole = [line.case.number for line in cases(desk, wanted, Walk(walk, size=100)).rows]
    page = cases(desk, wanted, Walk(walk, size=3))
    found = [line.case.number for line in page.rows]
    while page.next is not None:
        page = cases(desk, wanted, Walk(walk, place_from(str(page.next)), 3))
        found += [line.case.number for line in page.rows]
    assert found == whole
    assert len(whole) == {"": 20, "open": 13, "closed": 7}[status]


def test_late_cases_have_a_running_clock_past_its_due(desk: Tx) -> None:
    found = cases(desk, CaseFilter(status="", overdue=True), Walk(size=100)).rows
    assert found
    assert all(line.due_at is not None and line.due_at <= desk.now for line in found)


def test_words_are_found_by_their_beginnings(desk: Tx) -> None:
    assert [line.case.number for line in cases(desk, CaseFilter(status="", text="matter 19"), Walk()).rows] == [
        "C-2026-000019"
    ]
    assert cases(desk, CaseFilter(status="", text="!?"), Walk()).rows == ()


def test_designers_find_no_case(desk: Tx) -> None:
    greta = add_person(desk, "greta", Role.DESIGNER)
    seen = replace(desk, actor=people.actor_of(desk, greta.id))
    assert cases(seen, CaseFilter(), Walk()).rows == ()
    assert customers_like(seen, "maria") == []
    assert open_cases_like(seen, customer_id="", serial="SN1") == []


def test_an_open_case_about_the_same_serial_number_is_found(desk: Tx) -> None:
    assert [case.number for case in open_cases_like(desk, customer_id="", serial="SN1")] == ["C-2026-000001"]
    assert open_cases_like(desk, customer_id="", serial="SN3") == []
    assert open_cases_like(desk, customer_id="", serial="") == []


def test_a_customer_is_found_by_number_e_mail_or_part_of_the_name(desk: Tx) -> None:
    maria = Customer(id="m", number="K-1", name="Maria Nowak", email="maria@example.org", created_at=desk.now)
    rows.insert(desk, replace(maria, search="maria nowak maria@example.org k-1"))
    for text in ("K-1", "maria@example.org", "NOWAK"):
        assert [known.customer.name for known in customers_like(desk, text)] == ["Maria Nowak"]
    assert customers_like(desk, "nobody") == []


@pytest.mark.only_on("sqlite")  # SQLite tells its plan
def test_the_list_by_opening_reads_only_its_index(desk: Tx) -> None:
    statement = (
        "EXPLAIN QUERY PLAN SELECT id, opened_at AS k FROM case_file WHERE status = 'open' "
        "ORDER BY opened_at DESC, case_file.id DESC LIMIT 40"
    )
    plan = " ".join(str(row[3]) for row in rows.fetch(desk, statement))
    assert "ix_case_status_opened" in plan
