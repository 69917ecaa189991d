"""Designers see what is deployed and deploy more by files alone; faulty files change nothing."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.model.people import SYSTEM
from engine.wiring import Engine
from tests.web.conftest import ClientAs

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mg="https://makegood.dev/schema/1.0/bpmn"
  id="d" targetNamespace="urn:test">
  <process id="warranty" name="{name}" isExecutable="true">
    <startEvent id="start"><outgoing>f1</outgoing></startEvent>
    <userTask id="look" name="Look at it"><incoming>f1</incoming><outgoing>f2</outgoing></userTask>
    <endEvent id="end"><incoming>f2</incoming></endEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="look"/>
    <sequenceFlow id="f2" sourceRef="look" targetRef="{target}"/>
  </process>
</definitions>
"""


def diagram(name: str = "Warranty", target: str = "end") -> bytes:
    return DIAGRAM.format(name=name, target=target).encode()


def zipped(name: str, content: bytes) -> bytes:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return room.getvalue()


def send(client: FlaskClient, *files: tuple[str, bytes], **fields: str) -> TestResponse:
    given: dict[str, Any] = {**fields, "files": [(io.BytesIO(content), name) for name, content in files]}
    return client.post("/design/upload", data=given, content_type="multipart/form-data")


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def confirm(client: FlaskClient, page: str) -> TestResponse:
    data = {name: hidden(page, name) for name in ("key", "mark", "base")}
    return client.post("/design/deploy", data=data, follow_redirects=True)


def versions(engine: Engine, key: str) -> int:
    with engine.read(SYSTEM) as tx:
        newest = tx.catalog.newest_or_none(key)
    return newest.version if newest is not None else 0


def test_a_designer_uploads_a_diagram_looks_at_it_and_deploys_it(client_as: ClientAs, engine: Engine) -> None:
    client = client_as("greta")
    checked = send(client, ("warranty.bpmn", diagram()))
    assert checked.status_code == 200
    assert versions(engine, "warranty") == 0
    page = confirm(client, checked.text).text
    assert "“warranty” is deployed as version 1." in page
    assert "Look at it" in page
    assert versions(engine, "warranty") == 1


def test_a_faulty_diagram_shows_every_finding_and_changes_nothing(client_as: ClientAs, engine: Engine) -> None:
    answer = send(client_as("greta"), ("warranty.bpmn", diagram(target="nowhere")))
    assert answer.status_code == 422
    assert "warranty.bpmn:9" in answer.text
    assert "Deploy as a new process" not in answer.text
    assert versions(engine, "warranty") == 0


def test_broken_xml_is_a_finding_with_its_line(client_as: ClientAs) -> None:
    answer = send(client_as("greta"), ("warranty.bpmn", b"<definitions>\n<process"))
    assert answer.status_code == 422
    assert "warranty.bpmn" in answer.text


def test_the_same_files_again_are_told_to_be_there(client_as: ClientAs) -> None:
    client = client_as("greta")
    confirm(client, send(client, ("warranty.bpmn", diagram())).text)
    again = send(client, ("warranty.bpmn", diagram())).text
    assert "These are the files of the newest version already; there is nothing to deploy." in again


def test_a_zip_puts_forms_and_letters_where_they_belong(client_as: ClientAs, engine: Engine) -> None:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as archive:
        archive.writestr("mine/warranty.bpmn", diagram())
        archive.writestr("mine/letters/thanks.en.txt", "Subject: Thanks\n\nWe thank you.")
        archive.writestr("mine/README.md", "left out")
    client = client_as("greta")
    confirm(client, send(client, ("mine.zip", room.getvalue())).text)
    with engine.read(SYSTEM) as tx:
        assert sorted(tx.catalog.newest("warranty").files) == ["letters/thanks.en.txt", "warranty.bpmn"]
    assert "We thank you." in client.get("/design/warranty?show=letters").text


def test_one_changed_file_keeps_the_others_of_the_version(client_as: ClientAs, engine: Engine) -> None:
    client = client_as("greta")
    letter = ("thanks.en.txt", b"Subject: Thanks\n\nWe thank you.")
    confirm(client, send(client, ("warranty.bpmn", diagram()), letter).text)
    checked = send(client, ("warranty.bpmn", diagram("Guarantee")), key="warranty", merge="yes").text
    assert "letters/thanks.en.txt" not in checked
    confirm(client, checked)
    with engine.read(SYSTEM) as tx:
        assert len(tx.catalog.newest("warranty").files) == 2
    assert versions(engine, "warranty") == 2


