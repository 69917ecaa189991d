"""What cannot be read, or would be lost, is a finding with its line; nothing is raised and nothing is silent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.definitions.bpmn import read_bpmn
from engine.model.errors import Severity

from .diagrams import codes, diagram, read

# code → (inside of a process with the fault, one as like as possible without it)
EXAMPLES = {
    "bpmn_unknown_element": ("<userTsk id='t'/>", "<userTask id='t'/>"),
    "bpmn_misplaced": ("<task id='t'><endEvent id='e'/></task>", "<subProcess id='t'><endEvent id='e'/></subProcess>"),
    "bpmn_repeated": (
        "<task id='t'>" + "<standardLoopCharacteristics/>" * 2 + "</task>",
        "<task id='t'><standardLoopCharacteristics/></task>",
    ),
    "bpmn_one_of": (
        "<task id='t'><standardLoopCharacteristics/><multiInstanceLoopCharacteristics/></task>",
        "<task id='t'><multiInstanceLoopCharacteristics/></task>",
    ),
    "bpmn_attribute_missing": ("<boundaryEvent id='b'/>", "<boundaryEvent id='b' attachedToRef='t'/><task id='t'/>"),
    "bpmn_attribute_value": ("<task id='t' isForCompensation='ja'/>", "<task id='t' isForCompensation='true'/>"),
    "bpmn_child_missing": (
        "<task id='t'><ioSpecification><inputSet/></ioSpecification></task>",
        "<task id='t'><ioSpecification><inputSet/><outputSet/></ioSpecification></task>",
    ),
    "bpmn_unknown_attribute": ("<task id='t' nane='x'/>", "<task id='t' name='x'/>"),
    "bpmn_id_twice": ("<task id='t'/><task id='t'/>", "<task id='t'/><task id='u'/>"),
    "bpmn_reference_dangling": (
        "<task id='t'/><sequenceFlow id='f' sourceRef='t' targetRef='x'/>",
        "<task id='t'/><sequenceFlow id='f' sourceRef='t' targetRef='t'/>",
    ),
    "bpmn_reference_kind": (
        "<receiveTask id='t' messageRef='claim'/>",
        "<receiveTask id='t' messageRef='M'/>",
    ),
    "bpmn_threshold": (
        "<intermediateCatchEvent id='t'><timerEventDefinition mg:clock='c' mg:at='most of it'/></intermediateCatchEvent>",
        "<intermediateCatchEvent id='t'><timerEventDefinition mg:clock='c' mg:at='P2D before'/></intermediateCatchEvent>",
    ),
    "bpmn_late": (
        "<intermediateCatchEvent id='t'><timerEventDefinition mg:clock='c' mg:late='some'/></intermediateCatchEvent>",
        "<intermediateCatchEvent id='t'><timerEventDefinition mg:clock='c' mg:late='all'/></intermediateCatchEvent>",
    ),
    "bpmn_mg_unknown": ("<serviceTask id='t' mg:form='f'/>", "<userTask id='t' mg:form='f'/>"),
    "bpmn_extension_lost": (
        "<task id='t'><extensionElements><camunda:executionListener event='start'/></extensionElements></task>",
        "<task id='t' camunda:exclusive='false'/>",
    ),
    "bpmn_extension_ignored": (
        "<task id='t'><extensionElements><camunda:properties/></extensionElements></task>",
        "<task id='t' camunda:versionTag='1'/>",
    ),
    "bpmn_foreign_ignored": ("<task id='t' acme:shade='blue'/>", "<task id='t' xsi:type='tTask'/>"),
    "bpmn_foreign_child": (
        "<task id='t'><acme:note/></task>",
        "<task id='t'><extensionElements><acme:note/></extensionElements></task>",
    ),
    "bpmn_code_reference": (
        "<serviceTask id='t' camunda:class='a.B'/>",
        "<serviceTask id='t' camunda:type='external' camunda:topic='b'/>",
    ),
    "bpmn_connector_key": (
        "<serviceTask id='t'><extensionElements><mg:connector/></extensionElements></serviceTask>",
        "<serviceTask id='t'><extensionElements><mg:connector key='http'/></extensionElements></serviceTask>",
    ),
    "bpmn_retry_cycle": (
        (
            '<serviceTask id="t"><extensionElements><mg:connector key="k"/>'
            "<camunda:failedJobRetryTimeCycle>often</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>"
        ),
        (
            '<serviceTask id="t"><extensionElements><mg:connector key="k"/>'
            "<camunda:failedJobRetryTimeCycle>R3/PT10M</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>"
        ),
    ),
    "bpmn_attempts": (
        "<serviceTask id='t'><extensionElements><mg:connector key='h'><mg:retry attempts='many'/></mg:connector></extensionElements></serviceTask>",
        "<serviceTask id='t'><extensionElements><mg:connector key='h'><mg:retry attempts='9'/></mg:connector></extensionElements></serviceTask>",
    ),
    "bpmn_group_expression": (
        "<userTask id='t' camunda:candidateGroups='${who}'/>",
        "<userTask id='t' camunda:candidateGroups='front'/>",
    ),
    "bpmn_parameter_kind": (
        (
            "<userTask id='t'><extensionElements><camunda:inputOutput><camunda:inputParameter name='a'><camunda:script/>"
            "</camunda:inputParameter></camunda:inputOutput></extensionElements></userTask>"
        ),
        (
            "<userTask id='t'><extensionElements><camunda:inputOutput><camunda:inputParameter name='a'>${b}"
            "</camunda:inputParameter></camunda:inputOutput></extensionElements></userTask>"
        ),
    ),
    "bpmn_side_script": (
        "<task id='t'><extensionElements><spiffworkflow:preScript>print(1)</spiffworkflow:preScript></extensionElements></task>",
        "<task id='t'><extensionElements><spiffworkflow:preScript>a = 1</spiffworkflow:preScript></extensionElements></task>",
    ),
}

FILES = {
    "xml_broken": b"<definitions>\n<process>\n</definitions>",
    "xml_doctype": b'<?xml version="1.0"?>\n<!-- note -->\n<!DOCTYPE d [<!ENTITY a "b">]>\n<d>&a;</d>',
    "xml_too_deep": b"<a>" * 300 + b"</a>" * 300,
    "xml_too_large": b"<a>" + b" " * (10 * 1024 * 1024) + b"</a>",
    "xml_attributes": b"<a " + b" ".join(b'b%d=""' % place for place in range(1_001)) + b"/>",
    "xml_attribute_long": b"<a b='" + b"x" * 100_001 + b"'/>",
    "xml_elements": b"<a>" + b"<b/>" * 200_001 + b"</a>",
    "bpmn_root": b"<html/>",
    "bpmn_nameless": b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><error name="Lost"/></definitions>',
}


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_the_faulty_diagram_has_the_finding_and_the_right_one_has_not(code: str) -> None:
    faulty, right = EXAMPLES[code]
    roots = "<message id='M' name='Reply'/>"
    assert code in codes(read(faulty, roots))
    assert code not in codes(read(right, roots))


@pytest.mark.parametrize("code", sorted(FILES))
def test_a_file_that_cannot_be_read_is_one_finding(code: str) -> None:
    result = read_bpmn(FILES[code], file="x.bpmn")
    assert codes(result) == [code]
    assert result.findings[0].severity is Severity.ERROR
    assert not result.definitions.processes


def test_every_finding_of_the_room_has_its_example(repository: Path) -> None:
    sources = (repository / "engine" / "definitions" / "bpmn").glob("*.py")
    written = {code for source in sources for code in re.findall(r'Message\(\s*"([a-z_]+)"', source.read_text("utf-8"))}
    assert {code for code in written if not code.endswith("_remedy")} == {*EXAMPLES, *FILES}


def test_broken_xml_names_its_line() -> None:
    found = read_bpmn(FILES["xml_broken"], file="roof.bpmn").findings[0]
    assert found.line == 3
    assert str(found).startswith("roof.bpmn:3: error: The file is not well-formed XML")


def test_a_document_type_is_found_in_other_encodings_too() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'
    assert codes(read_bpmn(text.encode("UTF-16"))) == ["xml_doctype"]


def test_an_external_entity_is_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    data = f'<!DOCTYPE d [<!ENTITY a SYSTEM "file://{secret}">]><definitions name="&a;"/>'.encode()
    assert "SECRET" not in repr(read_bpmn(data))


@pytest.mark.parametrize("data", [b"", b"\0\0", b"\xff\xfe", b"<", b'<?xml version="1.0" encoding="klingon"?><a/>'])
def test_rubbish_is_a_finding(data: bytes) -> None:
    assert codes(read_bpmn(data)) == ["xml_broken"]


def test_a_finding_names_the_element_and_its_line() -> None:
    found = read("<task id='a'/>\n<userTask id='t' name='Look' camunda:taskPriority='1' mg:frm='x'/>").findings[0]
    assert (found.file, found.line, found.element_id, found.element_name) == ("claim.bpmn", 9, "t", "Look")


def test_colours_and_other_looks_are_silent() -> None:
    coloured = diagram("<task id='t' bioc:fill='#fff' xmlns:bioc='http://bpmn.io/schema/bpmn/biocolor/1.0'/>")
    assert not read_bpmn(coloured).findings


def test_what_was_read_before_a_fault_is_still_there() -> None:
    result = read("<task id='t'/><nonsense/>")
    assert [node.id for node in result.definitions.processes[0].body.nodes] == ["t"]
    assert codes(result) == ["bpmn_unknown_element"]


def test_a_reference_into_another_file_is_not_dangling() -> None:
    xml = diagram("<receiveTask id='t' messageRef='far:M'/>").replace(b'xmlns:acme="urn:acme"', b'xmlns:far="urn:far"')
    assert not read_bpmn(xml).findings
