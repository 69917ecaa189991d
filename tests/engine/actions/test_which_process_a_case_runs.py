"""A deployed process takes the new cases of the kind that it names; what runs already stays where it is."""

from __future__ import annotations

from typing import Any

import pytest

from engine.actions.deliver_message import message_to_case
from engine.actions.deploy_process import deploy_process
from engine.actions.register_case import Registration, register_case
from engine.execution.case_kinds import case_kinds
from engine.model.case import Case
from engine.model.errors import Invalid
from engine.model.people import SYSTEM, Queue
from engine.model.running import Instance
from engine.store import rows
from tests.engine.actions.conftest import FILES, Desk

DIAGRAM = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mg="urn:makegood:bpmn:1"
  id="d" targetNamespace="urn:test">
  <process id="{key}" name="A {key}" isExecutable="true" mg:caseKind="{kind}">
    <startEvent id="start"/>
    <userTask id="look" name="Look at it" mg:queue="technical"/>
    <endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="look"/>
    <sequenceFlow id="f2" sourceRef="look" targetRef="end"/>
  </process>
</definitions>
"""


def deploy(desk: Desk, key: str, kind: str) -> None:
    with desk.store.begin(SYSTEM) as tx:
        deploy_process(tx, key, {f"{key}.bpmn": DIAGRAM.format(key=key, kind=kind).encode()})


def process_of(desk: Desk, case: Case) -> str:
    with desk.store.read(SYSTEM) as tx:
        return rows.find(tx, Instance, case_id=case.id, order_by="id")[0].process_id


def registered(desk: Desk, kind: str) -> Any:
    with desk.store.begin(desk.person("anna")) as tx:
        return register_case(tx, Registration(subject="A pump", country="PL", kind=kind))


def test_a_warranty_claim_runs_the_complaint_until_a_process_names_it(desk: Desk) -> None:
    before = desk.register(kind="warranty_claim")
    deploy(desk, "repair", "warranty_claim")
    assert process_of(desk, before) == "complaint"
    assert process_of(desk, desk.register(kind="warranty_claim")) == "repair"
    assert process_of(desk, desk.register(kind="complaint")) == "complaint"


def test_a_process_brings_a_kind_of_its_own(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        registered(desk, "recall")
    assert "“recall” is no kind of case here" in str(refused.value.fields[0].message)
    deploy(desk, "recall_process", "recall")
    assert process_of(desk, registered(desk, "recall")) == "recall_process"


def test_of_two_processes_for_one_kind_the_later_takes_the_cases(desk: Desk) -> None:
    deploy(desk, "repair", "warranty_claim")
    deploy(desk, "exchange", "warranty_claim")
    assert process_of(desk, registered(desk, "warranty_claim")) == "exchange"


def test_deploying_the_shipped_process_anew_takes_nothing_over(desk: Desk) -> None:
    deploy(desk, "our_own", "complaint")
    with desk.store.begin(SYSTEM) as tx:
        deploy_process(tx, "complaint", {**FILES, "letters/more.en.txt": b"Subject: More\n\nMore."})
    assert process_of(desk, registered(desk, "complaint")) == "our_own"


def test_an_internal_process_takes_no_cases(desk: Desk) -> None:
    deploy(desk, "inner", "internal")
    with desk.store.read(SYSTEM) as tx:
        assert "internal" not in case_kinds(tx.catalog)


def test_a_case_is_reopened_in_the_process_that_it_began_with(desk: Desk) -> None:
    case = desk.register(kind="complaint")
    deploy(desk, "our_own", "complaint")
    for message in ("customer_withdraws", "case_reopened"):
        with desk.store.begin(desk.person("anna")) as tx:
            message_to_case(tx, case.id, name=message, payload={})
        desk.settle()
    with desk.store.read(SYSTEM) as tx:
        ran = [instance.process_id for instance in rows.find(tx, Instance, case_id=case.id)]
    assert ran == ["complaint", "complaint"]


def test_a_queue_that_a_process_names_is_opened_with_it(desk: Desk) -> None:
    drawn = DIAGRAM.format(key="recall", kind="recall").replace('"technical"', '"recalls"').encode()
    with desk.store.begin(SYSTEM) as tx:
        assert deploy_process(tx, "recall", {"recall.bpmn": drawn}).queues == ("recalls",)
        assert deploy_process(tx, "recall", {"recall.bpmn": drawn + b" "}).queues == ()
        assert rows.get(tx, Queue, "recalls").name == "Recalls"
