"""A designer adds a process with its form, letter and story by files alone: checked, played, and refused where wrong."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from engine.checks import check_files
from engine.commands import scenario
from engine.model.errors import Severity

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mg="urn:makegood:bpmn:1"
  id="d" targetNamespace="urn:example">
  <bpmn:process id="lost_parcel" name="Lost parcel" isExecutable="true" mg:caseKind="complaint">
    <bpmn:startEvent id="reported"/>
    <bpmn:userTask id="search" name="Search the parcel" mg:form="parcel_search" mg:queue="front_office" mg:outcomes="found lost"/>
    <bpmn:sendTask id="tell" name="Tell the customer" mg:notify="customer" mg:letter="parcel"/>
    <bpmn:endEvent id="told"/>
    <bpmn:sequenceFlow id="f1" sourceRef="reported" targetRef="search"/>
    <bpmn:sequenceFlow id="f2" sourceRef="search" targetRef="tell"/>
    <bpmn:sequenceFlow id="f3" sourceRef="tell" targetRef="told"/>
  </bpmn:process>
</bpmn:definitions>
"""
FORM = """{"title": {"en": "Search the parcel"},
 "schema": {"type": "object", "required": ["depot"], "properties": {"depot": {"type": "string"}}},
 "ui": {"order": ["depot"], "fields": {"depot": {"label": {"en": "Depot"}}}}}
"""
LETTER = "Subject: Your parcel {{ case.number }}\n\nWe have searched for it.\n"
STORY = """title = "A parcel is found"
now = 2026-03-02T09:00:00+01:00
[start]
subject = "Parcel"
[[step]]
task = "search"
as = "clerk"
data = { depot = "Praga" }
outcome = "found"
[expect]
path = ["reported", "search", "tell", "told"]
open = []
notices = ["parcel"]
variables = { depot = "Praga", outcome = "found" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a designer writes, and nothing else."""
    process = tmp_path / "processes" / "lost_parcel"
    for name, text in {
        process / "lost_parcel.bpmn": DIAGRAM,
        process / "letters" / "parcel.en.txt": LETTER,
        process / "scenarios" / "found.toml": STORY,
        tmp_path / "forms" / "parcel_search.json": FORM,
    }.items():
        name.parent.mkdir(parents=True, exist_ok=True)
        name.write_text(text, "utf-8")
    return process


def test_the_new_process_has_no_faults(folder: Path) -> None:
    findings = check_files(scenario.deployment_files(folder))
    assert [str(finding) for finding in findings if finding.severity is Severity.ERROR] == []


def test_the_new_process_does_what_its_story_says(folder: Path) -> None:
    out = io.StringIO()
    assert scenario.run([folder], out) == 0
    assert "passed  lost_parcel/found.toml: A parcel is found" in out.getvalue()


def test_a_form_refuses_what_the_designer_did_not_ask_for(folder: Path) -> None:
    story = folder / "scenarios" / "found.toml"
    story.write_text(STORY.replace('depot = "Praga" }\noutcome', 'colour = "red" }\noutcome'), "utf-8")
    out = io.StringIO()
    assert scenario.run([folder], out) == 1
    assert "Step 1:" in out.getvalue()


def test_a_form_that_is_missing_is_named(folder: Path) -> None:
    (folder.parents[1] / "forms" / "parcel_search.json").unlink()
    findings = [str(finding) for finding in check_files(scenario.deployment_files(folder))]
    assert any("parcel_search" in finding for finding in findings)


def test_a_letter_that_is_missing_is_named(folder: Path) -> None:
    (folder / "letters" / "parcel.en.txt").unlink()
    findings = [str(finding) for finding in check_files(scenario.deployment_files(folder))]
    assert any("parcel" in finding and "letter" in finding for finding in findings)
