"""A process folder is one deployment with exactly the forms that it shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.definitions.catalog import DeploymentFiles, scan
from tests.engine.definitions.bpmn.diagrams import diagram

DIAGRAM = diagram("<startEvent id='s'/><userTask id='t' mg:form='look'/>")


def form(*groups: str) -> str:
    used = [{"use": group, "mode": "readonly"} for group in groups]
    properties = {"seen": {"type": "boolean"}}
    return json.dumps(
        {"title": {"en": "F"}, "schema": {"type": "object", "properties": properties}, "ui": {"groups": used}}
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "processes" / "claim"
    for name in ("letters", "scenarios"):
        (folder / name).mkdir(parents=True)
    (folder / "claim.bpmn").write_bytes(DIAGRAM)
    (folder / "route.dmn").write_text("<x/>")
    (folder / "letters" / "answer.en.txt").write_text("Subject: Hail\n\nDear")
    (folder / "scenarios" / "one.toml").write_text("")
    (tmp_path / "processes" / "notes").mkdir()
    (tmp_path / "forms").mkdir()
    for name, text in {"look": form("facts"), "facts": form(), "unused": form()}.items():
        (tmp_path / "forms" / f"{name}.json").write_text(text)
    return tmp_path


def the_one(house: Path) -> DeploymentFiles:
    (found,) = scan(house / "processes", house / "forms")
    return found


def test_a_folder_gives_its_files_and_the_forms_that_it_shows(house: Path) -> None:
    found = the_one(house)
    assert (found.key, found.process_ids) == ("claim", ("claim",))
    assert sorted(found.files) == [
        "claim.bpmn",
        "forms/facts.json",
        "forms/look.json",
        "letters/answer.en.txt",
        "route.dmn",
    ]


@pytest.mark.parametrize(
    "name", ["processes/claim/claim.bpmn", "processes/claim/letters/answer.en.txt", "forms/facts.json"]
)
def test_any_change_of_what_is_deployed_changes_the_digest(house: Path, name: str) -> None:
    before = the_one(house).digest
    assert the_one(house).digest == before
    (house / name).write_bytes((house / name).read_bytes() + b"\n")
    assert the_one(house).digest != before


@pytest.mark.parametrize("name", ["processes/claim/scenarios/one.toml", "forms/unused.json"])
def test_what_is_not_deployed_leaves_the_digest_alone(house: Path, name: str) -> None:
    before = the_one(house).digest
    (house / name).write_text("changed")
    assert the_one(house).digest == before


def test_a_drawing_in_the_folder_starts_nothing(house: Path) -> None:
    drawing = DIAGRAM.replace(b'isExecutable="true"', b'isExecutable="false"')
    (house / "processes" / "claim" / "claim.bpmn").write_bytes(drawing)
    assert the_one(house).process_ids == ()


def test_a_form_name_cannot_lead_out_of_the_forms(house: Path) -> None:
    (house / "secret.json").write_text("{}")
    (house / "processes" / "claim" / "claim.bpmn").write_bytes(DIAGRAM.replace(b"'look'", b"'../secret'"))
    assert not [name for name in the_one(house).files if "secret" in name]


def test_a_missing_folder_has_no_processes(tmp_path: Path) -> None:
    assert scan(tmp_path / "nowhere", tmp_path) == ()
