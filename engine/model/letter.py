"""A letter: what it is written from, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.case import Case, ClockRow, Customer
from engine.model.decision import Decision

CUSTOMER = "customer"
LEFT_OUT = "letters_left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSource:
    """What is known when a letter is written; `reasons` is the text of the decision in force."""

    case: Case
    customer: Customer | None
    decision: Decision | None
    reasons: str
    clocks: tuple[ClockRow, ...]
    company: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a letter goes: an e-mail address or a postal one, and in which language."""

    channel: str
    recipient: str
    language: str
    party: str


def goes_outside(to: str) -> bool:
    """Whether it goes to the customer or to an address; all others are people of the house, who get a notice."""
    return to == CUSTOMER or "@" in to


def address_of(source: LetterSource, to: str) -> Address:
    """An outside address as it stands, or the customer's by the medium they asked for."""
    case, customer = source.case, source.customer
    if "@" in to:
        return Address("email", to, case.language, case.party)
    if customer is not None and customer.email and case.medium != "post":
        return Address("email", customer.email, case.language, case.party)
    return Address("post", customer.address if customer is not None else "", case.language, case.party)


def left_out(case: Case, letter: str) -> bool:
    """Whether the case was registered with the wish to write no such letter: it was written long ago, elsewhere."""
    named = case.facts.get(LEFT_OUT)
    return isinstance(named, list | tuple) and letter in named
