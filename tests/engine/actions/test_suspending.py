"""A suspended case rests as R13 says, and goes on exactly where it rested."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.actions.deliver_message import deliver_message
from engine.actions.message_case import withdraw_case
from engine.actions.reassign_task import reassign_task
from engine.actions.start_task import start_task
from engine.actions.suspend_instance import resume_instance, suspend_instance
from engine.model.case import Case, CaseMessage, CaseStatus
from engine.model.errors import Conflict, Forbidden, Invalid
from engine.model.operations import Asked
from engine.model.people import SYSTEM
from engine.model.running import Instance, InstanceStatus, KeptMessage, Timer, TimerState
from engine.model.task import TaskState
from engine.store import audit, deployments, rows
from tests.engine.actions.conftest import Desk
from tests.promises.check import broken_promises

WAITS = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:test" xmlns:mg="urn:makegood:bpmn:1">
 <message id="m" name="part_came"/>
 <process id="complaint" isExecutable="true"><startEvent id="s"/><parallelGateway id="fork"/>
  <intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>
  <intermediateCatchEvent id="part"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  <userTask id="call" name="Call back" mg:queue="front_office"/><userTask id="fit" name="Fit it" mg:queue="front_office"/>
  <endEvent id="e1"/><endEvent id="e2"/>
  <sequenceFlow id="a" sourceRef="s" targetRef="fork"/><sequenceFlow id="b" sourceRef="fork" targetRef="pause"/>
  <sequenceFlow id="c" sourceRef="fork" targetRef="part"/><sequenceFlow id="d1" sourceRef="pause" targetRef="call"/>
  <sequenceFlow id="d2" sourceRef="part" targetRef="fit"/><sequenceFlow id="f" sourceRef="call" targetRef="e1"/>
  <sequenceFlow id="g" sourceRef="fit" targetRef="e2"/></process></definitions>"""


def instance_of(desk: Desk, case: Case) -> Instance:
    (instance,) = desk.all(Instance, case_id=case.id)
    assert isinstance(instance, Instance)
    return instance


def suspend(desk: Desk, case: Case, reason: str = "The lawyers look at it") -> None:
    instance = instance_of(desk, case)
    with desk.store.begin(desk.person("eva")) as tx:
        suspend_instance(tx, instance.id, Asked(reason))


def resume(desk: Desk, case: Case) -> None:
    instance = instance_of(desk, case)
    with desk.store.begin(desk.person("eva")) as tx:
        resume_instance(tx, instance.id, Asked("They have looked"))
    desk.settle()


def keeps_its_promises(desk: Desk) -> None:
    with desk.store.read(SYSTEM) as tx:
        assert not broken_promises(tx)


def waiting(desk: Desk) -> Case:
    with desk.store.begin(SYSTEM) as tx:
        deployments.keep(tx, "complaint", {"waits.bpmn": WAITS}, process_ids=["complaint"])
    return desk.register()


def test_a_task_rests_and_is_afterwards_as_it_was(desk: Desk) -> None:
    case = desk.register()
    task = desk.task(case, "work")
    with desk.store.begin(desk.person("anna")) as tx:
        start_task(tx, task.id)
    suspend(desk, case)
    assert desk.task(case, "work").state is TaskState.SUSPENDED
    keeps_its_promises(desk)
    with pytest.raises(Conflict, match="rests"):
        desk.complete("anna", task, data={})
    with pytest.raises(Conflict, match="rests"):
        desk.claim("anna", task)
    resume(desk, case)
    again = desk.task(case, "work")
    assert (again.state, again.owner_id) == (TaskState.IN_PROGRESS, desk.person("anna").person_id)
    desk.complete("anna", again, data={})
    keeps_its_promises(desk)


def test_a_lead_moves_a_task_that_rests_and_it_wakes_with_its_new_owner(desk: Desk) -> None:
    case = desk.register()
    task = desk.task(case, "work")
    suspend(desk, case)
    with desk.store.begin(desk.person("clara")) as tx:
        reassign_task(tx, task.id, to="ben", reason="Anna is away")
    assert desk.task(case, "work").state is TaskState.SUSPENDED
    resume(desk, case)
    again = desk.task(case, "work")
    assert (again.state, again.owner_id) == (TaskState.RESERVED, desk.person("ben").person_id)


def test_a_plain_timer_is_held_and_fires_on_resuming(desk: Desk) -> None:
    case = waiting(desk)
    suspend(desk, case)
    desk.wait(days=3)
    assert [timer.state for timer in desk.all(Timer, element_id="pause")] == [TimerState.PENDING]
    keeps_its_promises(desk)
    resume(desk, case)
    assert [task.element_id for task in desk.open_tasks(case)] == ["call"]
    keeps_its_promises(desk)


def test_the_clock_of_the_law_is_never_held(desk: Desk) -> None:
    case = desk.register()
    suspend(desk, case)
    desk.wait(days=60)
    resting = desk.task(case, "remedy_by_law")
    assert (resting.state, resting.state_before) == (TaskState.SUSPENDED, TaskState.READY)
    keeps_its_promises(desk)
    resume(desk, case)
    assert desk.task(case, "remedy_by_law").state is TaskState.READY
    desk.do("anna", case, "remedy_by_law")
    keeps_its_promises(desk)


def test_a_message_that_comes_meanwhile_is_kept_and_delivered_afterwards(desk: Desk) -> None:
    case = waiting(desk)
    suspend(desk, case)
    with desk.store.begin(desk.person("anna")) as tx:
        assert deliver_message(tx, "part_came", correlation={"case": case.number}, payload={}) == 0
    assert len(desk.all(KeptMessage, state="kept")) == 1
    resume(desk, case)
    assert [task.element_id for task in desk.open_tasks(case)] == ["fit"]


def test_a_withdrawal_says_that_the_process_rests(desk: Desk) -> None:
    case = desk.register()
    suspend(desk, case)
    with pytest.raises(Conflict, match="is suspended"), desk.store.begin(desk.person("anna")) as tx:
        withdraw_case(tx, case.id, reason="Repaired it myself")
    resume(desk, case)
    with desk.store.begin(desk.person("anna")) as tx:
        withdraw_case(tx, case.id, reason="Repaired it myself")
    assert desk.again(case).status is CaseStatus.CLOSED


def test_an_operation_is_refused_without_a_reason_or_a_right_or_after_a_change(desk: Desk) -> None:
    case = desk.register()
    with pytest.raises(Invalid, match="needs a reason"):
        suspend(desk, case, reason="  ")
    instance = instance_of(desk, case)
    with pytest.raises(Forbidden), desk.store.begin(desk.person("anna")) as tx:
        suspend_instance(tx, instance.id, Asked("Because"))
    suspend(desk, case)
    with pytest.raises(Conflict, match="suspended already"):
        suspend(desk, case)
    with pytest.raises(Conflict, match="since you looked"), desk.store.begin(desk.person("eva")) as tx:
        resume_instance(tx, instance.id, Asked("Because", instance.version))
    assert instance_of(desk, case).status is InstanceStatus.SUSPENDED


def test_the_trail_keeps_who_suspended_and_why(desk: Desk) -> None:
    case = desk.register()
    suspend(desk, case)
    with desk.store.read(SYSTEM) as tx:
        (event,) = [event for event in audit.events_of(tx, case.id) if event.kind == "process_suspended"]
        why = rows.get(tx, CaseMessage, str(event.data["reason"]).removeprefix("message:"))
    assert (event.actor_id, why.body) == (desk.person("eva").person_id, "The lawyers look at it")
    assert event.at - desk.clock() == timedelta()
