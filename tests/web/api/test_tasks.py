"""Tasks are listed page by page, taken by one, moved by leads, and completed with what their form asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.wiring import Engine
from tests.web.api.conftest import COMPLAINT, Program, ProgramAs, only_task

TRIAGE = {"product_group": "appliance", "category": "defect"}


def elements(program: Program, **query: object) -> list[str]:
    """The elements of the tasks that a list gives."""
    answer = program.get("/api/tasks", **query)
    assert answer.status_code == 200, answer.text
    return [task["element"] for task in answer.get_json()["items"]]


def test_the_list_has_what_the_caller_may_do(anna: Program, program_as: ProgramAs, number: str) -> None:
    task = only_task(anna, number)
    assert (task["case"], task["queue"], task["state"], task["owner"]) == (number, "front_office", "ready", None)
    assert task["outcomes"] == ["complaint", "not_complaint", "not_ours", "duplicate"]
    assert elements(anna) == ["triage"]
    assert elements(program_as("ben")) == []


def test_filters_narrow_the_list(anna: Program, number: str) -> None:
    assert elements(anna, queue="front_office", state="ready", q="pump") == ["triage"]
    assert elements(anna, q="kettle") == elements(anna, state="reserved") == elements(anna, mine="true") == []
    anna.post(f"/api/tasks/{only_task(anna, number)['id']}/claim")
    assert elements(anna, mine="true", case=number) == elements(anna, mine="1", state="reserved") == ["triage"]


def test_an_unknown_filter_is_named(anna: Program) -> None:
    answer = anna.get("/api/tasks", colour="red", limit="many", state="asleep")
    assert answer.status_code == 422
    assert {error["field"] for error in answer.get_json()["errors"]} == {"colour", "limit", "state"}


def test_another_queue_is_not_the_caller_s_to_list(anna: Program) -> None:
    answer = anna.get("/api/tasks", queue="energy")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "queue_not_yours")


def test_tasks_that_are_over_are_listed_for_their_case(anna: Program, number: str) -> None:
    task = only_task(anna, number)
    anna.post(f"/api/tasks/{task['id']}/complete", {"data": TRIAGE, "outcome": "complaint"})
    assert elements(anna, case=number, state="completed") == ["triage"]
    assert anna.get("/api/tasks", state="completed").status_code == 422


def register(program: Program, engine: Engine, times: int) -> None:
    """Register complaints up to their triage."""
    for _ in range(times):
        program.post("/api/cases", COMPLAINT)
    engine.settle()


def test_every_task_is_on_exactly_one_page(anna: Program, engine: Engine) -> None:
    register(anna, engine, 5)
    mine = anna.get("/api/tasks").get_json()["items"][2]["id"]
    anna.post(f"/api/tasks/{mine}/claim")
    seen: list[str] = []
    query: dict[str, object] = {"limit": 2}
    while True:
        page = anna.get("/api/tasks", **query).get_json()
        seen += [task["id"] for task in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(seen) == len(set(seen)) == 5


def test_a_cursor_can_be_neither_altered_nor_used_elsewhere(
    anna: Program, program_as: ProgramAs, engine: Engine
) -> None:
    register(anna, engine, 2)
    cursor = anna.get("/api/tasks", limit=1).get_json()["next"]
    assert anna.get("/api/tasks", limit=1, cursor=cursor).status_code == 200
    altered = cursor[:9] + ("A" if cursor[9] != "A" else "B") + cursor[10:]
    assert anna.get("/api/tasks", cursor=altered).status_code == 422
    assert anna.get("/api/tasks", cursor=cursor, q="pump").status_code == 422
    assert program_as("clara").get("/api/tasks", cursor=cursor).status_code == 422


def test_a_task_is_claimed_started_and_released(anna: Program, number: str) -> None:
    task = only_task(anna, number)
    states = []
    for step in ("claim", "start", "release"):
        answer = anna.post(f"/api/tasks/{task['id']}/{step}")
        assert answer.headers["ETag"] == f'"{answer.get_json()["version"]}"'
        states.append((answer.get_json()["state"], answer.get_json()["owner"]))
    assert states == [("reserved", "anna"), ("in_progress", "anna"), ("ready", None)]


def test_of_two_who_claim_one_reads_who_was_faster(anna: Program, program_as: ProgramAs, number: str) -> None:
    task = only_task(anna, number)
    programs = {"anna": anna, "clara": program_as("clara"), "eva": program_as("eva")}
    with ThreadPoolExecutor(3) as threads:
        tried = {name: threads.submit(one.post, f"/api/tasks/{task['id']}/claim") for name, one in programs.items()}
    answers = {name: one.result() for name, one in tried.items()}
    won = [name for name, answer in answers.items() if answer.status_code == 200]
    lost = [answer.get_json() for answer in answers.values() if answer.status_code == 409]
    assert len(won) == 1
    assert [(each["code"], each["owner"]) for each in lost] == [("task_taken", won[0])] * 2


def test_a_task_of_another_queue_is_refused(program_as: ProgramAs, anna: Program, number: str) -> None:
    answer = program_as("ben").post(f"/api/tasks/{only_task(anna, number)['id']}/claim")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "task_not_yours")


def test_a_task_that_is_not_there_is_404(anna: Program) -> None:
    for path in ("", "/claim", "/complete"):
        answer = (anna.post if path else anna.get)(f"/api/tasks/01900000-0000-7000-8000-000000000000{path}")
        assert answer.status_code == 404


def test_a_lead_moves_a_task_with_a_reason(anna: Program, program_as: ProgramAs, number: str) -> None:
    path = f"/api/tasks/{only_task(anna, number)['id']}/reassign"
    clara = program_as("clara")
    assert anna.post(path, {"to": "clara", "reason": "holiday"}).status_code == 403
    assert clara.post(path, {"to": "anna", "reason": " "}).get_json()["errors"][0]["field"] == "reason"
    assert clara.post(path, {"to": "nobody", "reason": "holiday"}).status_code == 404
    assert clara.post(path, {"to": "anna", "reason": "She knows the pumps."}).get_json()["owner"] == "anna"


def test_an_owner_delegates_to_a_colleague_who_may_do_it(anna: Program, number: str) -> None:
    task = only_task(anna, number)
    anna.post(f"/api/tasks/{task['id']}/claim")
    assert anna.post(f"/api/tasks/{task['id']}/delegate", {"to": "iga"}).status_code == 403
    assert anna.post(f"/api/tasks/{task['id']}/delegate", {"to": "clara"}).get_json()["owner"] == "clara"


def test_a_completed_task_gives_the_next_ones(anna: Program, number: str) -> None:
    task = only_task(anna, number)
    body = {"version": task["version"], "data": TRIAGE, "outcome": "complaint"}
    answer = anna.post(f"/api/tasks/{task['id']}/complete", body)
    assert answer.status_code == 200
    assert answer.get_json()["case"] == number
    assert [(each["element"], each["queue"]) for each in answer.get_json()["next"]] == [("work", "technical")]


def test_a_stale_version_says_what_changed(anna: Program, program_as: ProgramAs, number: str) -> None:
    task = only_task(anna, number)
    program_as("clara").post(f"/api/tasks/{task['id']}/reassign", {"to": "anna", "reason": "Please."})
    body = {"version": task["version"], "data": TRIAGE, "outcome": "complaint"}
    answer = anna.post(f"/api/tasks/{task['id']}/complete", body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "task_stale")
    assert "owner" in answer.get_json()["changed"]
    assert (answer.get_json()["current"]["owner"], answer.get_json()["current"]["version"]) == ("anna", 2)


def test_if_match_is_a_version_too(anna: Program, number: str) -> None:
    path = f"/api/tasks/{only_task(anna, number)['id']}/complete"
    body = {"data": TRIAGE, "outcome": "complaint"}
    assert anna.post(path, body, If_Match='"99"').status_code == 409
    assert anna.post(path, body, If_Match="ninety-nine").status_code == 400
    assert anna.post(path, body, If_Match='"1"').status_code == 200


def test_what_the_form_refuses_is_named_and_nothing_is_written(anna: Program, number: str) -> None:
    task = only_task(anna, number)
    body = {"version": 1, "data": {"category": "magic", "colour": "red"}, "outcome": "complaint"}
    answer = anna.post(f"/api/tasks/{task['id']}/complete", body)
    assert answer.status_code == 422
    faults = {error["field"]: error["code"] for error in answer.get_json()["errors"]}
    assert faults == {"product_group": "field_required", "category": "field_choice", "colour": "field_unknown"}
    assert only_task(anna, number) == task


@pytest.mark.parametrize("outcome", [None, "accept"])
def test_another_outcome_than_offered_is_refused(anna: Program, number: str, outcome: str | None) -> None:
    body = {"data": TRIAGE} | ({"outcome": outcome} if outcome else {})
    answer = anna.post(f"/api/tasks/{only_task(anna, number)['id']}/complete", body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "outcome_needed")


def test_a_task_tells_its_buttons(anna: Program, program_as: ProgramAs, engine: Engine, number: str) -> None:
    anna.post(f"/api/tasks/{only_task(anna, number)['id']}/complete", {"data": TRIAGE, "outcome": "complaint"})
    ben = program_as("ben")
    work = only_task(ben, number, "work")
    actions = ben.get(f"/api/tasks/{work['id']}").get_json()["actions"]
    assert {action["element"] for action in actions} == {"ask_expert", "ask_customer"}
    assert ben.post(f"/api/tasks/{work['id']}/actions/fly").status_code == 409
