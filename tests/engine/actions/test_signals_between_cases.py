"""A signal reaches every case that waits at its moment, each once, and is not kept for later ones."""

from __future__ import annotations

from engine.actions.register_case import Registration, register_case
from engine.model.people import SYSTEM
from engine.model.running import Instance, InstanceStatus, Subscription, SubscriptionState
from engine.store import deployments
from tests.engine.actions.conftest import Desk

BOTH = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:test"
  xmlns:mg="urn:makegood:bpmn:1"><signal id="s" name="recall"/>
 <process id="complaint" isExecutable="true"><startEvent id="start"/>
  <exclusiveGateway id="which" default="listens"/>
  <intermediateCatchEvent id="hear"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>
  <intermediateThrowEvent id="call"><signalEventDefinition signalRef="s"/></intermediateThrowEvent><endEvent id="end"/>
  <sequenceFlow id="a" sourceRef="start" targetRef="which"/>
  <sequenceFlow id="calls" sourceRef="which" targetRef="call"><conditionExpression>subject == 'Recall'</conditionExpression></sequenceFlow>
  <sequenceFlow id="listens" sourceRef="which" targetRef="hear"/>
  <sequenceFlow id="b" sourceRef="hear" targetRef="end"/><sequenceFlow id="c" sourceRef="call" targetRef="end"/>
 </process></definitions>"""


def register(desk: Desk, subject: str) -> str:
    with desk.store.begin(SYSTEM) as tx:
        deployments.keep(tx, "complaint", {"both.bpmn": BOTH}, process_ids=["complaint"])
        case = register_case(tx, Registration(subject=subject))
    desk.settle()
    return case.id


def test_a_signal_reaches_all_who_wait_and_nobody_who_comes_later(desk: Desk) -> None:
    waiting = {register(desk, "One"), register(desk, "Two")}
    register(desk, "Recall")
    late = register(desk, "Three")
    running = desk.all(Instance, status=InstanceStatus.RUNNING)
    assert [instance.case_id for instance in running] == [late]
    assert waiting.isdisjoint({late})
    assert len(desk.all(Subscription, state=SubscriptionState.OPEN)) == 1
