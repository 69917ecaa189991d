"""A decision file is read with its lines, whichever version of DMN and whichever tool wrote it."""

from __future__ import annotations

import pytest

from engine.definitions.dmn import read_decisions
from engine.definitions.dmn.reading import NAMESPACES
from engine.model.dmn import (
    Aggregator,
    DecisionTable,
    FunctionSignature,
    HitPolicy,
    Invocation,
    LiteralExpression,
    Parameter,
)

MODELER = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{namespace}" xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="d" name="DRD" namespace="urn:t">
  <decision id="limit" name="Limit of approval" camunda:historyTimeToLive="5">
    <decisionTable id="t" hitPolicy="COLLECT" aggregation="MAX">
      <input id="i" label="Segment">
        <inputExpression id="e" typeRef="string"><text>segment</text></inputExpression>
        <inputValues><text>"gold","key"</text></inputValues>
      </input>
      <output id="o" name="amount" typeRef="number" />
      <rule id="r1">
        <description>Gold customers</description>
        <inputEntry id="c1"><text>"gold"</text></inputEntry>
        <outputEntry id="c2"><text>500</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>"""


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_a_modelers_file_of_any_version_is_read(namespace: str) -> None:
    file, findings = read_decisions(MODELER.format(namespace=namespace).encode(), "limit.dmn")
    assert findings == ()
    (decision,) = file.decisions
    table = decision.logic
    assert isinstance(table, DecisionTable)
    assert (decision.id, decision.variable, table.hit_policy, table.aggregator) == (
        "limit",
        "Limit of approval",
        HitPolicy.COLLECT,
        Aggregator.MAX,
    )
    assert table.inputs[0].allowed is not None
    assert table.rules[0].annotations == ("Gold customers",)
    assert (table.rules[0].line, table.rules[0].results[0].line) == (10, 13)


def test_types_inputs_and_requirements_are_read() -> None:
    xml = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="urn:t">
      <itemDefinition name="tLoan"><itemComponent name="amount"><typeRef>feel:number</typeRef></itemComponent></itemDefinition>
      <inputData id="loan" name="Loan"><variable name="Loan" typeRef="tLoan"/></inputData>
      <decision id="a" name="A"><informationRequirement><requiredInput href="#loan"/></informationRequirement>
        <literalExpression><text>Loan.amount * 2</text></literalExpression></decision>
      <decision id="b" name="B"><question>Enough?</question><variable name="enough" typeRef="boolean"/>
        <informationRequirement><requiredDecision href="#a"/></informationRequirement>
        <literalExpression><text>A &gt; 10</text></literalExpression></decision>
    </definitions>"""
    file, findings = read_decisions(xml)
    assert findings == ()
    first, second = file.decisions
    assert isinstance(first.logic, LiteralExpression)
    assert (first.inputs, second.requires, second.variable, second.question) == (("loan",), ("a",), "enough", "Enough?")
    assert file.types[0].components[0].type_name == "number"


def test_each_fault_has_its_line_and_its_remedy() -> None:
    xml = MODELER.format(namespace="https://www.omg.org/spec/DMN/20191111/MODEL/")
    xml = xml.replace('hitPolicy="COLLECT"', 'hitPolicy="BEST"').replace(
        '<outputEntry id="c2">', '<outputEntry id="c2" expressionLanguage="javascript">'
    )
    _, findings = read_decisions(xml.encode(), "limit.dmn")
    assert [(finding.message.code, finding.line, finding.element_id) for finding in findings] == [
        ("dmn_hit_policy", 4, "t"),
        ("dmn_language", 13, "c2"),
    ]
    assert all(str(finding.remedy) for finding in findings)


