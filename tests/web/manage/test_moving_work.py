"""Leads see the load of their queues and move many tasks at once, each with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from engine.actions.set_absence import Away, set_absence
from engine.model.case import Case
from engine.model.people import SYSTEM, Actor, Notice
from engine.model.task import Task
from engine.queries.case_parts import events_with_texts
from engine.store import audit, rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs, person_id
from tests.web.manage.conftest import AddTask


def owner_of(engine: Engine, task: Task) -> str | None:
    with engine.read(SYSTEM) as tx:
        return rows.get(tx, Task, task.id).owner_id


def test_a_lead_sees_her_own_queues_and_no_others(client_as: ClientAs, add_task: AddTask) -> None:
    add_task("Weigh the kettle", days=-2)
    add_task("Open the washing machine", queue="technical")
    page = client_as("clara").get("/manage").text
    assert "1 task is overdue." in page
    assert "Front_Office" in page
    listed = client_as("clara").get("/manage/tasks").text
    assert "Weigh the kettle" in listed
    assert "Open the washing machine" not in listed


def test_a_queue_that_somebody_else_leads_is_refused(client_as: ClientAs) -> None:
    answer = client_as("clara").get("/manage/tasks?queue=technical")
    assert answer.status_code == 403
    assert "You do not lead the queue Technical." in answer.text


def test_sixty_overdue_tasks_go_to_anna_in_one_step(client_as: ClientAs, engine: Engine, add_task: AddTask) -> None:
    tasks = [add_task(f"Call back {number}", days=-1) for number in range(60)]
    client = client_as("clara")
    listed = client.get("/manage/tasks?colour=late&size=100").text
    assert listed.count('name="task"') == 60
    shown = [task.id for task in tasks]
    answer = client.post(
        "/manage/tasks?colour=late",
        data={"everything": "yes", "shown": shown, "to": person_id("anna"), "reason": "Monday"},
        follow_redirects=True,
    )
    assert "60 tasks are with Anna now." in answer.text
    assert {owner_of(engine, task) for task in tasks} == {person_id("anna")}


def test_a_reason_is_asked_for_and_what_was_ticked_stays(
    client_as: ClientAs, engine: Engine, add_task: AddTask
) -> None:
    task = add_task("Weigh the kettle")
    answer = client_as("clara").post("/manage/tasks", data={"task": task.id, "to": person_id("anna"), "reason": " "})
    assert answer.status_code == 422
    assert "Say why; the old and the new owner read it." in answer.text
    assert f'value="{task.id}"' in answer.text
    assert f'value="{person_id("anna")}" selected' in answer.text
    assert owner_of(engine, task) is None


def test_one_task_that_cannot_move_holds_up_no_other(
    client_as: ClientAs, engine: Engine, add_task: AddTask, case: Case
) -> None:
    own, other = add_task("Weigh the kettle"), add_task("Check the refusal", excluded="anna")
    data = {"task": [own.id, other.id], "to": person_id("anna"), "reason": "Holidays"}
    answer = client_as("clara").post("/manage/tasks", data=data)
    assert "1 task stayed where it was:" in answer.text
    assert answer.text.count(case.number) == 2, "tasks of one name are told apart by their case"
    assert "Anna cannot take “Check the refusal”" in answer.text
    assert owner_of(engine, own) == person_id("anna")
    assert owner_of(engine, other) is None


def test_another_queues_task_is_not_moved_by_slipping_in_its_id(
    client_as: ClientAs, engine: Engine, add_task: AddTask
) -> None:
    task = add_task("Open the washing machine", queue="technical")
    data = {"task": task.id, "to": person_id("clara"), "reason": "I want it"}
    answer = client_as("clara").post("/manage/tasks", data=data)
    assert "Only the lead of the queue Technical or a manager may move" in answer.text
    assert owner_of(engine, task) is None


def test_work_for_somebody_absent_goes_to_the_substitute(
    client_as: ClientAs, engine: Engine, as_person: Callable[[str], Actor], add_task: AddTask, case: Case
) -> None:
    task = add_task("Weigh the kettle")
    with engine.begin(as_person("eva")) as tx:
        today = tx.now.date()
        away = Away(first_day=today - timedelta(days=1), last_day=today + timedelta(days=1), substitute="clara")
        set_absence(tx, "anna", away)
    client = client_as("clara")
    assert "Anna: absent, Clara stands in" in client.get("/manage/tasks").text
    client.post("/manage/tasks", data={"task": task.id, "to": person_id("anna"), "reason": "Hers by right"})
    assert owner_of(engine, task) == person_id("clara")
    with engine.read(SYSTEM) as tx:
        events = events_with_texts(tx, audit.events_of(tx, case.id))
    told = [event.data for event in events if event.kind == "reassigned"]
    assert (told[-1]["owner"], told[-1]["behalf"], told[-1]["why"]) == (
        person_id("clara"),
        person_id("anna"),
        "Hers by right",
    )


def test_the_old_owner_and_the_new_one_are_told(client_as: ClientAs, engine: Engine, add_task: AddTask) -> None:
    task = add_task("Open the washing machine", queue="technical", owner="ben")
    client_as("eva").post("/manage/tasks", data={"task": task.id, "to": person_id("david"), "reason": "Too much"})
    with engine.read(SYSTEM) as tx:
        told = {notice.person_id: notice.kind for notice in rows.find(tx, Notice, task_id=task.id)}
    assert told == {person_id("ben"): "task_taken_away", person_id("david"): "task_given"}


def test_sharing_gives_each_task_to_whoever_has_the_least(
    client_as: ClientAs, engine: Engine, add_task: AddTask
) -> None:
    tasks = [add_task(f"Call back {number}", days=-1) for number in range(3)]
    data = {"task": [task.id for task in tasks], "to": "share", "reason": "Bad Monday"}
    answer = client_as("eva").post("/manage/tasks", data=data, follow_redirects=True)
    assert "2 tasks are with Anna now." in answer.text
    assert "1 task is with Clara now." in answer.text
    assert {owner_of(engine, task) for task in tasks} == {person_id("anna"), person_id("clara")}


def test_a_lead_puts_a_task_back_for_whoever_takes_it(client_as: ClientAs, engine: Engine, add_task: AddTask) -> None:
    task = add_task("Weigh the kettle", owner="anna")
    data = {"task": task.id, "to": "back", "reason": "Anna is on a course"}
    assert "is back in its queue" in client_as("clara").post("/manage/tasks", data=data, follow_redirects=True).text
    assert owner_of(engine, task) is None


def test_every_list_leaves_as_csv(client_as: ClientAs, add_task: AddTask) -> None:
    add_task("=Weigh the kettle", days=-2, owner="anna")
    client = client_as("clara")
    assert "'=Weigh the kettle" in client.get("/manage/tasks.csv").text
    assert "Front_Office,Clara" in client.get("/manage/load.csv").text
    assert "Anna,no" in client.get("/manage/people.csv").text
    for name in ("clocks", "escalations", "special-mode"):
        assert client.get(f"/manage/{name}.csv").text.startswith("\ufeff"), name


def test_words_and_people_narrow_the_list(client_as: ClientAs, add_task: AddTask) -> None:
    add_task("Weigh the kettle", owner="anna")
    add_task("Call the shop")
    client = client_as("clara")
    by_owner = client.get("/manage/tasks", query_string={"owner": person_id("anna")}).text
    assert "Weigh the kettle" in by_owner
    assert "Call the shop" not in by_owner
    by_word = client.get("/manage/tasks?words=shop").text
    assert "Call the shop" in by_word
    assert "Weigh the kettle" not in by_word
