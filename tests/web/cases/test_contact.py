"""Contact data are corrected beside the customer's facts; what is no address is refused there, with what was typed."""

from __future__ import annotations

from engine.actions.find_customer import NewCustomer
from engine.actions.register_case import Registration, register_case
from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.wiring import Engine
from tests.web.conftest import ClientAs


def complaint_of_halina(engine: Engine) -> Case:
    halina = NewCustomer(name="Halina Nowak", email="halina@example", phone="+48 22 123 45 67")
    with engine.begin(SYSTEM) as tx:
        return register_case(tx, Registration(subject="A cold stove", country="PL", customer=halina))


def test_a_clerk_corrects_an_address(client_as: ClientAs, engine: Engine) -> None:
    case, anna = complaint_of_halina(engine), client_as("anna")
    data = {"email": "halina@example.org", "phone": "+48 22 123 45 67", "address": "ul. Polna 1\n00-001 Warszawa"}
    assert anna.post(f"/cases/{case.number}/contact", data=data).status_code == 303
    page = anna.get(f"/cases/{case.number}").text
    assert "halina@example.org" in page
    assert "Letters that have not left go to the new address." in page


def test_what_is_no_address_is_shown_again_beside_its_fault(client_as: ClientAs, engine: Engine) -> None:
    case, anna = complaint_of_halina(engine), client_as("anna")
    answer = anna.post(f"/cases/{case.number}/contact", data={"email": "halina at home"})
    assert answer.status_code == 422
    assert "This is not an e-mail address." in answer.text
    assert 'value="halina at home"' in answer.text
