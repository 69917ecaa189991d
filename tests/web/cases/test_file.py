"""The case file tells the whole case, and what people do with it is kept or refused with a sentence."""

from __future__ import annotations

from io import BytesIO

import pytest

from engine.model.case import Attachment, Case, CaseMessage, Comment
from engine.model.decision import SpecialMode
from engine.model.people import SYSTEM
from engine.store import audit, rows
from engine.wiring import Engine
from tests.web.cases.conftest import TaskOf
from tests.web.conftest import ClientAs

DOINGS = ("comments", "attachments", "special-mode", "withdraw", "reply", "reopen")


def test_the_file_tells_facts_clocks_tasks_and_the_timeline(client_as: ClientAs, case: Case) -> None:
    page = client_as("ben").get(f"/cases/{case.number}").text
    for words in ("A kettle that leaks", case.tracking, "Check the classification", "the day itself does not count"):
        assert words in page
    assert f"Registered as {case.number}" in page
    assert "What the tables said" in page


def test_the_diagram_has_a_text_twin(client_as: ClientAs, case: Case) -> None:
    anna = client_as("anna")
    page = anna.get(f"/cases/{case.number}").text
    assert "waits here" in page
    address = page.split('data-bpmn-url="')[1].split('"')[0]
    diagram = anna.get(address)
    assert diagram.mimetype == "application/xml"
    assert b'id="triage"' in diagram.data
    assert "&#34;element&#34;: &#34;triage&#34;, &#34;marker&#34;: &#34;active&#34;" in page


def test_a_comment_is_kept_with_its_author(client_as: ClientAs, case: Case, engine: Engine) -> None:
    ben = client_as("ben")
    assert ben.post(f"/cases/{case.number}/comments", data={"body": "Called her: <b>Thursday</b>"}).status_code == 303
    page = ben.get(f"/cases/{case.number}").text
    assert "Called her: &lt;b&gt;Thursday&lt;/b&gt;" in page
    with engine.read(SYSTEM) as tx:
        assert [each.author_id for each in rows.find(tx, Comment, case_id=case.id)] == ["person-ben"]


def test_an_empty_comment_is_refused_beside_its_field(client_as: ClientAs, case: Case) -> None:
    answer = client_as("ben").post(f"/cases/{case.number}/comments", data={"body": "  "})
    assert answer.status_code == 422
    assert "Write between 1 and" in answer.text


