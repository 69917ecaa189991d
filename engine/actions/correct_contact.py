"""How a customer is reached is put right in the case; letters that have not left yet go to the new address."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from engine.actions.case_record import CaseRecord, lock
from engine.actions.keep_answers import CUSTOMER_FIELDS
from engine.actions.permission import require_back_office, require_case
from engine.model.case import CaseMessage, Customer
from engine.model.errors import Conflict, FieldError, Invalid, Message
from engine.store import rows
from engine.store.transaction import Tx

LONGEST = {"email": 254, "phone": 60, "address": 1000}
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;.]+(\.[^@\s<>,;.]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where mail, calls and letters reach somebody; each may be empty."""

    email: str = ""
    phone: str = ""
    address: str = ""


def correct_contact(tx: Tx, case_id: str, contact: Contact) -> None:
    """Correct the customer's contact data; raises Invalid naming what is wrong, Conflict where no customer is named."""
    require_back_office(tx)
    record = lock(tx, case_id)
    require_case(tx, record.case)
    if record.case.customer_id is None:
        raise Conflict("customer_missing", "Case {number} names no customer.", number=record.case.number)
    customer = rows.get(tx, Customer, record.case.customer_id)
    given = {name: value.strip() for name, value in asdict(contact).items() if name in CUSTOMER_FIELDS}
    _refuse_faults(given)
    changed = {name: value for name, value in given.items() if value != getattr(customer, name)}
    if not changed:
        return
    email = changed.get("email", customer.email)
    search = f"{customer.name} {email} {customer.number or ''}".casefold().strip()
    rows.update(tx, Customer, customer.id, search=search, **changed)
    for name in changed:
        record.note("customer_changed", field=name)
        _readdress(record, getattr(customer, name), changed[name])
    record.flush()


def _refuse_faults(given: dict[str, str]) -> None:
    faults = [
        FieldError(name, Message("too_long", "Write at most {most} characters.", {"most": LONGEST[name]}))
        for name, value in given.items()
        if len(value) > LONGEST[name]
    ]
    if given["email"] and not _EMAIL.fullmatch(given["email"]):
        faults.append(FieldError("email", Message("email_wrong", "This is not an e-mail address.")))
    if faults:
        raise Invalid("contact_invalid", "The contact data need a correction.", fields=faults)


def _readdress(record: CaseRecord, before: str, after: str) -> None:
    if not before or not after:
        return
    for letter in rows.find(record.tx, CaseMessage, case_id=record.case_id, direction="out", recipient=before):
        if letter.sent_at is None:
            rows.update(record.tx, CaseMessage, letter.id, recipient=after)
