"""A multi-instance activity with a complex behavior throws what its definitions say, each time an item ends (10.3.8, 13.3.7)."""

from __future__ import annotations

import pytest

from engine.model.errors import DefinitionInvalid
from tests.engine.execution.drawing import do, drawn, open_tasks


def many(*definitions: str) -> str:
    """A marker for four items at once, with complex behavior definitions."""
    inner = "".join(f"<complexBehaviorDefinition>{each}</complexBehaviorDefinition>" for each in definitions)
    return (
        '<multiInstanceLoopCharacteristics behavior="Complex"><loopCardinality>4</loopCardinality>'
        f"{inner}</multiInstanceLoopCharacteristics>"
    )


def when(condition: str, event: str) -> str:
    """One definition: the condition and the event that it throws."""
    return f'<condition>{condition}</condition><event id="thrown_{event}"><signalEventDefinition signalRef="{event}"/></event>'


HALF = when("nrOfCompletedInstances == 2", "alarm")
THREE = when("nrOfCompletedInstances &gt;= 3", "late")
BESIDE = "boundary told attachedToRef=ask cancelActivity=false signal=alarm\nuser note"


def test_an_event_is_thrown_when_its_condition_becomes_true_and_the_items_go_on() -> None:
    simulated = drawn(f"start s\nuser ask {{ {many(HALF)} }}\n{BESIDE}\nend e", "s > ask > e; told > note")
    do(simulated, "ask")
    assert open_tasks(simulated) == ["ask", "ask", "ask"]
    do(simulated, "ask")
    assert open_tasks(simulated) == ["ask", "ask", "note"]
    do(simulated, "ask")
    assert open_tasks(simulated).count("note") == 1


def test_each_definition_throws_its_own_event() -> None:
    boundaries = f"{BESIDE}\nboundary more attachedToRef=ask cancelActivity=false signal=late\nuser hurry"
    simulated = drawn(
        f"start s\nuser ask {{ {many(HALF, THREE)} }}\n{boundaries}\nend e", "s > ask > e; told > note; more > hurry"
    )
    for _ in range(4):
        do(simulated, "ask")
    assert sorted(open_tasks(simulated)) == ["hurry", "hurry", "note"]


def test_nothing_is_thrown_while_no_condition_is_true() -> None:
    simulated = drawn(f"start s\nuser ask {{ {many(THREE)} }}\n{BESIDE}\nend e", "s > ask > e; told > note")
    for _ in range(4):
        do(simulated, "ask")
    assert (open_tasks(simulated), simulated.running()) == ([], False)


@pytest.mark.parametrize(
    "lacking", ["<condition>True</condition>", '<event id="x"><signalEventDefinition signalRef="alarm"/></event>']
)
def test_a_definition_without_its_condition_or_its_event_is_a_finding(lacking: str) -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        drawn(f"start s\nuser ask {{ {many(lacking)} }}\nend e", "s > ask > e")
    codes = {finding.message.code for finding in refused.value.findings}
    assert codes & {"multi_behavior_not_run", "not_yet_behavior", "bpmn_element_missing", "bpmn_child_missing"}, codes
