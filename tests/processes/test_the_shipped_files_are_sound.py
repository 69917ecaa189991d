"""Whatever ships in processes/ and forms/ passes the checks without an error and without a warning."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine.checks import check_files
from engine.commands.scenario import deployment_files
from engine.definitions.bpmn import read_bpmn

PROCESSES = Path(__file__).parents[2] / "processes"
FOLDERS = ("complaint", "special_mode", "modeler/example")
USED_IN = re.compile(r'\smg:(\w+)="')


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_shipped_folder_has_no_findings(folder: str) -> None:
    assert [str(finding) for finding in check_files(deployment_files(PROCESSES / folder))] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_shape_of_a_shipped_diagram_is_drawn(folder: str) -> None:
    (diagram,) = (PROCESSES / folder).glob("*.bpmn")
    text = diagram.read_text("utf-8")
    definitions = read_bpmn(text.encode(), file=diagram.name).definitions
    nodes = [node for process in definitions.processes for node in process.body.walk()]
    assert [node.id for node in nodes if f'bpmnElement="{node.id}"' not in text] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_tasks_begin_with_a_verb_and_are_no_longer_than_a_line(folder: str) -> None:
    (diagram,) = (PROCESSES / folder).glob("*.bpmn")
    definitions = read_bpmn(diagram.read_bytes(), file=diagram.name).definitions
    nodes = [node for process in definitions.processes for node in process.body.walk()]
    names = [node.name for node in nodes if node.kind.value.endswith("Task")]
    assert all(name and name[0].isupper() and len(name) <= 40 for name in names)
    assert [name for name in names if name.split()[0] in {"The", "A", "Complaint", "Customer"}] == []


def test_the_modeler_knows_every_attribute_that_shipped_diagrams_use() -> None:
    descriptor = json.loads((PROCESSES / "modeler" / "mg.json").read_text("utf-8"))
    known = {prop["name"] for each in descriptor["types"] for prop in each["properties"]}
    used = {name for path in PROCESSES.glob("**/*.bpmn") for name in USED_IN.findall(path.read_text("utf-8"))}
    assert used <= known


def test_the_element_templates_bind_to_attributes_of_the_descriptor() -> None:
    descriptor = json.loads((PROCESSES / "modeler" / "mg.json").read_text("utf-8"))
    templates = json.loads((PROCESSES / "modeler" / "element-templates.json").read_text("utf-8"))
    known = {f"mg:{prop['name']}" for each in descriptor["types"] for prop in each["properties"]}
    bound = {prop["binding"]["name"] for template in templates for prop in template["properties"]}
    assert bound <= known
    assert len({template["id"] for template in templates}) == len(templates)
