"""The values of the registration form become a registration: customer, complainant, product and the complaint itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from engine.actions.find_customer import NewCustomer
from engine.actions.register_case import Registration
from engine.model.case import Customer
from engine.model.errors import FieldError
from engine.model.form import Form

OF_CUSTOMER = ("customer_name", "customer_number", "customer_email", "customer_phone", "customer_address", "segment")
OF_CASE = frozenset(
    {
        *("kind", "received_on", "posted_on", "channel", "country", "party", "sector", "language", "medium"),
        *("product_group", "disputed_amount", "subject", "description", "remedy", "earlier_case", "attachments"),
        *("complainant_name", "complainant_email", "complainant_phone"),
    }
)
_FIELD_OF = {"customer.email": "customer_email", "customer.name": "customer_name"}


def without_customer(form: Form) -> Form:
    """The form as it is shown once the customer is chosen."""
    return replace(form, fields=tuple(field for field in form.fields if field.name not in OF_CUSTOMER))


def with_customer(values: Mapping[str, object], customer: Customer | None) -> dict[str, object]:
    """The values with the chosen customer's own, so that they are checked as a whole."""
    if customer is None:
        return dict(values)
    return {**values, "customer_name": customer.name or customer.number or customer.email or "–"}


def registration_of(values: Mapping[str, object], customer: Customer | None) -> Registration:
    """Make the registration of checked values."""

    def text(name: str) -> str:
        value = values.get(name)
        return "" if value is None else str(value)

    received, posted, amount = values.get("received_on"), values.get("posted_on"), values.get("disputed_amount")
    return Registration(
        subject=text("subject"),
        description=text("description"),
        kind=text("kind") or "complaint",
        channel=text("channel") or "web",
        received_on=received if isinstance(received, date) else None,
        posted_on=posted if isinstance(posted, date) else None,
        country=text("country"),
        party=text("party") or "consumer",
        sector=text("sector") or "general",
        product_group=text("product_group"),
        remedy=text("remedy"),
        disputed_amount=amount if isinstance(amount, Decimal) else None,
        language=text("language"),
        medium=text("medium") or "email",
        customer=customer_of(values, customer),
        complainant=complainant_of(values),
        earlier_case=text("earlier_case").strip().upper(),
        facts={
            name: value
            for name, value in values.items()
            if name not in OF_CASE.union(OF_CUSTOMER) and value not in (None, "", [])
        },
    )


def customer_of(values: Mapping[str, object], customer: Customer | None) -> NewCustomer:
    """The chosen customer, or the one that was typed."""
    if customer is not None:
        return NewCustomer(id=customer.id)
    return NewCustomer(
        name=_text(values, "customer_name"),
        number=_text(values, "customer_number"),
        email=_text(values, "customer_email"),
        phone=_text(values, "customer_phone"),
        address=_text(values, "customer_address"),
        language=_text(values, "language"),
        segment=_text(values, "segment"),
    )


def complainant_of(values: Mapping[str, object]) -> NewCustomer | None:
    """Whoever speaks for the customer, if anybody."""
    if not values.get("by_proxy"):
        return None
    found = NewCustomer(
        name=_text(values, "complainant_name"),
        email=_text(values, "complainant_email"),
        phone=_text(values, "complainant_phone"),
    )
    return found if found != NewCustomer() else None


def named_as_fields(faults: tuple[FieldError, ...]) -> tuple[FieldError, ...]:
    """Faults of the action under the names of the form's fields."""
    return tuple(FieldError(_FIELD_OF.get(fault.field, fault.field), fault.message) for fault in faults)


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value)
