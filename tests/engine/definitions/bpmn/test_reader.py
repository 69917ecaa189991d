"""Any tool's diagram becomes the same model."""

from __future__ import annotations

import pytest

from engine.definitions.bpmn import read_bpmn
from engine.model.bpmn import DataMapping, EventKind, ExpressionText, NodeKind, TimerForm

from .diagrams import diagram, node, read

CHAIN = '<startEvent id="s"/><sequenceFlow sourceRef="s" targetRef="t"/><task id="t"/>'


def test_flows_without_ids_keep_their_place() -> None:
    body = read(CHAIN).definitions.processes[0].body
    assert [(flow.id, flow.source, flow.target) for flow in body.flows] == [("", "s", "t")]
    assert [(n.id, n.incoming, n.outgoing) for n in body.nodes] == [("s", (), (0,)), ("t", (0,), ())]


def test_outgoing_flows_come_in_the_order_of_the_file() -> None:
    flows = "".join(f'<sequenceFlow id="f{i}" sourceRef="a" targetRef="b"/>' for i in (3, 1, 2))
    body = read(f'<task id="a"><outgoing>f1</outgoing></task>{flows}<task id="b"/>').definitions.processes[0].body
    assert [body.flows[place].id for place in body.nodes[0].outgoing] == ["f3", "f1", "f2"]


def test_a_node_without_an_id_is_named_after_its_place() -> None:
    body = read("<endEvent/><subProcess><endEvent/></subProcess>").definitions.processes[0].body
    assert [n.id for n in body.walk()] == ["__endEvent_1", "__subProcess_1", "__endEvent_2"]
    assert not body.nodes[0].has_id


def test_references_may_carry_a_prefix() -> None:
    xml = diagram('<receiveTask id="r" messageRef="me:m"/>', '<message id="m" name="Reply"/>').replace(
        b'targetNamespace="urn:test"', b'targetNamespace="urn:test" xmlns:me="urn:test"'
    )
    result = read_bpmn(xml)
    assert result.definitions.processes[0].body.nodes[0].events[0].name == "Reply"
    assert not result.findings


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-2", "WINDOWS-1250"])
def test_every_encoding_is_read(encoding: str) -> None:
    text = diagram('<task id="t" name="Zażółć"/>').decode().replace("UTF-8", encoding)
    assert read_bpmn(text.encode(encoding)).definitions.processes[0].body.nodes[0].name == "Zażółć"


@pytest.mark.parametrize(
    ("text", "body", "language"),
    [
        ("amount > 3", "amount > 3", "python"),
        ("= amount > 3", "amount > 3", "feel"),
        ("${amount > 3 && ok}", "${amount > 3 && ok}", "juel"),
        ("#{amount}", "#{amount}", "juel"),
    ],
)
def test_a_condition_shows_its_language(text: str, body: str, language: str) -> None:
    condition = f"<conditionExpression><![CDATA[{text}]]></conditionExpression>"
    flow = f'<task id="a"/><sequenceFlow sourceRef="a" targetRef="a">{condition}</sequenceFlow>'
    found = read(flow).definitions.processes[0].body.flows[0].condition
    assert found is not None
    assert (found.body, found.language) == (body, language)


def test_the_file_may_say_that_its_expressions_are_feel() -> None:
    flow = '<task id="a"/><sequenceFlow sourceRef="a" targetRef="a"><conditionExpression>a &gt; 1</conditionExpression></sequenceFlow>'
    xml = diagram(flow).replace(
        b"targetNamespace", b'expressionLanguage="https://www.omg.org/spec/DMN/FEEL/" targetNamespace'
    )
    assert read_bpmn(xml).definitions.processes[0].body.flows[0].condition == ExpressionText("a > 1", "feel", 8)


def test_a_boundary_timer_keeps_its_text_and_its_clock() -> None:
    event = """<userTask id="t"/><boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition>
      <timeDuration>PT4H</timeDuration></timerEventDefinition></boundaryEvent>"""
    found = node(event, "b")
    assert (found.attached_to, found.interrupting, found.events[0].timer_form) == ("t", False, TimerForm.DURATION)
    assert found.events[0].timer == ExpressionText("PT4H", "python", 9)
    clock = node(
        '<userTask id="t"/><boundaryEvent id="b" attachedToRef="t"><timerEventDefinition mg:clock="contract" mg:at="80%"/></boundaryEvent>',
        "b",
    )
    assert (clock.events[0].clock, clock.events[0].at, clock.interrupting) == ("contract", "80%", True)


def test_thresholds_of_an_event_subprocess_belong_to_the_clock_that_it_watches() -> None:
    found = node(
        '<subProcess id="w" triggeredByEvent="true" mg:clock="statutory"><startEvent id="b"><timerEventDefinition mg:at="P2D before" mg:late="all"/>'
        "</startEvent></subProcess>",
        "b",
    )
    assert (found.events[0].clock, found.events[0].at, found.events[0].late_all) == ("statutory", "P2D before", True)


