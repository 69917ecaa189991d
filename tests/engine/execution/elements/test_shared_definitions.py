"""An event means the definition at the top of the file that it refers to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.execution import DefinitionInvalid, Simulation

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test">
<message id="m" name="answer"/><messageEventDefinition id="answered" {}/>
<timerEventDefinition id="hour"><timeDuration>PT1H</timeDuration></timerEventDefinition>
<process id="p" isExecutable="true">
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="c"/>
<intermediateCatchEvent id="c"><eventDefinitionRef>hour</eventDefinitionRef></intermediateCatchEvent>
<sequenceFlow id="f2" sourceRef="c" targetRef="d"/>
<intermediateCatchEvent id="d"><eventDefinitionRef>answered</eventDefinitionRef></intermediateCatchEvent>
<sequenceFlow id="f3" sourceRef="d" targetRef="e"/><endEvent id="e"/>
</process></definitions>"""


def test_a_message_and_a_timer_may_be_defined_elsewhere() -> None:
    simulated = Simulation.load({"p.bpmn": FILE.format('messageRef="m"').encode()}, now=NOW)
    simulated.start("p")
    simulated.advance(timedelta(hours=1))
    assert simulated.send_message("answer") == 1
    assert not simulated.running()


def test_a_definition_elsewhere_without_a_message_is_a_finding() -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        Simulation.load({"p.bpmn": FILE.format("").encode()}, now=NOW)
    assert ("message_missing", "d") in {(found.message.code, found.element_id) for found in refused.value.findings}
