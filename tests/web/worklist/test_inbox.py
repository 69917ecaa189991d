"""The inbox shows what is with the reader, what may be taken, and leads to the next task."""

from __future__ import annotations

from dataclasses import replace

from engine.model.case import Case, Customer
from engine.model.people import SYSTEM
from engine.model.task import TaskState
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs, person_id
from tests.web.worklist.conftest import TaskOf


def test_an_empty_inbox_offers_what_is_due_first_in_the_queues(client_as: ClientAs, case: Case) -> None:
    page = client_as("anna").get("/inbox").text
    assert "Nothing is with you" in page
    assert case.number in page
    assert "Take next" in page


def test_somebody_without_work_is_told_what_to_do(client_as: ClientAs) -> None:
    page = client_as("iga").get("/inbox").text
    assert "All done" in page
    assert "Register a complaint" in page


def test_take_next_gives_the_task_and_opens_it(client_as: ClientAs, case: Case, task_of: TaskOf) -> None:
    anna = client_as("anna")
    answer = anna.post("/tasks/next")
    assert answer.status_code == 303
    task = task_of(case)
    assert answer.location == f"/tasks/{task.id}#content"
    assert (task.owner_id, task.state) == (person_id("anna"), TaskState.RESERVED)
    assert "is yours now" in anna.get(answer.location).text


def test_take_next_from_empty_queues_says_so(client_as: ClientAs) -> None:
    iga = client_as("iga")
    assert iga.post("/tasks/next").location == "/inbox"
    assert "nothing left to take" in iga.get("/inbox").text


def test_a_queue_shows_its_tasks_and_another_queue_is_refused(client_as: ClientAs, case: Case) -> None:
    assert case.number in client_as("anna").get("/inbox?list=front_office").text
    assert client_as("ben").get("/inbox?list=front_office").status_code == 403


def test_filters_that_hide_everything_can_be_taken_off(client_as: ClientAs, case: Case) -> None:
    page = client_as("anna").get("/inbox?list=open&words=nosuchword").text
    assert case.number not in page
    assert "Nothing fits these filters" in page
    assert "Show all" in page


def test_what_an_address_says_wrongly_is_ignored(client_as: ClientAs, case: Case) -> None:
    page = client_as("anna").get("/inbox?list=open&sort=colour&colour=pink&at=nowhere&priority=x&holding=me")
    assert page.status_code == 200
    assert case.number in page.text


def test_a_claimed_task_is_refused_to_others_who_see_who_has_it(
    client_as: ClientAs, case: Case, task_of: TaskOf
) -> None:
    task = task_of(case)
    assert client_as("anna").post(f"/tasks/{task.id}/claim").status_code == 303
    answer = client_as("clara").post(f"/tasks/{task.id}/claim")
    assert answer.status_code == 409
    assert "already with Anna" in answer.text


def test_the_list_leaves_as_csv_without_formulas(
    client_as: ClientAs, case: Case, engine: Engine, task_of: TaskOf
) -> None:
    with engine.begin(SYSTEM) as tx:
        rows.insert(tx, Customer(id="mallory", name="=HYPERLINK(1)", created_at=tx.now))
        rows.update(tx, Case, case.id, customer_id="mallory", subject="Kettle, leaking; “hot”")
    answer = client_as("anna").get("/inbox.csv?list=open")
    assert answer.mimetype == "text/csv"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Case,Task,Subject")
    assert case.number in lines[1]
    assert "'=HYPERLINK(1)" in lines[1]
    assert '"Kettle, leaking; “hot”"' in lines[1]


def test_pages_follow_each_other_and_lead_back(
    client_as: ClientAs, case: Case, engine: Engine, task_of: TaskOf
) -> None:
    first = task_of(case)
    with engine.begin(SYSTEM) as tx:
        rows.insert_many(
            tx, [replace(first, id=tx.new_id(), wait_id=f"w{place}", name=f"Task {place:03}") for place in range(40)]
        )
    anna = client_as("anna")
    page = anna.get("/inbox?list=open&sort=age").text
    assert "Task 028" in page
    assert "Task 030" not in page
    place = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = anna.get(place).text
    assert "Task 039" in second
    assert 'rel="prev"' in second


def test_queues_show_what_waits_in_them(client_as: ClientAs, case: Case) -> None:
    page = client_as("anna").get("/queues").text
    assert "Front_Office" in page or "Front office" in page
    assert case.number in page
    assert "See and choose" in page


def test_notices_are_read_one_by_one_and_lead_to_their_task(
    client_as: ClientAs, case: Case, task_of: TaskOf, engine: Engine
) -> None:
    task = task_of(case)
    clara = client_as("clara")
    clara.post(f"/tasks/{task.id}/claim")
    clara.post(f"/tasks/{task.id}/delegate", data={"to": "anna"})
    anna = client_as("anna")
    page = anna.get("/notices").text
    assert "was given to you" in page
    notice = page.split('name="notice" value="')[1].split('"')[0]
    answer = anna.post("/notices/read", data={"notice": notice, "task": task.id})
    assert answer.location == f"/tasks/{task.id}#content"
    assert "notice-new" not in anna.get("/notices").text
    assert f"“{task.name}”" in anna.get("/notices.csv").text
