"""Cases are found by number, words, stage and clock, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.model.case import Case, ClockRow
from engine.model.people import SYSTEM
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs


def test_the_number_in_the_search_box_opens_the_case(client_as: ClientAs, case: Case) -> None:
    answer = client_as("anna").get(f"/search?q={case.number.lower()}")
    assert answer.location == f"/cases/{case.number}"


def test_words_find_the_case_even_when_it_is_closed(client_as: ClientAs, case: Case, engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx:
        rows.update(tx, Case, case.id, status="closed")
    anna = client_as("anna")
    assert case.number in anna.get(anna.get("/search?q=kettle+leak").location or "").text
    assert case.number not in anna.get("/cases").text


def test_a_search_without_words_leads_to_the_list(client_as: ClientAs) -> None:
    assert client_as("anna").get("/search?q=").location == "/cases"


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("?stage=acknowledged", True),
        ("?stage=closed", False),
        ("?queue=technical", False),
        ("?overdue=yes", False),
        ("?status=closed", False),
        ("?status=all&sort=due", True),
        ("?q=nosuchword", False),
        ("?sort=-priority", True),
        ("?sort=nonsense&at=elsewhere&status=odd", True),
    ],
)
def test_filters_narrow_the_list(client_as: ClientAs, case: Case, address: str, *, there: bool) -> None:
    page = client_as("anna").get(f"/cases{address}").text
    assert (f"/cases/{case.number}" in page) is there


def test_late_cases_are_found(client_as: ClientAs, case: Case, engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx:
        for clock in rows.find(tx, ClockRow, case_id=case.id):
            rows.update(tx, ClockRow, clock.id, due_at=tx.now - timedelta(hours=1))
        late = bool(rows.find(tx, ClockRow, case_id=case.id))
    assert (case.number in client_as("anna").get("/cases?overdue=yes").text) is late


def test_the_list_leaves_as_csv(client_as: ClientAs, case: Case) -> None:
    lines = client_as("anna").get("/cases.csv").data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Case,Subject,Customer,Stage")
    assert lines[1].startswith(f"{case.number},A kettle that leaks")
