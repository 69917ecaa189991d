"""Cases are found by number, customer, words, stage, queue, category or clock, by people who work on cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model.case import Case, Customer
from engine.model.lists import CaseFilter, Listed, Walk
from engine.store import case_lists, rows, work_lists
from engine.store.case_lists import CaseLine
from engine.store.transaction import Tx

__all__ = ["CaseLine", "Filters", "Known", "Walk", "cases", "customers_like", "filters", "open_cases_like"]
MOST_CUSTOMERS = 8


@dataclass(frozen=True, slots=True)
class Filters:
    """What the filters of the list offer."""

    queues: Sequence[tuple[str, str]]
    categories: Sequence[str]


@dataclass(frozen=True, slots=True)
class Known:
    """A customer who is known already, with how many cases there are."""

    customer: Customer
    cases: int


def cases(tx: Tx, wanted: CaseFilter, walk: Walk) -> Listed[CaseLine]:
    """One page of the cases that the actor may see."""
    return case_lists.page(tx, wanted, walk) if tx.actor.sees_cases else Listed()


def filters(tx: Tx) -> Filters:
    """What can be chosen."""
    return Filters(case_lists.all_queues(tx), work_lists.categories(tx))


def customers_like(tx: Tx, text: str) -> list[Known]:
    """Customers whose number or e-mail this is, or whose name has these words."""
    wanted = text.strip()
    if not wanted or not tx.actor.sees_cases:
        return []
    found = rows.select(
        tx,
        Customer,
        "erased_at IS NULL AND (number = :text OR email = :text OR instr(search, :lower) > 0) "
        "ORDER BY (coalesce(number, '') = :text OR email = :text) DESC, name, id LIMIT :most",
        {"text": wanted, "lower": wanted.casefold(), "most": MOST_CUSTOMERS},
    )
    return [Known(customer, rows.count(tx, Case, customer_id=customer.id)) for customer in found]


def known_customer(tx: Tx, customer_id: str) -> Customer | None:
    """The customer with this id, if the actor may see it."""
    return rows.maybe(tx, Customer, customer_id) if tx.actor.sees_cases else None


def open_cases_like(tx: Tx, *, customer_id: str, serial: str) -> list[Case]:
    """Open cases that may be about the same matter."""
    return case_lists.open_cases_like(tx, customer_id=customer_id, serial=serial) if tx.actor.sees_cases else []