def test_codes_and_names_stand_where_the_file_has_references() -> None:
    roots = '<error id="e" errorCode="E42"/><escalation id="x" escalationCode="up"/><signal id="s" name="Storm"/>'
    ends = """<endEvent id="a"><errorEventDefinition errorRef="e"/></endEvent><endEvent id="b"><escalationEventDefinition
      escalationRef="x"/></endEvent><endEvent id="c"><signalEventDefinition signalRef="s"/></endEvent>"""
    assert node(ends, "a", roots).events[0].code == "E42"
    assert node(ends, "b", roots).events[0].code == "up"
    assert node(ends, "c", roots).events[0].name == "Storm"


def test_a_shared_event_definition_is_read_where_it_is_referenced() -> None:
    roots = '<timerEventDefinition id="day"><timeDuration>P1D</timeDuration></timerEventDefinition>'
    found = node(
        '<intermediateCatchEvent id="c"><eventDefinitionRef>day</eventDefinitionRef></intermediateCatchEvent>',
        "c",
        roots,
    )
    assert found.events[0].kind is EventKind.TIMER
    assert found.events[0].timer is not None


def test_our_user_task_attributes_are_read() -> None:
    found = node(
        '<userTask id="t" mg:form="assess" mg:queue="technical" mg:clock="contract" mg:outcomes="accept reject" '
        'mg:excludes="register decide" mg:sameAs="triage" mg:priority="2" mg:stage="assessed" mg:assignee="owner"/>',
        "t",
    )
    assert found.user is not None
    assert (found.user.form, found.user.outcomes, found.user.clock) == ("assess", ("accept", "reject"), "contract")
    assert (found.performers.queue, found.performers.excludes, found.performers.same_as) == (
        "technical",
        ("register", "decide"),
        "triage",
    )
    assert found.performers.assignee == ExpressionText("owner", "python", 8)
    assert found.stage == "assessed"


@pytest.mark.parametrize(
    "task",
    [
        '<userTask id="t" camunda:assignee="anna" camunda:candidateGroups="front, back" camunda:formKey="embedded:app:forms/triage.json" camunda:dueDate="P2D" camunda:priority="3"/>',
        (
            '<userTask id="t"><extensionElements><zeebe:assignmentDefinition assignee="anna" candidateGroups="front,back"/>'
            '<zeebe:formDefinition formKey="triage"/><zeebe:taskSchedule dueDate="P2D"/><zeebe:priorityDefinition priority="3"/></extensionElements></userTask>'
        ),
        (
            '<userTask id="t" camunda:formKey="triage" camunda:dueDate="P2D" camunda:priority="3"><humanPerformer><resourceAssignmentExpression><formalExpression>anna</formalExpression>'
            "</resourceAssignmentExpression></humanPerformer><potentialOwner><resourceAssignmentExpression><formalExpression>group(front), back</formalExpression>"
            "</resourceAssignmentExpression></potentialOwner></userTask>"
        ),
    ],
)
def test_three_dialects_of_a_user_task_mean_the_same(task: str) -> None:
    found = node(task, "t")
    assert found.user is not None
    assert found.performers.assignee == ExpressionText('"anna"', "python", 8)
    assert found.performers.candidate_groups == ("front", "back")
    assert (found.user.form, found.user.due, found.user.priority) == (
        "triage",
        ExpressionText('"P2D"', "python", 8),
        ExpressionText("3", "python", 8),
    )


def test_text_around_names_in_braces_is_joined() -> None:
    assignee = node('<userTask id="t" camunda:assignee="team_${area}"/>', "t").performers.assignee
    assert assignee == ExpressionText('"team_" + str(area)', "python", 8)


def test_a_task_takes_from_its_lane_what_it_leaves_open() -> None:
    inside = """<laneSet><lane id="outer" name="Desk" mg:queue="front_office" mg:role="clerk"><childLaneSet><lane id="inner" name="Day">
      <flowNodeRef>a</flowNodeRef><flowNodeRef>s</flowNodeRef></lane></childLaneSet></lane></laneSet>
      <userTask id="a" mg:role="lead"/><subProcess id="s"><userTask id="b"/></subProcess><userTask id="c"/>"""
    assert (node(inside, "a").lane, node(inside, "a").performers.queue, node(inside, "a").performers.role) == (
        "Day",
        "front_office",
        "lead",
    )
    assert (node(inside, "b").lane, node(inside, "b").performers.role) == ("Day", "clerk")
    assert (node(inside, "c").lane, node(inside, "c").performers.queue) == ("", "")


def test_a_connector_has_inputs_outputs_and_retries() -> None:
    found = node(
        """<serviceTask id="t"><extensionElements><mg:connector key="http"><mg:input name="url">base + "/x"</mg:input>
        <mg:output name="rate">result.rate</mg:output><mg:retry attempts="5" backoff="PT2M"/></mg:connector></extensionElements></serviceTask>""",
        "t",
    )
    assert found.connector is not None
    assert (found.connector.key, found.connector.attempts, found.connector.backoff) == ("http", 5, "PT2M")
    assert found.connector.inputs == (DataMapping("url", ExpressionText('base + "/x"', "python", 8)),)
    assert found.connector.outputs == (DataMapping("rate", ExpressionText("result.rate", "python", 9)),)


