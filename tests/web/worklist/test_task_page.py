"""The task page loses nothing that was typed, says who has the task, and leads on."""

from __future__ import annotations

from io import BytesIO

from engine.model.case import Attachment, Case
from engine.model.people import SYSTEM
from engine.model.task import Task, TaskState
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs, person_id
from tests.web.worklist.conftest import TaskOf

TRIAGE = {"f.product_group": "appliance", "f.category": "defect"}


def read(engine: Engine, task: Task) -> Task:
    with engine.read(SYSTEM) as tx:
        return rows.get(tx, Task, task.id)


def test_the_page_shows_the_form_the_complaint_and_its_clock(client_as: ClientAs, case: Case, task_of: TaskOf) -> None:
    page = client_as("anna").get(f"/tasks/{task_of(case).id}").text
    assert "Check the classification" in page
    assert "A kettle that leaks" in page
    assert "the day itself does not count" in page
    assert "It is a complaint" in page


def test_faults_come_back_with_what_was_typed(client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine) -> None:
    task = task_of(case)
    data = {"f.category": "damage", "f.product_group": "", "f.triage_note": "Glass is broken", "_outcome": "complaint"}
    answer = client_as("anna").post(f"/tasks/{task.id}", data={**data, "_version": task.version})
    assert answer.status_code == 422
    assert "Glass is broken" in answer.text
    assert 'href="#f-product_group"' in answer.text
    assert read(engine, task).is_open


def test_closing_as_not_ours_is_asked_twice_and_nothing_is_done_before(
    client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine
) -> None:
    task, anna = task_of(case), client_as("anna")
    data = {**TRIAGE, "f.triage_note": "The shop sold it", "_outcome": "not_ours", "_version": str(task.version)}
    asked = anna.post(f"/tasks/{task.id}", data=data)
    assert "closes this case without a decision" in asked.text
    assert "The shop sold it" in asked.text
    assert 'name="_sure" value="not_ours"' in asked.text
    assert read(engine, task).is_open
    other = anna.post(f"/tasks/{task.id}", data={**data, "_outcome": "not_complaint", "_sure": "not_ours"})
    assert 'name="_sure" value="not_complaint"' in other.text
    done = anna.post(f"/tasks/{task.id}", data={**data, "f.forwarded_to": "the shop", "_sure": "not_ours"})
    assert done.status_code == 303, done.text
    assert not read(engine, task).is_open


def test_a_finished_task_leads_to_the_next_step_that_the_person_may_do(
    client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine
) -> None:
    task = task_of(case)
    answer = client_as("anna").post(
        f"/tasks/{task.id}", data={**TRIAGE, "_version": task.version, "_outcome": "complaint"}
    )
    assert answer.status_code == 303
    done = read(engine, task)
    assert (done.state, done.closed_by, done.outcome) == (TaskState.COMPLETED, person_id("anna"), "complaint")


def test_the_receipt_says_what_was_done_and_how_it_goes_on(client_as: ClientAs, case: Case, task_of: TaskOf) -> None:
    task = task_of(case)
    anna = client_as("anna")
    anna.post(f"/tasks/{task.id}", data={**TRIAGE, "_version": task.version, "_outcome": "complaint"})
    page = anna.get(f"/tasks/{task.id}").text
    assert "This task is over" in page
    assert "Done by Anna" in page
    assert "Work the case" in page


def test_a_stale_form_shows_what_changed_and_keeps_what_was_typed(
    client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine
) -> None:
    task = task_of(case)
    anna = client_as("anna")
    anna.post(f"/tasks/{task.id}/claim")
    data = {**TRIAGE, "f.triage_note": "My own words", "_outcome": "complaint"}
    answer = anna.post(f"/tasks/{task.id}", data={**data, "_version": task.version})
    assert answer.status_code == 409
    assert "My own words" in answer.text
    assert "Task taken" in answer.text
    assert f'name="_version" value="{task.version + 1}"' in answer.text
    assert anna.post(f"/tasks/{task.id}", data={**data, "_version": task.version + 1}).status_code == 303


def test_a_task_that_somebody_else_finished_first_shows_what_was_typed(
    client_as: ClientAs, case: Case, task_of: TaskOf
) -> None:
    task = task_of(case)
    sent = {**TRIAGE, "_version": task.version, "_outcome": "complaint"}
    client_as("clara").post(f"/tasks/{task.id}", data=sent)
    answer = client_as("anna").post(f"/tasks/{task.id}", data={**sent, "f.triage_note": "Lost?"})
    assert answer.status_code == 409
    assert "Lost?" in answer.text
    assert "over already" in answer.text


def test_a_draft_is_kept_and_shown_again(client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine) -> None:
    task = task_of(case)
    anna = client_as("anna")
    answer = anna.post(f"/tasks/{task.id}", data={"f.triage_note": "To be continued", "_save": "1"})
    assert answer.status_code == 303
    assert "To be continued" in anna.get(f"/tasks/{task.id}").text
    assert read(engine, task).version == task.version