def test_two_designers_do_not_overwrite_each_other(client_as: ClientAs, engine: Engine) -> None:
    client = client_as("greta")
    mine, hers = (send(client, ("warranty.bpmn", diagram(name))).text for name in ("Mine", "Hers"))
    confirm(client, mine)
    answer = confirm(client, hers)
    assert answer.status_code == 409
    assert "Somebody deployed another version" in answer.text
    assert versions(engine, "warranty") == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("broken.zip", b"no zip", "broken.zip is no zip that can be opened."),
        ("picture.png", b"\x89PNG", "picture.png does not belong to a process."),
        ("small.zip", zipped("big.bpmn", b" " * 10_000_001), "big.bpmn is larger than 10 MB."),
    ],
)
def test_what_does_not_belong_is_refused_with_a_sentence(
    client_as: ClientAs, name: str, content: bytes, sentence: str
) -> None:
    answer = send(client_as("greta"), (name, content), key="warranty")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="warranty"' in answer.text


def test_nothing_chosen_is_said(client_as: ClientAs) -> None:
    answer = client_as("greta").post("/design/upload", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choose diagrams, tables, forms or letters" in answer.text


def test_what_is_deployed_equals_what_ships(client_as: ClientAs) -> None:
    page = client_as("greta").get("/design").text
    assert "complaint" in page
    assert "was changed on disk" not in page


def test_a_folder_that_changed_on_disk_is_offered_as_the_next_version(client_as: ClientAs, engine: Engine) -> None:
    folder = engine.settings.data_dir / "processes" / "warranty"
    folder.mkdir(parents=True)
    (folder / "warranty.bpmn").write_bytes(diagram())
    client = client_as("greta")
    page = client.get("/design").text
    assert "“warranty” lies on disk and is not deployed." in page
    data = {"key": "warranty", "digest": hidden(page, "digest")}
    client.post("/design/from-disk", data=data)
    (folder / "warranty.bpmn").write_bytes(diagram("Guarantee"))
    page = client.get("/design").text
    assert "“warranty” was changed on disk." in page
    assert "Deploy as version 2" in page
    assert client.post("/design/from-disk", data=data).status_code == 409
    client.post("/design/from-disk", data={"key": "warranty", "digest": hidden(page, "digest")})
    assert versions(engine, "warranty") == 2


@pytest.mark.parametrize("part", ["diagram", "tables", "forms", "letters", "findings", "versions"])
def test_every_part_of_the_shipped_process_opens(client_as: ClientAs, part: str) -> None:
    assert client_as("greta").get(f"/design/complaint?show={part}").status_code == 200


def test_a_table_shows_its_rules_and_a_form_its_fields(client_as: ClientAs) -> None:
    client = client_as("greta")
    assert "routing.dmn" in client.get("/design/complaint?show=tables").text
    form = client.get("/design/complaint?show=forms&form=decision").text
    assert "<fieldset disabled" in form
    assert "forms/decision.json" in form


def test_files_leave_as_they_were_deployed(client_as: ClientAs, engine: Engine) -> None:
    client = client_as("greta")
    with engine.read(SYSTEM) as tx:
        files = tx.catalog.newest("complaint").files
    assert client.get("/design/complaint/1/files/complaint.bpmn").data == files["complaint.bpmn"]
    with zipfile.ZipFile(io.BytesIO(client.get("/design/complaint/1.zip").data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_a_version_that_never_was_is_said(client_as: ClientAs) -> None:
    assert client_as("greta").get("/design/complaint?version=77").status_code == 404
    assert client_as("greta").get("/design/complaint/1/files/..%2Fsecret").status_code == 404


def test_a_manager_looks_and_deploys_nothing(client_as: ClientAs, engine: Engine) -> None:
    client = client_as("eva")
    assert "Upload and check" not in client.get("/design").text
    assert send(client, ("warranty.bpmn", diagram())).status_code == 403
    assert versions(engine, "warranty") == 0


def test_only_the_corrected_file_comes_again(client_as: ClientAs, engine: Engine) -> None:
    client = client_as("greta")
    letter = ("thanks.en.txt", b"Subject: Thanks\n\nWe thank you.")
    broken = send(client, ("warranty.bpmn", diagram(target="nowhere")), letter)
    assert "Upload what you corrected" in broken.text
    kept = {"key": "warranty", "mark": hidden(broken.text, "mark")}
    mended = send(client, ("warranty.bpmn", diagram()), **kept)
    assert mended.status_code == 200
    confirm(client, mended.text)
    with engine.read(SYSTEM) as tx:
        assert sorted(tx.catalog.newest("warranty").files) == ["letters/thanks.en.txt", "warranty.bpmn"]


def test_a_second_try_that_is_refused_keeps_the_first_files(client_as: ClientAs) -> None:
    client = client_as("greta")
    broken = send(client, ("warranty.bpmn", diagram(target="nowhere")))
    kept = {"key": "warranty", "mark": hidden(broken.text, "mark")}
    answer = send(client, ("picture.png", b"\x89PNG"), **kept)
    assert answer.status_code == 422
    assert "picture.png does not belong to a process." in answer.text
    assert hidden(answer.text, "mark") == kept["mark"]


def test_files_that_were_forgotten_meanwhile_are_asked_for_again(client_as: ClientAs) -> None:
    answer = send(client_as("greta"), ("warranty.bpmn", diagram()), key="warranty", mark="0" * 64)
    assert answer.status_code == 409
    assert "The checked files are not there any more. Upload them again." in answer.text


def test_what_spiffworkflow_would_do_otherwise_is_folded_away(client_as: ClientAs) -> None:
    client = client_as("greta")
    assert "elements would run otherwise on SpiffWorkflow" in client.get("/design/complaint?show=findings").text
    assert "in the same way" in client.get("/design/special_mode?show=findings").text
    assert "Runs on Makegood’s own machine." in client.get("/design/special_mode").text


def test_the_list_says_which_process_takes_the_new_cases(client_as: ClientAs) -> None:
    client = client_as("greta")
    taking = diagram().replace(b'isExecutable="true"', b'isExecutable="true" mg:caseKind="warranty_claim"')
    taking = taking.replace(b"https://makegood.dev/schema/1.0/bpmn", b"urn:makegood:bpmn:1")
    checked = send(client, ("warranty.bpmn", taking)).text
    assert "New cases of the kind “Warranty claim” will run this process; so far they run “complaint”." in checked
    assert "New cases: Warranty claim." in confirm(client, checked).text


def test_a_key_that_is_none_is_refused_before_anything_is_kept(client_as: ClientAs) -> None:
    answer = send(client_as("greta"), ("warranty.bpmn", diagram()), key="../evil")
    assert answer.status_code == 422
    assert "“../evil” cannot be the key of a process. Use letters, digits and underscores" in answer.text


def test_a_file_name_becomes_a_key(client_as: ClientAs) -> None:
    answer = send(client_as("greta"), ("My warranty (2).bpmn", diagram()))
    assert hidden(answer.text, "key") == "My_warranty_2"


def test_a_new_queue_is_told_before_it_is_opened(client_as: ClientAs) -> None:
    client = client_as("greta")
    drawn = diagram().replace(b'name="Look at it"', b'name="Look at it" mg:queue="recalls"')
    checked = send(
        client, ("warranty.bpmn", drawn.replace(b"https://makegood.dev/schema/1.0/bpmn", b"urn:makegood:bpmn:1"))
    )
    assert "The queue “recalls” is new" in checked.text
    assert "“recalls” is a new queue." in confirm(client, checked.text).text


@pytest.mark.parametrize("name", ["../../evil.bpmn", "..\\..\\evil.bpmn", "/etc/evil.bpmn"])
def test_no_name_in_a_zip_becomes_a_path(client_as: ClientAs, engine: Engine, name: str) -> None:
    client = client_as("greta")
    confirm(client, send(client, ("up.zip", zipped(name, diagram()))).text)
    with engine.read(SYSTEM) as tx:
        assert list(tx.catalog.newest("evil").files) == ["evil.bpmn"]
    assert not list(engine.settings.data_dir.rglob("evil.bpmn"))


def test_a_zip_that_swells_is_refused(client_as: ClientAs) -> None:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(50):
            archive.writestr(f"{number}.bpmn", b" " * 9_000_000)
    answer = send(client_as("greta"), ("bomb.zip", room.getvalue()))
    assert answer.status_code == 422
    assert "These are more than 300 files or 20 MB." in answer.text


def test_forms_that_ship_need_not_be_uploaded(client_as: ClientAs) -> None:
    shown = diagram().replace(b'name="Look at it"', b'name="Look at it" mg:form="work"')
    shown = shown.replace(b"https://makegood.dev/schema/1.0/bpmn", b"urn:makegood:bpmn:1")
    page = send(client_as("greta"), ("warranty.bpmn", shown)).text
    assert "forms/work.json" in page
    assert "is missing" not in page
