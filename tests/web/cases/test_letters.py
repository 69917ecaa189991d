"""A letter that left can be read in full and printed, by those who work on cases and from its own case only."""

from __future__ import annotations

import pytest

from engine.model.case import Case, CaseMessage
from engine.model.people import SYSTEM, Person
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs, person_id


@pytest.fixture
def acknowledged(engine: Engine, case: Case) -> CaseMessage:
    """The acknowledgement of the kettle's case."""
    with engine.read(SYSTEM) as tx:
        return rows.find(tx, CaseMessage, case_id=case.id, letter="acknowledgement")[0]


def test_a_letter_has_a_page_that_prints_alone(client_as: ClientAs, case: Case, acknowledged: CaseMessage) -> None:
    anna = client_as("anna")
    address = f"/cases/{case.number}/letters/{acknowledged.id}"
    assert address in anna.get(f"/cases/{case.number}").text
    page = anna.get(address).text
    assert acknowledged.subject in page
    assert acknowledged.body.splitlines()[-1] in page
    assert "data-print" in page


def test_a_letter_of_another_case_is_not_there(client_as: ClientAs, acknowledged: CaseMessage) -> None:
    answer = client_as("anna").get(f"/cases/C-2026-999999/letters/{acknowledged.id}")
    assert answer.status_code == 404


def test_a_note_of_a_colleague_is_no_letter(client_as: ClientAs, case: Case, engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx:
        note = CaseMessage(id=tx.new_id(), case_id=case.id, kind="note", body="Be careful", created_at=tx.now)
        rows.insert(tx, note)
    answer = client_as("anna").get(f"/cases/{case.number}/letters/{note.id}")
    assert answer.status_code == 404
    assert "There is no such letter" in answer.text


def test_what_was_said_in_a_shipped_task_is_headed_in_the_readers_language(
    client_as: ClientAs, case: Case, engine: Engine
) -> None:
    with engine.begin(SYSTEM) as tx:
        rows.update(tx, Person, person_id("anna"), language="pl")
        name = "Decide on the special mode"
        rows.insert(tx, CaseMessage(id=tx.new_id(), case_id=case.id, kind="note", subject=name, created_at=tx.now))
    page = client_as("anna").get(f"/cases/{case.number}").text
    assert "Zdecyduj o trybie specjalnym" in page
    assert name not in page
