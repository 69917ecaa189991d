"""`makegood check` walks what it is given, tells every finding once, and ends with a code."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from engine.commands.check import run
from tests.engine.definitions.bpmn.diagrams import diagram

FINE = "<startEvent id='s'/><sequenceFlow id='f' sourceRef='s' targetRef='t'/><userTask id='t' mg:queue='q' mg:form='look'/>"
FORM = {
    "title": {"en": "Look"},
    "schema": {"type": "object", "properties": {"seen": {"type": "boolean"}}},
    "ui": {"fields": {"seen": {"label": {"en": "Seen"}}}},
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house with one process and the form that it shows."""
    (tmp_path / "processes" / "claim").mkdir(parents=True)
    (tmp_path / "forms").mkdir()
    (tmp_path / "processes" / "claim" / "claim.bpmn").write_bytes(diagram(FINE))
    (tmp_path / "forms" / "look.json").write_text(json.dumps(FORM))
    return tmp_path


def check(*paths: Path, **options: bool) -> tuple[int, str]:
    out = io.StringIO()
    return run(paths, out, **options), out.getvalue()


def test_a_process_without_faults_passes(house: Path) -> None:
    assert check(house) == (0, "2 files checked: 0 errors, 0 warnings.\n")


def test_every_fault_is_told_with_its_place(house: Path) -> None:
    (house / "forms" / "look.json").unlink()
    file = house / "processes" / "claim" / "claim.bpmn"
    code, told = check(file)
    assert code == 1
    assert f"{file}:8: error: t: The form “look” is missing. Write forms/look.json, or correct the name." in told
    assert told.endswith("1 file checked: 1 error, 0 warnings.\n")


def test_warnings_alone_do_not_fail(house: Path) -> None:
    (house / "processes" / "claim" / "claim.bpmn").write_bytes(diagram(FINE.replace("mg:queue='q'", "")))
    code, told = check(house)
    assert code == 0
    assert "0 errors, 1 warning." in told


def test_the_report_can_be_read_by_programs(house: Path) -> None:
    (house / "processes" / "claim" / "claim.bpmn").write_bytes(diagram(FINE + "<oops/>"))
    code, told = check(house, json=True)
    report = json.loads(told)
    assert (code, report["errors"], report["files"]) == (1, 1, 2)
    assert report["findings"][0]["code"] == "bpmn_unknown_element"
    assert report["findings"][0]["element"] == "claim"


def test_a_form_of_two_processes_is_told_once(house: Path) -> None:
    (house / "processes" / "other").mkdir()
    (house / "processes" / "other" / "other.bpmn").write_bytes(diagram(FINE).replace(b'"claim"', b'"other"'))
    (house / "forms" / "look.json").write_text("{")
    _, told = check(house)
    assert told.count("look.json:") == 1


def test_one_file_is_checked_with_what_lies_beside_it(house: Path) -> None:
    (house / "processes" / "claim" / "broken.bpmn").write_bytes(b"<")
    assert check(house / "processes" / "claim" / "claim.bpmn")[0] == 0
    assert check(house)[0] == 1


def test_a_path_with_nothing_to_check_says_so(house: Path) -> None:
    (house / "notes.txt").write_text("hail")
    assert check(house / "notes.txt")[0] == 2
    code, told = check(house / "nowhere")
    assert (code, told.splitlines()[0]) == (2, f"{house / 'nowhere'}: there is no such file or folder.")


def test_a_drawing_is_asked_whether_it_would_run(house: Path) -> None:
    drawing = diagram(FINE.replace("look", "nowhere")).replace(b'isExecutable="true"', b'isExecutable="false"')
    (house / "processes" / "claim" / "claim.bpmn").write_bytes(drawing)
    assert check(house)[0] == 0
    assert check(house, executable=True)[0] == 1


def test_what_ships_has_no_errors(repository: Path) -> None:
    code, told = check(repository / "processes", repository / "forms")
    assert code == 0, told
