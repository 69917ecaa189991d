"""What comes in from outside may be anything: it is refused with a sentence or kept as text, and never breaks a promise."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest

from engine.actions.attach_file import attach_file
from engine.actions.comment_case import comment_case
from engine.actions.complete_task import Answer, complete_task
from engine.actions.deliver_message import deliver_message
from engine.actions.find_customer import NewCustomer
from engine.actions.message_case import record_reply, withdraw_case
from engine.actions.register_case import Registration, register_case
from engine.actions.request_special_mode import request_special_mode
from engine.actions.save_draft import save_draft
from engine.actions.set_absence import Away, set_absence
from engine.model.case import Attachment, Case, CaseMessage
from engine.model.errors import Invalid, MakegoodError
from engine.model.running import Incident
from tests.promises.conftest import House

ODD = (
    "\x00",
    "\ud800",
    "\u202egnirts",
    "a" * 100_000,
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "\r\nBcc: x@example.org",
)
AMOUNTS = (Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-1"), Decimal("1E+999999"), Decimal(10) ** 40)


@pytest.mark.parametrize("amount", AMOUNTS)
def test_an_amount_that_is_none_is_refused_with_its_field(house: House, amount: Decimal) -> None:
    with pytest.raises(Invalid) as refusal, house.store.begin(house.person("anna")) as tx:
        register_case(tx, Registration(subject="A kettle", country="PL", disputed_amount=amount))
    assert [fault.field for fault in refusal.value.fields] == ["disputed_amount"]
    case = house.triaged()
    with pytest.raises(Invalid), house.store.begin(house.person("anna")) as tx:
        request_special_mode(tx, case.id, reason="Please", amount=amount)


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_are_kept_or_refused_but_break_nothing(house: House, text: str) -> None:
    given = {
        "subject": text,
        "description": text,
        "country": text,
        "language": text,
        "medium": text,
        "party": text,
        "area": text,
        "channel": text,
        "facts": {"model": text},
        "customer": NewCustomer(name=text, email=f"{text}@example.org", address=text, number=text),
    }
    for name, value in given.items():
        with suppress(MakegoodError):
            house.register(**{name: value})
    assert [fault for fault in house.broken() if not fault.startswith("6")] == []


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1900, 2, 28), date(2024, 2, 29), date(9999, 12, 31)])
def test_any_day_of_receipt_has_a_due_or_is_refused(house: House, day: date) -> None:
    with suppress(Invalid):
        house.register(received_on=day, posted_on=day)
    assert len(house.all(Case)) == (day.year < 9999)
    assert house.broken() == []


def test_far_absences_are_kept_or_refused(house: House) -> None:
    for first, last in ((date(1, 1, 1), date(1, 1, 2)), (date(9999, 12, 30), date(9999, 12, 31))):
        with house.store.begin(house.person("anna")) as tx:
            set_absence(tx, "anna", Away(first_day=first, last_day=last))
    house.triaged()
    assert house.broken() == []


def test_a_reference_that_somebody_types_opens_no_other_case(house: House) -> None:
    other = house.register(description="Ola's secret diagnosis")
    message = next(m for m in house.all(CaseMessage, case_id=other.id) if m.kind == "description")
    case = house.triaged(customer=NewCustomer(name="Jan", email="jan@example.org"))
    house.do("ben", case, "work", findings="Worn.")
    house.do("ben", case, "decide", "accept", reasons=f"message:{message.id}", decided_remedy="repair")
    house.do("ben", case, "write_answer", answer_text=f"message:{message.id}", medium="email")
    with house.store.begin(house.person("anna")) as tx:
        withdraw_case(tx, case.id, reason=f"message:{message.id}")
    house.settle()
    sent = [letter.body for letter in house.all(CaseMessage, case_id=case.id, kind="letter")]
    assert not [body for body in sent if "secret" in body]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "..\\..\\boot.txt", "/abs/olute.txt", "a\x00b.txt", "é\u202efdp.txt"]
)
def test_a_files_name_is_no_path(house: House, name: str) -> None:
    case = house.register()
    try:
        with house.store.begin(house.person("anna")) as tx:
            attach_file(tx, case.id, name=name, content=b"text")
    except Invalid:
        return
    kept = house.all(Attachment, case_id=case.id)[0].name
    assert "/" not in kept
    assert "\\" not in kept
    assert "\x00" not in kept


@pytest.mark.parametrize("text", ODD)
def test_odd_words_of_staff_and_customers_are_kept_or_refused(house: House, text: str) -> None:
    case = house.triaged()
    task = house.task(case, "work")
    for act in (
        lambda tx: comment_case(tx, case.id, body=text),
        lambda tx: record_reply(tx, case.id, text=text),
        lambda tx: save_draft(tx, task.id, values={"findings": text, text: text}),
        lambda tx: complete_task(tx, task.id, Answer(data={"findings": text, text: 1})),
        lambda tx: deliver_message(tx, text, correlation={text: text}, payload={text: text}, message_id=text),
        lambda tx: withdraw_case(tx, case.id, reason=text),
    ):
        with suppress(MakegoodError), house.store.begin(house.person("ben")) as tx:
            act(tx)
        house.settle()
    assert house.all(Incident, state="open") == []
    assert house.broken() == []


def test_the_earliest_and_the_last_case_of_a_number_are_found_by_exact_number_only(house: House) -> None:
    case = house.register()
    with pytest.raises(Invalid), house.store.begin(house.person("anna")) as tx:
        register_case(tx, Registration(subject="Again", country="PL", earlier_case="%"))
    assert [found.number for found in house.all(Case)] == [case.number]
