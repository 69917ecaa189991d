"""A house with cases whose task comes round again each time that it is completed, with form, clock and reminder."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from engine.actions.complete_task import Answer, complete_task
from engine.actions.deploy_process import deploy_process
from engine.actions.register_case import Registration, register_case
from engine.commands.demo.making import begin_empty
from engine.commands.demo.people import hire
from engine.model.people import SYSTEM, Actor
from engine.model.task import Task, TaskState
from engine.settings import Settings
from engine.store import people, rows
from engine.store.connection import utc_now
from engine.store.opening import upgraded
from engine.wiring import Engine, build

ANSWER: Mapping[str, object] = {"cause": "material", "cost": "12.50"}
FORM = {
    "title": {"en": "Assess the damage"},
    "schema": {
        "type": "object",
        "required": ["cause"],
        "properties": {
            "cause": {"type": "string", "enum": ["material", "assembly", "misuse"]},
            "cost": {"type": "string", "format": "decimal"},
        },
    },
    "ui": {"order": ["cause", "cost"]},
}
FORM_FILE = {"forms/damage.json": json.dumps(FORM).encode()}
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mg="urn:makegood:bpmn:1" id="d" targetNamespace="t">
 <process id="rounds" isExecutable="true" mg:caseKind="complaint">
  <startEvent id="begin"/>
  <sequenceFlow id="to_again" sourceRef="begin" targetRef="again"/>
  <exclusiveGateway id="again"/>
  <sequenceFlow id="to_assess" sourceRef="again" targetRef="assess"/>
  <userTask id="assess" name="Assess the damage" mg:form="damage" mg:queue="technical" mg:clock="contract"/>
  <boundaryEvent id="late" attachedToRef="assess" cancelActivity="false">
   <timerEventDefinition><timeDuration>"P3D"</timeDuration></timerEventDefinition>
  </boundaryEvent>
  <sequenceFlow id="to_told" sourceRef="late" targetRef="told"/>
  <endEvent id="told"/>
  <sequenceFlow id="to_more" sourceRef="assess" targetRef="more"/>
  <exclusiveGateway id="more" default="back"/>
  <sequenceFlow id="back" sourceRef="more" targetRef="again"/>
  <sequenceFlow id="to_end" sourceRef="more" targetRef="end"><conditionExpression>cause == "none"</conditionExpression></sequenceFlow>
  <endEvent id="end"/>
 </process>
</definitions>"""


ESCALATING = DIAGRAM.replace(
    '<sequenceFlow id="to_told" sourceRef="late" targetRef="told"/>',
    """<sequenceFlow id="to_lead" sourceRef="late" targetRef="tell_lead"/>
  <serviceTask id="tell_lead" name="Tell the lead"><extensionElements>
   <mg:connector key="case.escalate"><mg:input name="clock">'contract'</mg:input><mg:input name="level">80</mg:input></mg:connector>
  </extensionElements></serviceTask>
  <sequenceFlow id="to_told" sourceRef="tell_lead" targetRef="told"/>""",
)
"""The same, where being late escalates as the shipped complaint does."""


def house_with_recurring_task(
    folder: Path,
    *,
    clock: Callable[[], datetime] | None = None,
    cases: int = 1,
    url: str = "",
    diagram: str = DIAGRAM,
) -> Engine:
    """People, the process, and one case or some at their task; on SQLite, or in an empty database of a server."""
    settings = Settings(data_dir=folder, database_url=url)
    if url:
        upgraded(url, folder, now=utc_now())
    begin_empty(settings)
    engine = build(settings, clock=clock)
    hire(engine.store)
    with engine.begin(SYSTEM) as tx:
        deploy_process(tx, "rounds", {"rounds.bpmn": diagram.encode(), **FORM_FILE})
    with engine.begin(SYSTEM) as tx:
        for _ in range(cases):
            register_case(tx, Registration(subject="A kettle that leaks", description="It leaks since Monday."))
    engine.settle()
    return engine


def person(engine: Engine, login: str) -> Actor:
    """What somebody of the house may do."""
    with engine.read(SYSTEM) as tx:
        return people.actor_of(tx, next(found.id for found in [people.by_login(tx, login)] if found))


def complete_rounds(engine: Engine, *, share: slice = slice(None)) -> Callable[[], object]:
    """Complete a task as Ben, case by case, and take up the ones that this opened when all cases had their turn."""
    ben = person(engine, "ben")
    with engine.read(SYSTEM) as tx:
        open_tasks = rows.find(tx, Task, element_id="assess", state=TaskState.READY, order_by="case_id")
    coming = deque(task.id for task in open_tasks[share])

    def complete() -> None:
        with engine.begin(ben) as tx:
            opened = complete_task(tx, coming.popleft(), Answer(data=ANSWER))
        coming.append(opened[0].id)

    return complete
