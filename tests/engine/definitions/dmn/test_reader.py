"""A decision file is read with its lines, whichever version of DMN and whichever tool wrote it."""

from __future__ import annotations

import pytest

from engine.definitions.dmn import read_decisions
from engine.definitions.dmn.reading import NAMESPACES
from engine.model.dmn import Aggregator, DecisionTable, HitPolicy, LiteralExpression

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
