"""Who opens the number of an archived case reads that it is archived, since when, where, and who brings it back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.actions.archive_cases import archivable, archive_cases, pack
from engine.actions.message_case import withdraw_case
from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.wiring import Engine
from tests.web.conftest import ClientAs

FUTURE = date(2999, 1, 1)


def test_the_page_of_an_archived_number_says_so(
    engine: Engine, client_as: ClientAs, case: Case, tmp_path: Path
) -> None:
    engine.settle()
    with engine.begin(SYSTEM) as tx:
        withdraw_case(tx, case.id, reason="It works again")
    engine.settle()
    with engine.read(SYSTEM) as tx:
        packed = pack(tx, archivable(tx, FUTURE).cases, FUTURE, folder=tmp_path)
    with engine.begin(SYSTEM) as tx:
        archive_cases(tx, packed, FUTURE)
    page = client_as("anna").get(f"/cases/{case.number}")
    assert page.status_code == 404
    for told in ("This case is archived", packed.path.name, f"makegood archive --bring-back {case.number}"):
        assert told in page.text
    assert client_as("anna").get("/cases?q=" + case.number).status_code == 200
    assert "archived" not in client_as("henry").get(f"/cases/{case.number}").text