def test_the_draft_is_kept_by_itself_while_typing(
    client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine
) -> None:
    task = task_of(case)
    headers = {"HX-Request": "true"}
    answer = client_as("anna").post(f"/tasks/{task.id}/draft", data={"f.triage_note": "Half a"}, headers=headers)
    assert "Draft kept" in answer.text
    draft = read(engine, task).draft
    assert draft is not None
    assert draft["triage_note"] == "Half a"


def test_a_draft_for_a_task_of_somebody_else_says_whose_it_is(client_as: ClientAs, case: Case, task_of: TaskOf) -> None:
    task = task_of(case)
    client_as("clara").post(f"/tasks/{task.id}/claim")
    answer = client_as("anna").post(f"/tasks/{task.id}/draft", data={"f.triage_note": "x"})
    assert "already with Clara" in answer.text


def test_a_task_is_claimed_started_and_given_back(
    client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine
) -> None:
    task = task_of(case)
    anna = client_as("anna")
    anna.post(f"/tasks/{task.id}/claim")
    anna.post(f"/tasks/{task.id}/start")
    assert read(engine, task).state is TaskState.IN_PROGRESS
    anna.post(f"/tasks/{task.id}/release")
    assert (read(engine, task).owner_id, read(engine, task).state) == (None, TaskState.READY)


def test_a_task_is_delegated_only_to_somebody_who_may_do_it(client_as: ClientAs, case: Case, task_of: TaskOf) -> None:
    task = task_of(case)
    anna = client_as("anna")
    page = anna.get(f"/tasks/{task.id}").text
    assert 'value="person-clara"' in page
    assert 'value="person-ben"' not in page
    assert anna.post(f"/tasks/{task.id}/delegate", data={"to": "ben"}).status_code == 403
    assert anna.post(f"/tasks/{task.id}/delegate", data={"to": "clara"}).status_code == 303


def test_a_specialist_reads_the_task_of_another_queue_but_gets_no_buttons(
    client_as: ClientAs, case: Case, task_of: TaskOf
) -> None:
    page = client_as("ben").get(f"/tasks/{task_of(case).id}").text
    assert "it is for somebody else" in page
    assert "_outcome" not in page


def test_a_button_of_the_diagram_opens_its_step_and_keeps_the_draft(
    client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine
) -> None:
    triage = task_of(case)
    client_as("anna").post(f"/tasks/{triage.id}", data={**TRIAGE, "_version": 1, "_outcome": "complaint"})
    work = task_of(case)
    ben = client_as("ben")
    assert "Ask an expert" in ben.get(f"/tasks/{work.id}").text
    answer = ben.post(f"/tasks/{work.id}", data={"f.findings": "The seal is worn", "_action": "ask_expert"})
    assert answer.status_code == 303
    assert "Brief the expert" in ben.get(answer.location).text
    draft = read(engine, work).draft
    assert draft is not None
    assert draft["findings"] == "The seal is worn"


def test_an_uploaded_file_survives_a_fault_elsewhere(
    client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine
) -> None:
    triage = task_of(case)
    client_as("anna").post(f"/tasks/{triage.id}", data={**TRIAGE, "_version": 1, "_outcome": "complaint"})
    work = task_of(case)
    form = client_as("ben").get(f"/tasks/{work.id}").text
    name = form.split('type="file"')[1].split('name="')[1].split('"')[0]
    answer = client_as("ben").post(
        f"/tasks/{work.id}", data={name: (BytesIO(b"%PDF-1.7 report"), "report.pdf"), "_version": work.version}
    )
    assert answer.status_code == 422
    with engine.read(SYSTEM) as tx:
        kept = rows.find(tx, Attachment, case_id=case.id)
    assert [each.name for each in kept] == ["report.pdf"]
    assert kept[0].id in answer.text


def test_a_file_of_a_forbidden_type_is_the_fault_of_its_field(client_as: ClientAs, case: Case, task_of: TaskOf) -> None:
    triage = task_of(case)
    client_as("anna").post(f"/tasks/{triage.id}", data={**TRIAGE, "_version": 1, "_outcome": "complaint"})
    work = task_of(case)
    form = client_as("ben").get(f"/tasks/{work.id}").text
    name = form.split('type="file"')[1].split('name="')[1].split('"')[0]
    answer = client_as("ben").post(
        f"/tasks/{work.id}", data={name: (BytesIO(b"MZ"), "setup.exe"), "f.findings": "Typed before"}
    )
    assert answer.status_code == 422
    assert "not of a permitted type" in answer.text
    assert "Typed before" in answer.text


def test_an_unknown_task_is_not_there(client_as: ClientAs) -> None:
    assert client_as("anna").get("/tasks/unknown").status_code == 404
    assert client_as("anna").post("/tasks/unknown").status_code == 404
