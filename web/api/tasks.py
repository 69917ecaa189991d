"""Calls about tasks: list, read, take, give back, pass on, press a button, complete."""

from __future__ import annotations

from typing import cast

from engine.actions.claim_task import claim_task
from engine.actions.complete_task import Answer, complete_task
from engine.actions.press_action import press_action
from engine.actions.reassign_task import delegate_task, reassign_task
from engine.actions.release_task import release_task
from engine.actions.start_task import start_task
from engine.model.task import Task, TaskState
from engine.queries.api_tasks import TaskFilter, case_of_task, lines_of, task_for_program, tasks_for_program
from engine.wiring import Tx
from web.api.calls import Asked, Call, Json, answers
from web.api.cursors import cursor_at, place_of
from web.api.shapes import choice, flag, number, text
from web.api.told import told_task

USUAL_PAGE, LARGEST_PAGE = 50, 200
_PATH = "/api/tasks/<task_id>"


@answers(
    Call(
        method="GET",
        path="/api/tasks",
        summary="List open tasks, the earliest due first",
        gives="TaskList",
        query={
            "queue": text(80, about="A queue's key."),
            "state": choice(*TaskState, about="Tasks that are over are listed for one case only."),
            "mine": flag("Only those that the caller has."),
            "q": text(200, about="Words of the case or of the task's name."),
            "case": text(40, about="A case's number."),
            "limit": {**number(least=1), "maximum": LARGEST_PAGE},
            "cursor": text(2000, about="`next` of the page before."),
        },
    )
)
def list_tasks(tx: Tx, asked: Asked) -> Json:
    query = dict(asked.query)
    size = int(str(query.pop("limit", USUAL_PAGE)))
    cursor = str(query.pop("cursor", ""))
    person = tx.actor.person_id or ""
    wanted = TaskFilter(
        queue=str(query.get("queue", "")),
        states=(TaskState(str(query["state"])),) if "state" in query else (),
        mine=bool(query.get("mine", False)),
        text=str(query.get("q", "")),
        case=str(query.get("case", "")),
    )
    after = place_of(cursor, person, query) if cursor else None
    page = tasks_for_program(tx, wanted, after, size=size)
    items = [told_task(line) for line in page.rows]
    return {"items": items, "next": cursor_at(page.next, person, query) if page.next is not None else None}


@answers(Call(method="GET", path=_PATH, summary="Read a task with its buttons", gives="Task"))
def read_task(tx: Tx, asked: Asked) -> Json:
    found = task_for_program(tx, asked.path["task_id"])
    actions = [{"element": element, "label": label} for element, label in found.actions]
    return {**told_task(found.line), "actions": actions}


@answers(Call(method="POST", path=f"{_PATH}/claim", summary="Take an offered task", takes="Nothing", gives="Task"))
def claim(tx: Tx, asked: Asked) -> Json:
    return _told(tx, claim_task(tx, asked.path["task_id"]))


@answers(
    Call(method="POST", path=f"{_PATH}/release", summary="Give a task back to its queue", takes="Nothing", gives="Task")
)
def release(tx: Tx, asked: Asked) -> Json:
    return _told(tx, release_task(tx, asked.path["task_id"]))


@answers(Call(method="POST", path=f"{_PATH}/start", summary="Start work on a task", takes="Nothing", gives="Task"))
def start(tx: Tx, asked: Asked) -> Json:
    return _told(tx, start_task(tx, asked.path["task_id"]))


@answers(
    Call(
        method="POST",
        path=f"{_PATH}/delegate",
        summary="Hand one's own task to a colleague",
        takes="Delegation",
        gives="Task",
    )
)
def delegate(tx: Tx, asked: Asked) -> Json:
    return _told(tx, delegate_task(tx, asked.path["task_id"], to=str(asked.body["to"])))


@answers(
    Call(
        method="POST",
        path=f"{_PATH}/reassign",
        summary="Move a task to somebody else, as its queue's lead",
        takes="Reassignment",
        gives="Task",
    )
)
def reassign(tx: Tx, asked: Asked) -> Json:
    to, reason = str(asked.body["to"]), str(asked.body["reason"])
    return _told(tx, reassign_task(tx, asked.path["task_id"], to=to, reason=reason))


@answers(
    Call(
        method="POST",
        path=f"{_PATH}/actions/<element>",
        summary="Press a button of an open task, such as “ask an expert”",
        takes="Press",
        gives="Moved",
    )
)
def press(tx: Tx, asked: Asked) -> Json:
    task_id = asked.path["task_id"]
    payload = cast("dict[str, object]", asked.body.get("payload") or {})
    opened = press_action(tx, task_id, element=asked.path["element"], payload=payload)
    return _moved(tx, task_id, opened)


@answers(
    Call(
        method="POST",
        path=f"{_PATH}/complete",
        summary="Complete a task with the values of its form",
        takes="Completion",
        gives="Moved",
    )
)
def complete(tx: Tx, asked: Asked) -> Json:
    task_id = asked.path["task_id"]
    version = cast("int | None", asked.body.get("version", asked.version))
    data = cast("dict[str, object]", asked.body.get("data") or {})
    outcome = cast("str | None", asked.body.get("outcome"))
    opened = complete_task(tx, task_id, Answer(version=version, data=data, outcome=outcome))
    return _moved(tx, task_id, opened)


def _told(tx: Tx, task: Task) -> Json:
    return told_task(lines_of(tx, [task])[0])


def _moved(tx: Tx, task_id: str, opened: list[Task]) -> Json:
    """Where the task's case is now, and the tasks that came up and are still open."""
    case = case_of_task(tx, task_id)
    lines = lines_of(tx, [task for task in opened if task.is_open])
    return {
        "case": case.number,
        "stage": str(case.stage),
        "status": str(case.status),
        "next": [told_task(line) for line in lines],
    }
