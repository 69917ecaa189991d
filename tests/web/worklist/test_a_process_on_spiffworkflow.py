"""A process that is marked for SpiffWorkflow is worked on the pages as any other: timers, buttons, items, and its saved state."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from engine.actions.register_case import Registration, register_case
from engine.model.case import Case
from engine.model.people import SYSTEM, Actor
from engine.model.running import Instance, InstanceStatus
from engine.model.task import OPEN_STATES, Task
from engine.store import deployments, rows
from engine.wiring import Engine
from tests.engine.execution.drawing import file, process
from tests.web.conftest import ClientAs

QUEUE = "mg:queue=front_office"
TWICE = "{ <multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics> }"
MARKED = file(
    process(
        f"start s\nuser work {QUEUE}\nuser nudge {QUEUE}\nuser opinion {QUEUE}\nuser check {QUEUE} {TWICE}\nend e\nend f\nend g\n"
        "boundary due attachedToRef=work cancelActivity=false after=PT0S\n"
        'boundary ask attachedToRef=work cancelActivity=false message=asked mg:action="Ask an expert"',
        "s > work > check > e; due > nudge > f; ask > opinion > g",
        process_id="complaint",
    ).replace("<process", '<process mg:runtime="spiff"')
)


@pytest.fixture
def case(engine: Engine, as_person: Callable[[str], Actor]) -> Case:
    """A complaint that runs on SpiffWorkflow."""
    with engine.begin(SYSTEM) as tx:
        deployments.keep(tx, "complaint", {"complaint.bpmn": MARKED}, process_ids=["complaint"])
    with engine.begin(as_person("anna")) as tx:
        found = register_case(tx, Registration(subject="A kettle that leaks", country="PL", party="consumer"))
    engine.settle()
    return found


def opened(engine: Engine, case: Case) -> dict[str, Task]:
    """The open tasks by their element; of items, the last."""
    with engine.read(SYSTEM) as tx:
        tasks = rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)), order_by="id")
    return {task.element_id: task for task in tasks}


def finish(anna: FlaskClient, engine: Engine, case: Case, element: str) -> None:
    task = opened(engine, case)[element]
    assert anna.post(f"/tasks/{task.id}", data={"_version": task.version}).status_code == 303
    engine.settle()


def instance_of(engine: Engine, case: Case) -> Instance:
    with engine.read(SYSTEM) as tx:
        return rows.find(tx, Instance, case_id=case.id)[0]


def test_its_timer_fires_and_its_button_opens_a_task_beside_the_work(
    client_as: ClientAs, engine: Engine, case: Case
) -> None:
    assert set(opened(engine, case)) == {"work", "nudge"}
    work = opened(engine, case)["work"]
    anna = client_as("anna")
    assert "Ask an expert" in anna.get(f"/tasks/{work.id}").text
    anna.post(f"/tasks/{work.id}", data={"_action": "ask", "_version": work.version})
    engine.settle()
    assert set(opened(engine, case)) == {"work", "nudge", "opinion"}


def test_it_is_worked_to_its_end_on_the_pages(client_as: ClientAs, engine: Engine, case: Case) -> None:
    anna = client_as("anna")
    assert instance_of(engine, case).runtime == "spiff"
    assert '"spiff":' in instance_of(engine, case).state
    for element in ("work", "check", "nudge", "check"):
        finish(anna, engine, case, element)
    assert opened(engine, case) == {}
    assert instance_of(engine, case).status is InstanceStatus.COMPLETED