def test_two_decisions_may_not_share_an_id() -> None:
    xml = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"><decision id="a" name="One"><literalExpression>
      <text>1</text></literalExpression></decision><decision id="a" name="Two"><literalExpression><text>2</text>
      </literalExpression></decision></definitions>"""
    _, findings = read_decisions(xml)
    assert [finding.message.code for finding in findings] == ["dmn_decision_id"]


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    _, findings = read_decisions(b" " * (10 * 1024 * 1024 + 1))
    assert findings[0].message.code == "xml_too_large"


WHOLE = b"""<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20230324/MODEL/" xmlns:feel="https://www.omg.org/spec/DMN/20230324/FEEL/"
    xmlns:b="urn:base" xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0" xmlns:dmndi="https://www.omg.org/spec/DMN/20230324/DMNDI/"
    xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="w" name="w" namespace="urn:w" exporter="Camunda Modeler" modeler:executionPlatform="x">
  <dmn:extensionElements><biodi:bounds x="1"/></dmn:extensionElements>
  <dmn:import name="base" namespace="urn:base" importType="https://www.omg.org/spec/DMN/20230324/MODEL/" locationURI="base.dmn"/>
  <dmn:itemDefinition name="tTest" label="a test"><dmn:functionItem outputTypeRef="boolean"><dmn:parameters name="n" typeRef="feel:number"/></dmn:functionItem></dmn:itemDefinition>
  <dmn:itemDefinition name="tFew" isCollection="true"><dmn:typeRef>b:tPerson</dmn:typeRef><dmn:typeConstraint><dmn:text>count(?) &lt; 3</dmn:text></dmn:typeConstraint></dmn:itemDefinition>
  <dmn:knowledgeSource id="law" name="The law" locationURI="https://example.org"/>
  <dmn:inputData id="age" name="Age"><dmn:variable name="Age" typeRef="feel:number"/></dmn:inputData>
  <dmn:businessKnowledgeModel id="f" name="f"><dmn:variable name="f" typeRef="tTest"/>
    <dmn:encapsulatedLogic><dmn:formalParameter name="n" typeRef="number"/><dmn:literalExpression><dmn:text>n &gt; 1</dmn:text></dmn:literalExpression></dmn:encapsulatedLogic>
    <dmn:authorityRequirement><dmn:requiredAuthority href="#law"/></dmn:authorityRequirement></dmn:businessKnowledgeModel>
  <dmn:decision id="d" name="d"><dmn:variable name="d" typeRef="boolean"/>
    <dmn:informationRequirement id="r1"><dmn:requiredInput href="urn:w#age"/></dmn:informationRequirement>
    <dmn:informationRequirement id="r2"><dmn:requiredDecision href="urn:base#other"/></dmn:informationRequirement>
    <dmn:knowledgeRequirement id="r3"><dmn:requiredKnowledge href="#f"/></dmn:knowledgeRequirement>
    <dmn:invocation><dmn:literalExpression><dmn:text>f</dmn:text></dmn:literalExpression>
      <dmn:binding><dmn:parameter name="n"/><dmn:literalExpression><dmn:text>Age</dmn:text></dmn:literalExpression></dmn:binding></dmn:invocation></dmn:decision>
  <dmn:decisionService id="s" name="s"><dmn:variable name="s"/><dmn:outputDecision href="#d"/><dmn:encapsulatedDecision href="#e"/>
    <dmn:inputDecision href="urn:base#other"/><dmn:inputData href="#age"/></dmn:decisionService>
  <dmn:textAnnotation id="t"><dmn:text>a note</dmn:text></dmn:textAnnotation>
  <dmndi:DMNDI><dmndi:DMNDiagram/></dmndi:DMNDI>
</dmn:definitions>"""


def test_functions_services_imports_and_types_are_read_as_a_modeler_writes_them() -> None:
    file, findings = read_decisions(WHOLE, "w.dmn")
    assert findings == ()
    assert (file.namespace, file.imports[0].name, file.imports[0].location) == ("urn:w", "base", "base.dmn")
    (decision,) = file.decisions
    assert (decision.inputs, decision.requires, decision.knowledge) == (("age",), ("urn:base#other",), ("f",))
    assert isinstance(decision.logic, Invocation)
    assert [binding.name for binding in decision.logic.bindings] == ["n"]
    (model,) = file.models
    assert (model.function.parameters[0], model.authorities) == (Parameter("n", "number"), ("law",))
    (service,) = file.services
    assert (service.outputs, service.encapsulated) == (("d",), ("e",))
    assert (service.input_decisions, service.inputs) == (("urn:base#other",), ("age",))
    test, few = file.types
    assert test.function == FunctionSignature((Parameter("n", "number"),), "boolean")
    assert (few.type_name, few.is_list, few.constraint is not None) == ("base.tPerson", True, True)
    assert file.sources[0].name == "The law"


def test_an_import_that_is_no_dmn_file_is_a_warning() -> None:
    xml = WHOLE.replace(
        b'importType="https://www.omg.org/spec/DMN/20230324/MODEL/"', b'importType="http://www.dmg.org/PMML-4_1"'
    )
    _, findings = read_decisions(xml)
    assert [(finding.message.code, str(finding.severity)) for finding in findings] == [("dmn_import_kind", "warning")]