def test_a_file_is_attached_and_only_ever_downloaded(client_as: ClientAs, case: Case, engine: Engine) -> None:
    ben = client_as("ben")
    page = b"<html><script>alert(1)</script>"
    ben.post(f"/cases/{case.number}/attachments", data={"file": (BytesIO(page), "letter.txt")})
    with engine.read(SYSTEM) as tx:
        kept = rows.find(tx, Attachment, case_id=case.id)[0]
    answer = ben.get(f"/cases/{case.number}/attachments/{kept.id}")
    assert answer.data == page
    assert answer.headers["Content-Disposition"] == "attachment; filename=letter.txt"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.exe", b"MZ", "not of a permitted type"),
        ("photo.png", b"", "is empty"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(
    client_as: ClientAs, case: Case, engine: Engine, name: str, content: bytes, words: str
) -> None:
    sent = {"file": (BytesIO(content), name)}
    answer = client_as("ben").post(f"/cases/{case.number}/attachments", data=sent)
    assert answer.status_code == 422
    assert words in answer.text
    with engine.read(SYSTEM) as tx:
        assert rows.find(tx, Attachment, case_id=case.id) == []


@pytest.mark.parametrize(("megabytes", "status", "words"), [(11, 422, "larger than 10 MB"), (21, 413, "larger than")])
def test_a_large_upload_is_refused_and_nothing_is_lost(
    client_as: ClientAs, case: Case, engine: Engine, megabytes: int, status: int, words: str
) -> None:
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\n\r\n'
    body = BytesIO(head + bytes(megabytes * 1024 * 1024) + b"\r\n--edge--\r\n")
    address, kind = f"/cases/{case.number}/attachments", "multipart/form-data; boundary=edge"
    length = len(body.getvalue())
    answer = client_as("ben").post(address, input_stream=body, content_type=kind, content_length=length)
    assert answer.status_code == status
    assert words in answer.text
    with engine.read(SYSTEM) as tx:
        assert rows.find(tx, Attachment, case_id=case.id) == []


def test_a_file_of_another_case_is_not_there(client_as: ClientAs, case: Case) -> None:
    assert client_as("ben").get(f"/cases/{case.number}/attachments/unknown").status_code == 404


def test_special_mode_is_asked_for_with_a_reason(client_as: ClientAs, case: Case, engine: Engine) -> None:
    anna = client_as("anna")
    address = f"/cases/{case.number}/special-mode"
    answer = anna.post(address, data={"reason": "", "amount": "100"})
    assert answer.status_code == 422
    assert "Say why this case needs special treatment" in answer.text
    wrong = anna.post(address, data={"reason": "Third visit missed", "amount": "a lot"})
    assert wrong.status_code == 422
    assert "Third visit missed" in wrong.text
    assert anna.post(address, data={"reason": "Third visit missed", "amount": "1 250,50"}).status_code == 303
    with engine.read(SYSTEM) as tx:
        asked = rows.find(tx, SpecialMode, case_id=case.id)
    assert [(each.reason, str(each.amount)) for each in asked] == [("Third visit missed", "1250.50")]
    page = anna.get(f"/cases/{case.number}").text
    assert "Special mode asked for" in page
    assert "Asked for by Anna" in page
    assert anna.post(address, data={"reason": "Again"}).status_code == 409


def test_the_customer_withdraws_and_the_case_ends(client_as: ClientAs, case: Case, engine: Engine) -> None:
    anna = client_as("anna")
    assert "Customer withdraws" in anna.get(f"/cases/{case.number}").text
    answer = anna.post(f"/cases/{case.number}/withdraw", data={"reason": "She repaired it herself"})
    assert answer.status_code == 303
    engine.settle()
    page = anna.get(f"/cases/{case.number}").text
    assert "The case is closed." in page
    assert "She repaired it herself" in page
    with engine.read(SYSTEM) as tx:
        assert rows.find(tx, CaseMessage, case_id=case.id, kind="withdrawal")
        assert audit.verify(tx, case.id) == []


def test_an_answer_that_nobody_waits_for_is_refused_and_stays_typed(client_as: ClientAs, case: Case) -> None:
    anna = client_as("anna")
    assert "The customer answered" not in anna.get(f"/cases/{case.number}").text
    answer = anna.post(f"/cases/{case.number}/reply", data={"text": "It was in March"})
    assert answer.status_code == 409
    assert "does not wait for this" in answer.text


def test_an_open_case_cannot_be_reopened(client_as: ClientAs, case: Case) -> None:
    answer = client_as("anna").post(f"/cases/{case.number}/reopen", data={"reason": "She called"})
    assert answer.status_code == 409
    assert "there is nothing to reopen" in answer.text


@pytest.mark.parametrize("doing", DOINGS)
def test_nothing_can_be_done_with_a_case_that_is_not_there(client_as: ClientAs, doing: str) -> None:
    data = {"body": "x", "reason": "x", "text": "x", "file": (BytesIO(b"x"), "x.txt")}
    assert client_as("anna").post(f"/cases/C-1999-000001/{doing}", data=data).status_code == 404


def test_who_stood_in_for_whom_is_said(client_as: ClientAs, case: Case, engine: Engine, task_of: TaskOf) -> None:
    task = task_of(case)
    with engine.begin(SYSTEM) as tx:
        audit.append(tx, case.id, "task_completed", {"task": task.id, "name": "Check", "behalf": "person-ben"})
    assert "Makegood for Ben" in client_as("anna").get(f"/cases/{case.number}").text