@pytest.mark.parametrize(
    ("task", "key"),
    [
        ('<serviceTask id="t" camunda:type="external" camunda:topic="pay"/>', "pay"),
        (
            '<serviceTask id="t"><extensionElements><zeebe:taskDefinition type="pay" retries="3"/></extensionElements></serviceTask>',
            "pay",
        ),
        (
            '<serviceTask id="t"><extensionElements><spiffworkflow:serviceTaskOperator id="pay"/></extensionElements></serviceTask>',
            "pay",
        ),
    ],
)
def test_three_dialects_of_a_service_name_a_connector(task: str, key: str) -> None:
    found = node(task, "t").connector
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    ("task", "decision", "variable"),
    [
        ('<businessRuleTask id="t" mg:decision="route" mg:resultVariable="r" mg:result="singleResult"/>', "route", "r"),
        (
            '<businessRuleTask id="t" camunda:decisionRef="route" camunda:resultVariable="r" camunda:mapDecisionResult="singleResult"/>',
            "route",
            "r",
        ),
        (
            '<businessRuleTask id="t"><extensionElements><zeebe:calledDecision decisionId="route" resultVariable="r"/></extensionElements></businessRuleTask>',
            "route",
            "r",
        ),
    ],
)
def test_three_dialects_of_a_rule_task_name_a_decision(task: str, decision: str, variable: str) -> None:
    found = node(task, "t").decision
    assert found is not None
    assert (found.decision, found.result_variable) == (decision, variable)


def test_a_call_hands_over_what_the_file_says() -> None:
    found = node(
        """<callActivity id="t" calledElement="repair"><extensionElements><camunda:in source="serial" target="number"/>
        <camunda:in variables="all"/><camunda:out sourceExpression="${cost * 2}" target="total"/><mg:input name="x">y</mg:input></extensionElements></callActivity>""",
        "t",
    )
    assert found.call is not None
    assert found.call.process == "repair"
    assert [(m.target, m.everything) for m in found.call.inputs] == [("number", False), ("", True)]
    assert found.call.outputs[0].source == ExpressionText("${cost * 2}", "juel", 9)
    assert found.inputs == (DataMapping("x", ExpressionText("y", "python", 9)),)


def test_multi_instance_is_read_from_the_standard_and_from_two_dialects() -> None:
    standard = node(
        """<dataObject id="d" name="parts"/><userTask id="t"><multiInstanceLoopCharacteristics isSequential="true"><loopDataInputRef>d</loopDataInputRef>
        <inputDataItem id="i" name="part"/><completionCondition>done</completionCondition></multiInstanceLoopCharacteristics></userTask>""",
        "t",
    ).multi
    camunda = node(
        '<userTask id="t"><multiInstanceLoopCharacteristics camunda:collection="${parts}" camunda:elementVariable="part"/></userTask>',
        "t",
    ).multi
    zeebe = node(
        '<userTask id="t"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="= parts" inputElement="part" '
        'outputCollection="all" outputElement="= price"/></extensionElements></multiInstanceLoopCharacteristics></userTask>',
        "t",
    ).multi
    assert standard is not None
    assert camunda is not None
    assert zeebe is not None
    assert [m.collection.body for m in (standard, camunda, zeebe) if m.collection] == ["parts", "${parts}", "parts"]
    assert [m.item for m in (standard, camunda, zeebe)] == ["part"] * 3
    assert (standard.sequential, zeebe.output_collection) == (True, "all")


def test_a_script_loses_the_indentation_of_the_file() -> None:
    found = node('<scriptTask id="t"><script>\n      a = 1\n      b = 2\n    </script></scriptTask>', "t")
    assert found.script == ExpressionText("a = 1\nb = 2", "python", 8)


def test_two_hundred_nested_subprocesses_are_read() -> None:
    inside = "".join(f'<subProcess id="p{i}">' for i in range(200)) + "</subProcess>" * 200
    result = read(inside)
    assert not result.findings
    assert sum(1 for _ in result.definitions.processes[0].body.walk()) == 200


def test_five_thousand_tasks_in_a_row_are_read() -> None:
    tasks = "".join(f'<task id="t{i}"/>' for i in range(5000))
    flows = "".join(f'<sequenceFlow sourceRef="t{i}" targetRef="t{i + 1}"/>' for i in range(4999))
    body = read(tasks + flows).definitions.processes[0].body
    assert (len(body.nodes), body.nodes[4999].kind, body.nodes[4999].incoming) == (5000, NodeKind.TASK, (4998,))


def test_candidate_users_are_names_and_expressions_side_by_side() -> None:
    found = node('<userTask id="t" camunda:candidateUsers="anna, ${owner}, #{deputy}"/>', "t")
    assert found.performers.candidate_users is not None
    assert found.performers.candidate_users.body == '["anna", owner, deputy]'
