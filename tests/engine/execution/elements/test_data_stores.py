"""A data store outlives the instance that wrote it: whoever reads it later, in whatever process, reads what was kept last."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.execution import Simulation

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STORE = """<dataStore id="store" name="rates"/>"""
WRITES = """
<process id="writes" isExecutable="true">
  <dataStoreReference id="here" dataStoreRef="store"/>
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="set"/>
  <scriptTask id="set"><script>found = 7</script>
    <dataOutputAssociation id="out"><targetRef>here</targetRef>
      <assignment><from>amount</from><to>here</to></assignment></dataOutputAssociation></scriptTask>
  <sequenceFlow id="f2" sourceRef="set" targetRef="then"/>
  <scriptTask id="then"><script>seen = rates</script></scriptTask>
  <sequenceFlow id="f3" sourceRef="then" targetRef="e"/><endEvent id="e"/>
</process>"""
READS = """
<process id="reads" isExecutable="true">
  <dataStoreReference id="there" dataStoreRef="store"/>
  <startEvent id="s2"/><sequenceFlow id="g1" sourceRef="s2" targetRef="wait"/>
  <userTask id="wait"/><sequenceFlow id="g2" sourceRef="wait" targetRef="copy"/>
  <scriptTask id="copy"><script>mine = rates</script></scriptTask>
  <sequenceFlow id="g3" sourceRef="copy" targetRef="e2"/><endEvent id="e2"/>
</process>"""
FILES = {
    "p.bpmn": f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
{STORE}{WRITES}{READS}</definitions>""".encode()
}


@pytest.mark.parametrize("runtime", ["machine", "spiff"])
def test_what_one_instance_keeps_another_reads(runtime: str) -> None:
    simulated = Simulation.load(FILES, now=NOW, runtime=runtime)
    reader = simulated.start("reads")
    simulated.start("writes", {"amount": 5})
    simulated.complete(simulated.tasks()[0].id)
    assert simulated.variables(reader)["mine"] == 5


def test_the_step_that_keeps_it_reads_it_too() -> None:
    simulated = Simulation.load(FILES, now=NOW)
    writer = simulated.start("writes", {"amount": 5})
    assert simulated.variables(writer)["seen"] == 5


def test_what_is_kept_survives_saving() -> None:
    simulated = Simulation.load(FILES, now=NOW)
    simulated.start("writes", {"amount": 5})
    later = Simulation.restore(simulated.save(), FILES, now=NOW)
    reader = later.start("reads")
    later.complete(later.tasks()[0].id)
    assert later.variables(reader)["mine"] == 5


def test_the_last_one_to_write_is_read() -> None:
    simulated = Simulation.load(FILES, now=NOW)
    for amount in (5, 6):
        simulated.start("writes", {"amount": amount})
    assert simulated.variables()["rates"] == 6


def test_an_operation_reads_what_is_kept_too() -> None:
    simulated = Simulation.load(FILES, now=NOW)
    reader = simulated.start("reads")
    simulated.start("writes", {"amount": 5})
    simulated.skip(simulated.tasks()[0].id)
    assert simulated.variables(reader)["mine"] == 5
