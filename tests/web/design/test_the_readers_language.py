"""A shipped diagram is drawn in the reader's language and leaves for the disk as it was deployed."""

from __future__ import annotations

import pytest

from engine.model.people import SYSTEM, Person
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs, person_id

FILE = "/design/complaint/1/files/complaint.bpmn"


@pytest.fixture(autouse=True)
def greta_reads_polish(engine: Engine) -> None:
    """Greta has chosen Polish."""
    with engine.begin(SYSTEM) as tx:
        rows.update(tx, Person, person_id("greta"), language="pl")


def test_greta_sees_the_diagram_and_its_list_in_polish(client_as: ClientAs) -> None:
    greta = client_as("greta")
    assert "Sprawdź klasyfikację" in greta.get(FILE).text
    assert "Sprawdź klasyfikację" in greta.get("/design/complaint").text


def test_the_file_that_greta_keeps_is_the_one_that_was_deployed(client_as: ClientAs) -> None:
    kept = client_as("greta").get(f"{FILE}?keep")
    assert "Check the classification" in kept.text
    assert "Sprawdź klasyfikację" not in kept.text
