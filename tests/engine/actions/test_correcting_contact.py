"""A wrong address is put right in the case, and a letter that could not leave follows it."""

from __future__ import annotations

import pytest

from engine.actions.correct_contact import Contact, correct_contact
from engine.actions.find_customer import NewCustomer
from engine.model.case import Case, CaseMessage, Customer
from engine.model.errors import Conflict, Invalid
from engine.store import audit, rows
from tests.engine.actions.conftest import Desk

HALINA = NewCustomer(name="Halina Nowak", email="halina@example.org", number="V7")


def correct(desk: Desk, case: Case, **given: str) -> None:
    with desk.store.begin(desk.person("ben")) as tx:
        correct_contact(tx, case.id, Contact(**given))


def test_the_new_address_is_kept_found_and_told_without_its_value(desk: Desk) -> None:
    case = desk.register(customer=HALINA)
    correct(desk, case, email="halina.nowak@example.org", phone="+48 22 123 45 67")
    customer = desk.all(Customer, id=case.customer_id)[0]
    assert (customer.email, customer.phone) == ("halina.nowak@example.org", "+48 22 123 45 67")
    assert "halina.nowak@example.org" in customer.search
    with desk.store.read(desk.person("anna")) as tx:
        told = [event.data for event in audit.events_of(tx, case.id) if event.kind == "customer_changed"]
        assert not audit.verify(tx, case.id)
    assert told == [{"field": "email"}, {"field": "phone"}]


def test_a_letter_that_waits_goes_to_the_new_address_and_a_sent_one_keeps_its_own(desk: Desk) -> None:
    case = desk.register(customer=HALINA)
    with desk.store.begin(desk.person("anna")) as tx:
        sent = rows.find(tx, CaseMessage, case_id=case.id, letter="acknowledgement")[0]
        rows.insert(
            tx,
            CaseMessage(
                id=tx.new_id(),
                case_id=case.id,
                kind="letter",
                direction="out",
                recipient=sent.recipient,
                state="queued",
                created_at=tx.now,
            ),
        )
    correct(desk, case, email="new@example.org")
    letters = desk.all(CaseMessage, case_id=case.id, direction="out", order_by="id")
    assert [letter.recipient for letter in letters] == ["halina@example.org", "new@example.org"]


def test_what_is_no_address_is_refused_and_changes_nothing(desk: Desk) -> None:
    case = desk.register(customer=HALINA)
    with pytest.raises(Invalid) as refused:
        correct(desk, case, email="halina at home", phone="1" * 100)
    assert {fault.field for fault in refused.value.fields} == {"email", "phone"}
    assert desk.all(Customer, id=case.customer_id)[0].email == "halina@example.org"


def test_a_case_without_a_customer_has_nothing_to_correct(desk: Desk) -> None:
    case = desk.register()
    with pytest.raises(Conflict, match="names no customer"):
        correct(desk, case, email="halina@example.org")
