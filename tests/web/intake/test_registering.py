"""A complaint is registered by hand, for a known or a new customer, and nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from engine.model.case import Attachment, Case, CaseMessage, Customer
from engine.model.people import SYSTEM
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs

TODAY = datetime.now(UTC).date()
FILLED = {
    "f.kind": "complaint",
    "f.received_on": TODAY.isoformat(),
    "f.channel": "phone",
    "f.customer_name": "Maria Nowak",
    "f.customer_email": "maria@example.org",
    "f.party": "consumer",
    "f.country": "PL",
    "f.sector": "general",
    "f.segment": "gold",
    "f.language": "pl",
    "f.medium": "email",
    "f.model": "W-900",
    "f.serial": "SN-77",
    "f.disputed_amount": "1,250.50",
    "f.subject": "The washing machine leaks",
    "f.description": "Water below the door.",
    "f.remedy": "repair",
    "_register": "1",
}


def the_case(engine: Engine) -> Case:
    with engine.read(SYSTEM) as tx:
        return rows.find(tx, Case, order_by="opened_at DESC", limit=1)[0]


def test_a_complaint_of_a_new_customer_becomes_a_case(client_as: ClientAs, engine: Engine) -> None:
    answer = client_as("anna").post("/cases/new", data=FILLED)
    assert answer.status_code == 303
    case = the_case(engine)
    assert answer.location == f"/cases/{case.number}/receipt"
    assert (case.disputed_amount, case.segment, case.received_on) == (Decimal("1250.50"), "gold", TODAY)
    assert case.facts["serial"] == "SN-77"
    with engine.read(SYSTEM) as tx:
        assert rows.get(tx, Customer, case.customer_id or "").email == "maria@example.org"
        assert rows.find(tx, CaseMessage, case_id=case.id, kind="description")[0].body == "Water below the door."


def test_the_receipt_tells_number_tracking_code_and_clocks(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    page = anna.get(anna.post("/cases/new", data=FILLED).location or "").text
    case = the_case(engine)
    assert case.number in page
    assert case.tracking in page
    assert "maria@example.org" in page
    assert "the day itself does not count" in page


def test_faults_keep_what_was_typed(client_as: ClientAs, engine: Engine) -> None:
    tomorrow = (TODAY + timedelta(days=3)).isoformat()
    wrong = {**FILLED, "f.subject": "", "f.customer_email": "maria", "f.received_on": tomorrow}
    answer = client_as("anna").post("/cases/new", data=wrong)
    assert answer.status_code == 422
    assert 'href="#f-subject"' in answer.text
    assert 'href="#f-customer_email"' in answer.text
    assert "Water below the door." in answer.text
    only_late = client_as("anna").post("/cases/new", data={**FILLED, "f.received_on": tomorrow})
    assert only_late.status_code == 422
    assert "still to come" in only_late.text
    with engine.read(SYSTEM) as tx:
        assert rows.count(tx, Case) == 0


def test_a_known_customer_is_found_and_chosen(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    anna.post("/cases/new", data=FILLED)
    maria = the_case(engine).customer_id or ""
    typed = {"f.subject": "Second matter", "_search": "nowak", "_find": "1"}
    found = anna.post("/cases/new", data=typed).text
    assert f'value="{maria}"' in found
    assert "Second matter" in found
    chosen = anna.post("/cases/new", data={"f.subject": "Second matter", "_use": maria}).text
    assert f'name="_customer" value="{maria}"' in chosen
    assert "f.customer_name" not in chosen
    given = {name: value for name, value in FILLED.items() if "customer" not in name and name != "f.serial"}
    asked = chosen.split('name="_fields" value="')[1].split('"')[0]
    answer = anna.post("/cases/new", data={**given, "_customer": maria, "_warned": "1", "_fields": asked})
    assert answer.status_code == 303
    assert the_case(engine).customer_id == maria


def test_somebody_unknown_is_said_to_be_unknown(client_as: ClientAs) -> None:
    page = client_as("anna").post("/cases/new", data={"_search": "nobody@example.org", "_find": "1"}).text
    assert "Nobody is known by that" in page


def test_an_open_case_about_the_same_serial_number_warns_once(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    anna.post("/cases/new", data=FILLED)
    first = the_case(engine)
    warned = anna.post("/cases/new", data={**FILLED, "f.customer_name": "Jan Nowak", "f.customer_email": ""})
    assert warned.status_code == 200
    assert first.number in warned.text
    assert 'name="_warned"' in warned.text
    again = anna.post("/cases/new", data={**FILLED, "f.customer_name": "Jan Nowak", "_warned": "1"})
    assert again.status_code == 303


def test_files_are_attached_with_the_case_or_nothing_is_registered(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    refused = anna.post("/cases/new", data={**FILLED, "f.attachments": (BytesIO(b"MZ"), "run.exe")})
    assert refused.status_code == 422
    assert "not of a permitted type" in refused.text
    with engine.read(SYSTEM) as tx:
        assert rows.count(tx, Case) == 0
    anna.post("/cases/new", data={**FILLED, "f.attachments": (BytesIO(b"%PDF-1.7"), "receipt.pdf")})
    case = the_case(engine)
    with engine.read(SYSTEM) as tx:
        assert [each.name for each in rows.find(tx, Attachment, case_id=case.id)] == ["receipt.pdf"]


def test_somebody_who_speaks_for_the_customer_is_kept_apart(client_as: ClientAs, engine: Engine) -> None:
    proxy = {"f.by_proxy": "yes", "f.complainant_name": "Adam Nowak", "f.complainant_email": "adam@example.org"}
    client_as("anna").post("/cases/new", data={**FILLED, **proxy})
    case = the_case(engine)
    assert case.complainant_id not in (None, case.customer_id)


def test_an_earlier_case_must_exist(client_as: ClientAs) -> None:
    answer = client_as("anna").post("/cases/new", data={**FILLED, "f.earlier_case": "c-1999-000001"})
    assert answer.status_code == 422
    assert "There is no case C-1999-000001" in answer.text


def test_the_form_of_a_known_customer_is_opened_from_the_case(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    anna.post("/cases/new", data=FILLED)
    page = anna.get(f"/cases/new?customer={the_case(engine).customer_id}").text
    assert "Maria Nowak" in page
    assert "Somebody else" in page


def test_files_that_a_browser_forgets_after_a_fault_are_named(client_as: ClientAs) -> None:
    data = {**FILLED, "f.subject": "", "f.attachments": (BytesIO(b"%PDF-1.4"), "invoice.pdf")}
    answer = client_as("anna").post("/cases/new", data=data)
    assert answer.status_code == 422
    assert "Choose the attachments again before you register" in answer.text
    assert "invoice.pdf" in answer.text
