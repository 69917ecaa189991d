"""A data store of a process is one for all its cases, and outlives each of them."""

from __future__ import annotations

from engine.model.people import SYSTEM
from engine.model.running import StoredData
from engine.store import deployments
from tests.engine.actions.conftest import Desk
from tests.promises.check import broken_promises

COUNTS = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:test" xmlns:mg="urn:makegood:bpmn:1">
 <dataStore id="store" name="tally"/>
 <process id="complaint" isExecutable="true"><dataStoreReference id="here" dataStoreRef="store"/><startEvent id="s"/>
  <scriptTask id="count"><script>tally = tally + 1 if tally != None else 1</script></scriptTask>
  <userTask id="call" name="Call back" mg:queue="front_office"/><endEvent id="e"/>
  <sequenceFlow id="a" sourceRef="s" targetRef="count"/><sequenceFlow id="b" sourceRef="count" targetRef="call"/>
  <sequenceFlow id="c" sourceRef="call" targetRef="e"/></process></definitions>"""


def test_each_case_reads_what_the_one_before_has_kept(desk: Desk) -> None:
    with desk.store.begin(SYSTEM) as tx:
        deployments.keep(tx, "complaint", {"complaint.bpmn": COUNTS}, process_ids=["complaint"])
    for _ in range(3):
        desk.register()
    (stored,) = desk.all(StoredData)
    assert isinstance(stored, StoredData)
    assert (stored.key, stored.name, stored.value) == ("complaint", "tally", 3)
    with desk.store.read(SYSTEM) as tx:
        assert not broken_promises(tx)
