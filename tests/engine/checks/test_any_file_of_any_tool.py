"""Whatever a tool or a slip makes of a diagram, it is answered with findings; a simulation takes it or refuses it with findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.checks import check_files, check_portability, check_standard
from engine.execution import Simulation
from engine.model.errors import DefinitionInvalid
from tests.engine.definitions.bpmn.diagrams import diagram

from .drawing import ROOTS, around, boundary, on_task
from .mutations import mutants

CONFORMANCE = Path(__file__).resolve().parents[3].parent / "shared" / "conformance" / "cases"
SEED = "a slip of the pen"
CAMUNDA = """<userTask id="t" camunda:assignee="${owner}" camunda:candidateGroups="a,b" camunda:formKey="f" camunda:dueDate="${now()}">
<extensionElements><camunda:inputOutput><camunda:inputParameter name="x">${y.z}</camunda:inputParameter></camunda:inputOutput>
<camunda:taskListener event="create" class="com.example.X"/></extensionElements></userTask>"""
ZEEBE = """<serviceTask id="t"><extensionElements><zeebe:taskDefinition type="pay" retries="3"/><zeebe:ioMapping>
<zeebe:input source="= a.b" target="c"/></zeebe:ioMapping></extensionElements></serviceTask>"""
SPIFF = """<userTask id="t"><extensionElements><spiffworkflow:preScript>a = 1</spiffworkflow:preScript>
<spiffworkflow:properties><spiffworkflow:property name="p" value="v"/></spiffworkflow:properties></extensionElements></userTask>"""
FLAVOURS = {
    "camunda": around(CAMUNDA),
    "zeebe": around(ZEEBE),
    "spiffworkflow": around(SPIFF),
    "plain": on_task(boundary("timer")),
}


def survives(damaged: Iterator[bytes]) -> int:
    """Check and load each file; give their number."""
    each = list(damaged)
    for data in each:
        found = [*check_files({"x.bpmn": data}, executable=True), *check_portability({"x.bpmn": data})]
        found += check_standard("x.bpmn", data)
        assert all(str(finding) for finding in found), data
        assert loads(data) or found, data
    return len(each)


def loads(data: bytes) -> bool:
    """True where a simulation takes the file; a refusal has findings."""
    try:
        Simulation.load({"x.bpmn": data}, now=datetime(2026, 3, 2, tzinfo=UTC))
    except DefinitionInvalid as refusal:
        return not refusal.findings
    return True


@pytest.mark.parametrize("flavour", sorted(FLAVOURS))
def test_a_damaged_diagram_of_any_tool_is_answered(flavour: str) -> None:
    assert survives(mutants(diagram(FLAVOURS[flavour], ROOTS), SEED + flavour, 60)) == 60


@pytest.mark.parametrize("name", ["complaint", "special_mode"])
def test_a_damaged_shipped_process_is_answered(repository: Path, name: str) -> None:
    data = (repository / "processes" / name / f"{name}.bpmn").read_bytes()
    assert survives(mutants(data, SEED + name, 4)) == 4


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the public cases are not beside the repository")
def test_every_damaged_public_file_is_answered() -> None:
    files = [path for path in sorted(CONFORMANCE.rglob("*")) if path.suffix in {".bpmn", ".xml"}]
    assert sum(survives(mutants(path.read_bytes(), SEED + path.name, 1)) for path in files) > 150
