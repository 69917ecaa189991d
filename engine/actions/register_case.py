"""A complaint becomes a case: number, customer, clocks, and its process runs up to the first wait (promise 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from engine.actions.advance_instance import start_instance
from engine.actions.find_customer import NewCustomer, find_or_add_customer
from engine.actions.inputs import fault_of_amount
from engine.actions.open_case import next_number, open_case, tracking_code
from engine.actions.permission import BACK_OFFICE, require_role
from engine.actions.start_clocks import start_clocks
from engine.execution.case_kinds import case_kinds
from engine.execution.runtime import Start
from engine.model.archive import ArchivedCase
from engine.model.case import Case, CaseMessage
from engine.model.errors import Conflict, FieldError, Invalid, Message
from engine.model.people import Role
from engine.store import rows, settings
from engine.store.transaction import Tx

LONGEST_SUBJECT, LONGEST_TEXT = 200, 64_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What somebody hands in; `facts` are further named values of the registration form (model, serial, invoice …)."""

    subject: str
    description: str = ""
    kind: str = "complaint"
    channel: str = "web"
    received_on: date | None = None
    posted_on: date | None = None
    country: str = ""
    party: str = "consumer"
    sector: str = "general"
    area: str = ""
    product_group: str = ""
    remedy: str = ""
    disputed_amount: Decimal | None = None
    language: str = ""
    medium: str = "email"
    customer: NewCustomer = field(default_factory=NewCustomer)
    complainant: NewCustomer | None = None
    earlier_case: str = ""
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    source: str | None = None
    reference: str | None = None
    is_demo: bool = False
    opened_at: datetime | None = None


def register_case(tx: Tx, registration: Registration) -> Case:
    """Register a complaint and start its process.

    Raises Invalid naming every wrong field, Conflict when `source` and `reference` name a case that exists.
    """
    require_role(tx, *BACK_OFFICE, Role.ADMINISTRATOR)
    _refuse_faults(tx, registration)
    customer = find_or_add_customer(tx, registration.customer, registration)
    complainant = find_or_add_customer(tx, registration.complainant, registration) if registration.complainant else None
    case = Case(
        id=tx.new_id(),
        number=next_number(tx),
        tracking=tracking_code(tx.new_id()),
        kind=registration.kind,
        subject=registration.subject.strip()[:LONGEST_SUBJECT],
        customer_id=customer.id if customer is not None else None,
        complainant_id=complainant.id if complainant is not None else None,
        product_group=registration.product_group,
        area=registration.area,
        channel=registration.channel,
        country=registration.country.upper(),
        party=registration.party,
        sector=registration.sector,
        segment=customer.segment if customer is not None else "standard",
        language=registration.language or (customer.language if customer is not None else "en"),
        medium=registration.medium,
        remedy=registration.remedy,
        received_on=registration.received_on or settings.today(tx),
        posted_on=registration.posted_on,
        disputed_amount=registration.disputed_amount,
        facts={**registration.facts, "earlier_case": registration.earlier_case or None},
        source=registration.source,
        reference=registration.reference,
        opened_at=registration.opened_at or tx.now,
        is_demo=registration.is_demo,
    )
    return _open_case(tx, case, registration, customer.name if customer is not None else "")


def _open_case(tx: Tx, case: Case, registration: Registration, customer_name: str) -> Case:
    """Write the case with its text, start its clocks and its process."""
    record = open_case(tx, case, words_of(case, registration, customer_name))
    if registration.description.strip():
        rows.insert(tx, _description_of(tx, case, registration))
    start_clocks(record)
    kind = case_kinds(tx.catalog)[case.kind]
    start_instance(tx, record, key=kind.key, event=Start(process_id=kind.process_id))
    record.flush()
    return record.case


def words_of(case: Case, registration: Registration, customer_name: str) -> str:
    """What the case is found by: its numbers, the product's, the customer's name, and the beginning of the text."""
    product = [str(registration.facts.get(name) or "") for name in ("model", "serial", "invoice", "contract")]
    named = [case.number, case.tracking, case.reference or "", customer_name, registration.customer.number]
    return " ".join([*named, *product, case.subject, registration.description[:4000]])


def _description_of(tx: Tx, case: Case, registration: Registration) -> CaseMessage:
    """The complaint's own text, kept where personal data may be."""
    return CaseMessage(
        id=tx.new_id(),
        case_id=case.id,
        kind="description",
        channel=case.channel,
        subject=case.subject,
        body=registration.description.strip()[:LONGEST_TEXT],
        created_at=tx.now,
        author_id=tx.actor.person_id,
    )


def _refuse_faults(tx: Tx, registration: Registration) -> None:
    """Raise Invalid with every fault of the registration at once, or Conflict for a reference that is known."""
    faults: list[FieldError] = []
    if not registration.subject.strip():
        faults.append(FieldError("subject", Message("required", "Say in a few words what the complaint is about.")))
    kinds = case_kinds(tx.catalog)
    if registration.kind not in kinds:
        known = ", ".join(kinds)
        template = "“{kind}” is no kind of case here. Choose one of: {known}."
        faults.append(
            FieldError("kind", Message("kind_unknown", template, {"kind": registration.kind, "known": known}))
        )
    if registration.received_on is not None and registration.received_on > settings.today(tx):
        faults.append(FieldError("received_on", Message("received_in_future", "The day of receipt is still to come.")))
    amount_fault = fault_of_amount(registration.disputed_amount)
    if amount_fault is not None:
        faults.append(FieldError("disputed_amount", amount_fault))
    if registration.earlier_case and not rows.find(tx, Case, number=registration.earlier_case.strip().upper(), limit=1):
        template = "There is no case {number}. Leave this empty, or give the number as C-2026-000123."
        faults.append(
            FieldError("earlier_case", Message("earlier_unknown", template, {"number": registration.earlier_case}))
        )
    if faults:
        raise Invalid(
            "registration_invalid", "The complaint cannot be registered yet: see the marked fields.", fields=faults
        )
    _refuse_known(tx, registration)


def _refuse_known(tx: Tx, registration: Registration) -> None:
    """Raise Conflict where the source gave this complaint before, be its case archived meanwhile."""
    if registration.reference is None:
        return
    found = rows.find(tx, Case, source=registration.source, reference=registration.reference, limit=1)
    if found:
        raise Conflict(
            "already_registered",
            "{reference} is registered already, as case {number}.",
            reference=registration.reference,
            number=found[0].number,
        )
    away = rows.first(tx, ArchivedCase, source=registration.source, reference=registration.reference)
    if away is not None:
        raise Conflict(
            "already_archived",
            "{reference} was registered as case {number}, which is archived.",
            reference=registration.reference,
            number=away.number,
        )
