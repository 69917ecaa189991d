"""A complaint belongs to a customer that is known by number or e-mail, or is added inline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from engine.actions.permission import BACK_OFFICE, require_role
from engine.model.case import Customer
from engine.model.errors import FieldError, Invalid, Message
from engine.model.people import Role
from engine.store import rows
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """A customer as a registration names one; an empty one is no customer."""

    id: str = ""
    number: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    language: str = ""
    segment: str = ""


class Context(Protocol):
    """What the registration says of the customer besides."""

    @property
    def country(self) -> str: ...
    @property
    def party(self) -> str: ...
    @property
    def language(self) -> str: ...


def find_or_add_customer(tx: Tx, given: NewCustomer, context: Context) -> Customer | None:
    """The known customer by id, number, or e-mail with the same name; else a new row; None where nothing is given."""
    require_role(tx, *BACK_OFFICE, Role.ADMINISTRATOR)
    if given.id:
        return rows.get(tx, Customer, given.id)
    known = _known_customer(tx, given)
    if known is not None:
        return known
    if not (given.name or given.email or given.phone or given.number):
        return None
    if given.email and "@" not in given.email:
        fault = FieldError("customer.email", Message("email_wrong", "This is not an e-mail address."))
        raise Invalid("customer_invalid", "The customer's data need a correction.", fields=[fault])
    customer = Customer(
        id=tx.new_id(),
        number=given.number.strip() or None,
        name=given.name.strip(),
        email=given.email.strip(),
        phone=given.phone.strip(),
        address=given.address.strip(),
        language=given.language or context.language or "en",
        country=context.country.upper(),
        segment=given.segment or "standard",
        party=context.party,
        search=f"{given.name} {given.email} {given.number}".casefold().strip(),
        created_at=tx.now,
    )
    rows.insert(tx, customer)
    return customer


def _known_customer(tx: Tx, given: NewCustomer) -> Customer | None:
    """By customer number, or by e-mail where the name agrees or none is given."""
    if given.number:
        found = rows.find(tx, Customer, number=given.number.strip(), limit=1)
        if found:
            return found[0]
    if given.email:
        for customer in rows.find(tx, Customer, email=given.email.strip(), order_by="id", limit=20):
            if not given.name or customer.name.casefold() == given.name.strip().casefold():
                return customer
    return None
