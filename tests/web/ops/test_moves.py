"""Cases are moved to another version in three pages: what takes the place of what, what would happen, what became of it."""

from __future__ import annotations

import re

import pytest

from engine.actions.deploy_process import deploy_process
from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.running import Instance
from engine.model.task import OPEN_STATES, Task
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs

WHY = {"step": "do", "reason": "The letter was wrong"}


@pytest.fixture
def renamed(engine: Engine, case: Case) -> str:
    """The element on which the case stands; version 2 of its process has another id for it."""
    with engine.begin(SYSTEM) as tx:
        standing = rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)))[0].element_id
        files = dict(tx.catalog.newest("complaint").files)
        for name, content in files.items():
            if name.endswith((".bpmn", ".toml")):
                pattern = rf'(?<!form=)"{standing}"'.encode()
                files[name] = re.sub(pattern, f'"{standing}_first"'.encode(), content)
        deploy_process(tx, "complaint", files)
    return standing


def version_of(engine: Engine, case: Case) -> int:
    with engine.read(SYSTEM) as tx:
        return tx.catalog.by_id(rows.find(tx, Instance, case_id=case.id)[0].deployment_id).version


def test_the_form_shows_where_cases_stand_and_what_is_missing(client_as: ClientAs, case: Case, renamed: str) -> None:
    page = client_as("henry").get("/ops/running/complaint/1/move").text
    assert f'name="map.{renamed}"' in page
    assert page.index(f'name="map.{renamed}"') < page.index("that stay")
    assert page.count("data-bpmn-url") == 2
    assert case.subject not in page


def test_what_is_not_mapped_stays_and_says_why(client_as: ClientAs, engine: Engine, case: Case, renamed: str) -> None:
    page = client_as("eva").post("/ops/running/complaint/1/move", data={"to": "2"}).text
    assert "1 case would stay." in page
    assert renamed in page
    assert "Move 1 case" not in page
    assert version_of(engine, case) == 1


def test_a_mapped_case_goes_and_is_taken_back(client_as: ClientAs, engine: Engine, case: Case, renamed: str) -> None:
    client, given = client_as("eva"), {"to": "2", f"map.{renamed}": f"{renamed}_first"}
    assert "1 case would go to version 2." in client.post("/ops/running/complaint/1/move", data=given).text
    assert client.post("/ops/running/complaint/1/move", data={**given, **WHY, "reason": ""}).status_code == 422
    answer = client.post("/ops/running/complaint/1/move", data={**given, **WHY})
    assert answer.status_code == 303
    assert "0 of 1 cases are settled" in client.get(answer.location).text
    engine.settle()
    assert version_of(engine, case) == 2
    result = client.get(answer.location).text
    assert "Moved" in result
    assert case.number in result
    assert client.post(f"{answer.location}/undo", data={"reason": ""}).status_code == 422
    assert client.post(f"{answer.location}/undo", data={"reason": "Too early"}).status_code == 303
    engine.settle()
    assert version_of(engine, case) == 1
    assert "Taken back" in client.get(answer.location).text
    assert client.post(f"{answer.location}/undo", data={"reason": "Again"}).status_code == 409
    told = client_as("anna").get(f"/cases/{case.number}").text
    assert "Moved from version 1 to version 2" in told
    assert "Too early" in told


def test_one_case_alone_is_moved_from_its_own_page(
    client_as: ClientAs, engine: Engine, case: Case, renamed: str
) -> None:
    with engine.read(SYSTEM) as tx:
        instance = rows.find(tx, Instance, case_id=case.id)[0].id
    client = client_as("eva")
    assert "One case alone is moved." in client.get(f"/ops/running/complaint/1/move?instance={instance}").text
    given = {"to": "2", "instance": instance, f"map.{renamed}": f"{renamed}_first"}
    assert client.post("/ops/running/complaint/1/move", data={**given, **WHY}).status_code == 303
    engine.settle()
    assert version_of(engine, case) == 2


@pytest.mark.parametrize("given", [{"to": "9"}, {"to": "1"}, {"to": ""}, {"to": "2", "map.nowhere": "nothing_either"}])
def test_what_does_not_fit_is_refused_with_a_sentence(
    client_as: ClientAs, case: Case, renamed: str, given: dict[str, str]
) -> None:
    del case, renamed
    answer = client_as("eva").post("/ops/running/complaint/1/move", data={**given, **WHY})
    assert answer.status_code in (404, 422)


def test_a_process_with_one_version_says_that_there_is_no_other(client_as: ClientAs, case: Case) -> None:
    del case
    assert "There is no other version" in client_as("henry").get("/ops/running/complaint/1/move").text
    assert client_as("anna").get("/ops/running/complaint/1/move").status_code == 403
