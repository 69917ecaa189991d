"""For each fault a diagram that has it and one, as like as possible, that has not: code → (faulty, right)."""

from __future__ import annotations

from .drawing import around, boundary, catch, chain, event, event_subprocess, flow, on_task, throw, waiting

TASK = "<task id='t'/>"
LATER, AT_ONCE = 'isImmediate="false"', 'isImmediate="true"'
USER = '<userTask id="t" mg:queue="q" {}/>'
CALLING = '<serviceTask id="t"><extensionElements><mg:connector key="{}"/></extensionElements></serviceTask>'
GATE = '<exclusiveGateway id="t" {}/>'
COMPENSATED = boundary("compensate")
HANDLER = '<task id="h" isForCompensation="true"/>'
TIED = '<association id="a" sourceRef="b" targetRef="h"/>'
SUB = '<subProcess id="t"><startEvent id="is"/><endEvent id="ie"/>{}</subProcess>'
WS = '<startEvent id="ws" {}>{}</startEvent>'
FORMAL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="tFormalExpression"'
DONE = "<completionCondition {}>done</completionCondition>"
AD_HOC = '<adHocSubProcess id="t">{}</adHocSubProcess>'


def split(conditions: tuple[str, str], default: str = "") -> str:
    """An exclusive gateway with two ways."""
    given = f'default="{default}"' if default else ""
    ways = flow("t", "a", condition=conditions[0]) + flow("t", "z", condition=conditions[1])
    return f'<startEvent id="s"/>{flow("s", "t")}{GATE.format(given)}<endEvent id="a"/><endEvent id="z"/>{ways}'


def listed(reference: str) -> str:
    return around(f"<task id='t'><incoming>{reference}</incoming></task>")


FLOWS: dict[str, tuple[str, str]] = {
    "flow_crosses": (
        around(SUB.format(flow("is", "ie"))) + flow("s", "is", "x"),
        around(SUB.format(flow("is", "ie"))),
    ),
    "flow_elsewhere": (listed("t_e"), listed("s_t")),
    "default_elsewhere": (split(("a", ""), "s_t"), split(("a", ""), "t_z")),
    "default_condition": (split(("a", "b"), "t_z"), split(("a", ""), "t_z")),
    "condition_misplaced": (
        f'<startEvent id="s"/>{TASK}{flow("s", "t", condition="a")}',
        f'<startEvent id="s"/>{TASK}{flow("s", "t")}',
    ),
    "condition_alone": (
        f'<startEvent id="s"/>{TASK}<endEvent id="e"/>{flow("s", "t")}{flow("t", "e", condition="a")}',
        around(TASK),
    ),
    "gateway_direction": (
        around(GATE.format('gatewayDirection="Diverging"')),
        around(GATE.format('gatewayDirection="Unspecified"')),
    ),
    "gateway_end": (f'<startEvent id="s"/>{GATE.format("")}{flow("s", "t")}', around(GATE.format(""))),
    "flow_not_immediate": (
        f'<startEvent id="s"/>{TASK}{flow("s", "t", more=LATER)}',
        f'<startEvent id="s"/>{TASK}{flow("s", "t", more=AT_ONCE)}',
    ),
    "split_condition": (split(("a", "")), split(("a", ""), "t_z")),
    "split_default": (split(("a", "b")), split(("a", ""), "t_z")),
}

EVENTS: dict[str, tuple[str, str]] = {
    "event_kind": (around(catch("error")), around(catch("timer"))),
    "start_incoming": (around(TASK) + flow("t", "s"), around(TASK)),
    "end_outgoing": (around(TASK) + flow("e", "t"), around(TASK)),
    "link_flow": (
        f'{around(throw("link"))}{catch("link", "c")}<endEvent id="z"/>{flow("c", "z")}',
        f'<startEvent id="s"/>{throw("link")}{flow("s", "t")}{catch("link", "c")}<endEvent id="z"/>{flow("c", "z")}',
    ),
    "event_no_outgoing": (f'<startEvent id="s"/>{catch("timer")}{flow("s", "t")}', around(catch("timer"))),
    "event_no_incoming": (f"{around(TASK)}{catch('timer', 'c')}{flow('c', 'e')}", around(catch("timer"))),
    "link_target": (
        f'<startEvent id="s"/>{throw("link")}{flow("s", "t")}',
        f'<startEvent id="s"/>{throw("link")}{flow("s", "t")}{catch("link", "c")}<endEvent id="z"/>{flow("c", "z")}',
    ),
    "link_source": (
        f"{around(TASK)}{catch('link', 'c')}{flow('c', 'e')}",
        f'<startEvent id="s"/>{throw("link")}{flow("s", "t")}{catch("link", "c")}<endEvent id="z"/>{flow("c", "z")}',
    ),
    "link_targets": (
        (
            f'<startEvent id="s"/>{throw("link")}{flow("s", "t")}{catch("link", "c")}{catch("link", "d")}'
            f'<endEvent id="z"/>{flow("c", "z")}{flow("d", "z")}'
        ),
        f'<startEvent id="s"/>{throw("link")}{flow("s", "t")}{catch("link", "c")}<endEvent id="z"/>{flow("c", "z")}',
    ),
    "event_code": (around(throw("escalation", more='escalationRef="X0"')), around(throw("escalation"))),
    "event_condition": (
        around(
            "<intermediateCatchEvent id='t'><conditionalEventDefinition><condition/></conditionalEventDefinition></intermediateCatchEvent>"
        ),
        around(catch("conditional")),
    ),
    "message_missing": (around(catch("message", more=" ")), around(catch("message"))),
}

BOUNDARIES: dict[str, tuple[str, str]] = {
    "boundary_detached": (
        on_task(boundary("timer").replace('"t"', '"i"') + "<subProcess id='x'><task id='i'/></subProcess>"),
        on_task(boundary("timer")),
    ),
    "boundary_trigger": (on_task(boundary("")), on_task(boundary("timer"))),
    "boundary_incoming": (on_task(boundary("timer")) + flow("s", "b"), on_task(boundary("timer"))),
    "boundary_no_outgoing": (on_task(boundary("timer"), leads=False), on_task(boundary("timer"))),
    "boundary_must_interrupt": (
        on_task(boundary("error", 'cancelActivity="false"')),
        on_task(boundary("timer", 'cancelActivity="false"')),
    ),
    "cancel_boundary": (
        on_task(boundary("cancel")),
        on_task(boundary("cancel"), host='<transaction id="t"><task id="i"/></transaction>'),
    ),
    "boundary_twice": (
        on_task(boundary("error") + boundary("error", node="b2") + flow("b2", "e")),
        on_task(boundary("error") + boundary("escalation", node="b2") + flow("b2", "e")),
    ),
    "compensation_flow": (
        on_task(COMPENSATED + HANDLER + TIED),
        on_task(COMPENSATED + HANDLER + TIED, leads=False),
    ),
    "compensation_handler": (
        on_task(COMPENSATED + HANDLER, leads=False),
        on_task(COMPENSATED + HANDLER + TIED, leads=False),
    ),
    "handler_flow": (
        on_task(COMPENSATED + HANDLER + TIED + flow("h", "e"), leads=False),
        on_task(COMPENSATED + HANDLER + TIED, leads=False),
    ),
    "compensation_reach": (
        around(throw("compensate", more='activityRef="q"')) + "<subProcess id='x'><task id='q'/></subProcess>",
        around(throw("compensate", more='activityRef="x"')) + "<subProcess id='x'><task id='q'/></subProcess>",
    ),
}

SHAPES: dict[str, tuple[str, str]] = {
    "event_gateway_few": (
        waiting(catch("timer", "c")) + chain("g", "c", "e"),
        waiting(catch("timer", "c"), catch("message", "d")) + chain("g", "c", "e") + chain("g", "d", "e"),
    ),
    "event_gateway_target": (
        waiting(catch("timer", "c"), "<task id='d'/>") + chain("g", "c", "e") + chain("g", "d", "e"),
        waiting(catch("timer", "c"), catch("message", "d")) + chain("g", "c", "e") + chain("g", "d", "e"),
    ),
    "event_gateway_mixed": (
        waiting(catch("message", "c"), '<receiveTask id="d" messageRef="M"/>')
        + chain("g", "c", "e")
        + chain("g", "d", "e"),
        waiting(catch("timer", "c"), '<receiveTask id="d" messageRef="M"/>')
        + chain("g", "c", "e")
        + chain("g", "d", "e"),
    ),
    "event_gateway_shared": (
        waiting(catch("timer", "c"), catch("message", "d"))
        + chain("g", "c", "e")
        + chain("g", "d", "e")
        + flow("s", "c"),
        waiting(catch("timer", "c"), catch("message", "d")) + chain("g", "c", "e") + chain("g", "d", "e"),
    ),
    "event_gateway_boundary": (
        waiting(catch("timer", "c"), '<receiveTask id="t" messageRef="M"/>', boundary("timer"))
        + chain("g", "c", "e")
        + chain("g", "t", "e")
        + flow("b", "e"),
        waiting(catch("timer", "c"), '<receiveTask id="t" messageRef="M"/>')
        + chain("g", "c", "e")
        + chain("g", "t", "e"),
    ),
    "event_subprocess_start": (
        event_subprocess(WS.format("", "")),
        event_subprocess(WS.format("", event("message"))),
    ),
    "event_subprocess_flow": (
        event_subprocess(WS.format("", event("message")), more=flow("t", "w")),
        event_subprocess(WS.format("", event("message"))),
    ),
    "start_must_interrupt": (
        event_subprocess(WS.format('isInterrupting="false"', event("error"))),
        event_subprocess(WS.format('isInterrupting="false"', event("message"))),
    ),
    "ad_hoc_edge": (around(AD_HOC.format("<task id='i'/><endEvent id='z'/>")), around(AD_HOC.format("<task id='i'/>"))),
    "condition_not_formal": (
        around(AD_HOC.format(f"<task id='i'/>{DONE.format('')}")),
        around(AD_HOC.format(f"<task id='i'/>{DONE.format(FORMAL)}")),
    ),
    "ad_hoc_empty": (around(AD_HOC.format("")), around(AD_HOC.format("<task id='i'/>"))),
    "cancel_end": (
        f'<startEvent id="s"/><endEvent id="e">{event("cancel")}</endEvent>{flow("s", "e")}',
        f'<startEvent id="s"/><endEvent id="e">{event("terminate")}</endEvent>{flow("s", "e")}',
    ),
    "quantity": (around("<task id='t' completionQuantity='0'/>"), around("<task id='t' completionQuantity='1'/>")),
}

RUNNING: dict[str, tuple[str, str]] = {
    "not_yet_behavior": (
        around(
            '<userTask id="t" mg:queue="q"><multiInstanceLoopCharacteristics behavior="One"><loopCardinality>2</loopCardinality>'
            "</multiInstanceLoopCharacteristics></userTask>"
        ),
        around(
            '<userTask id="t" mg:queue="q"><multiInstanceLoopCharacteristics behavior="All"><loopCardinality>2</loopCardinality>'
            "</multiInstanceLoopCharacteristics></userTask>"
        ),
    ),
    "not_yet_conditional": (
        f'<startEvent id="s">{event("conditional")}</startEvent>',
        f'<startEvent id="s">{event("timer")}</startEvent>',
    ),
    "no_start": (f'{TASK}<task id="u"/>{chain("t", "u", "t")}', around(TASK)),
    "implicit_start": (f'{TASK}<endEvent id="e"/>{flow("t", "e")}', around(TASK)),
    "several_starts": (around(TASK) + f'<startEvent id="s2"/>{flow("s2", "t")}', around(TASK)),
    "unreachable": (around(TASK) + "<task id='u'/>", on_task(boundary("timer"))),
    "task_nobody": (around("<userTask id='t'/>"), around(USER.format(""))),
    "threshold_no_clock": (
        on_task('<boundaryEvent id="b" attachedToRef="t"><timerEventDefinition mg:at="80%"/></boundaryEvent>'),
        on_task(
            '<boundaryEvent id="b" attachedToRef="t"><timerEventDefinition mg:clock="contract" mg:at="80%"/></boundaryEvent>'
        ),
    ),
    "threshold_and_time": (
        on_task(
            '<boundaryEvent id="b" attachedToRef="t"><timerEventDefinition mg:clock="contract"><timeDuration>P1D</timeDuration>'
            "</timerEventDefinition></boundaryEvent>"
        ),
        on_task(boundary("timer")),
    ),
    "clock_unknown": (around(USER.format('mg:clock="contrct"')), around(USER.format('mg:clock="contract"'))),
    "connector_unknown": (around(CALLING.format("case.closed")), around(CALLING.format("case.close"))),
    "stage_unknown": (around(USER.format('mg:stage="assesed"')), around(USER.format('mg:stage="assessed"'))),
    "outcome_twice": (around(USER.format('mg:outcomes="yes no yes"')), around(USER.format('mg:outcomes="yes no"'))),
    "action_no_message": (
        on_task(boundary("timer", 'mg:action="Ask"')),
        on_task(boundary("message", 'mg:action="Ask" cancelActivity="false"')),
    ),
    "form_unknown": (around(USER.format('mg:form="nowhere"')), around(USER.format(""))),
    "letter_unknown": (around('<sendTask id="t" mg:notify="customer" mg:letter="answer"/>'), around(TASK)),
    "letter_none": (around('<sendTask id="t" mg:notify="customer"/>'), around(TASK)),
}


def typed(tag: str, data: str, more: str = "", sets: str = "") -> str:
    """A task of some kind with declared data."""
    return around(f'<{tag} id="t" {more}><ioSpecification>{data}{sets}</ioSpecification></{tag}>')


INPUT = '<dataInput id="i" itemSubjectRef="{}" {}/>'
IN_SET = "<inputSet id='is1'><dataInputRefs>i</dataInputRefs>{}</inputSet>"
OUT_SET = "<outputSet id='os1'>{}</outputSet>"
SEND = 'messageRef="MI" mg:notify="customer" mg:letter="x"'
MARKER = """<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality><inputDataItem id="item" itemSubjectRef="{}"/>
</multiInstanceLoopCharacteristics>"""

DATA: dict[str, tuple[str, str]] = {
    "data_collection": (
        typed("task", INPUT.format("Many", 'isCollection="false"'), sets=IN_SET.format("") + OUT_SET.format("")),
        typed("task", INPUT.format("Many", 'isCollection="true"'), sets=IN_SET.format("") + OUT_SET.format("")),
    ),
    "data_item_collection": (
        around(f"<task id='t'>{MARKER.format('Many')}</task>"),
        around(f"<task id='t'>{MARKER.format('One')}</task>"),
    ),
    "data_set_subset": (
        typed(
            "task",
            INPUT.format("One", "") + '<dataInput id="j"/>',
            sets=IN_SET.format("<optionalInputRefs>j</optionalInputRefs>")
            + "<inputSet><dataInputRefs>j</dataInputRefs></inputSet>"
            + OUT_SET.format(""),
        ),
        typed(
            "task",
            INPUT.format("One", ""),
            sets=IN_SET.format("<optionalInputRefs>i</optionalInputRefs>") + OUT_SET.format(""),
        ),
    ),
    "data_no_set": (
        typed("task", INPUT.format("One", ""), sets="<inputSet/>" + OUT_SET.format("")),
        typed("task", INPUT.format("One", ""), sets=IN_SET.format("") + OUT_SET.format("")),
    ),
    "data_set_pair": (
        typed(
            "task",
            INPUT.format("One", ""),
            sets=IN_SET.format("<outputSetRefs>os1</outputSetRefs>") + OUT_SET.format(""),
        ),
        typed(
            "task",
            INPUT.format("One", ""),
            sets=IN_SET.format("<outputSetRefs>os1</outputSetRefs>")
            + OUT_SET.format("<inputSetRefs>is1</inputSetRefs>"),
        ),
    ),
    "data_one_message": (
        typed("sendTask", INPUT.format("One", ""), SEND, IN_SET.format("") + "<inputSet/>" + OUT_SET.format("")),
        typed("sendTask", INPUT.format("One", ""), SEND, IN_SET.format("") + OUT_SET.format("")),
    ),
    "data_type": (
        typed("sendTask", INPUT.format("Two", ""), SEND, IN_SET.format("") + OUT_SET.format("")),
        typed("sendTask", INPUT.format("One", ""), SEND, IN_SET.format("") + OUT_SET.format("")),
    ),
    "event_payloads": (
        around(
            '<intermediateThrowEvent id="t"><dataInput id="i" itemSubjectRef="One"/><messageEventDefinition messageRef="MI"/>'
            '<signalEventDefinition signalRef="SI"/></intermediateThrowEvent>'
        ),
        around(
            '<intermediateThrowEvent id="t"><dataInput id="i" itemSubjectRef="One"/><dataInput id="j" itemSubjectRef="One"/>'
            '<messageEventDefinition messageRef="MI"/><signalEventDefinition signalRef="SI"/></intermediateThrowEvent>'
        ),
    ),
    "event_payload_lost": (
        around(catch("message", more='messageRef="MI"')),
        around(catch("message")),
    ),
}

PROCESS = '<process id="other" isExecutable="true" {}>{}</process>'
IO = '<ioSpecification><dataInput id="{0}" itemSubjectRef="One"/><inputSet><dataInputRefs>{0}</dataInputRefs></inputSet><outputSet/></ioSpecification>'
CALLED = PROCESS.format("", IO.format("od") + '<startEvent id="os"/><endEvent id="oe"/>' + flow("os", "oe"))
CALL = '<callActivity id="t" calledElement="{}">{}</callActivity>'
NO_DATA = "<ioSpecification><inputSet/><outputSet/></ioSpecification>"
POOLS = """<collaboration id="c">{}<participant id="p1" processRef="claim">{}</participant><participant id="p2" name="Customer"/>{}</collaboration>"""
PATH = """<correlationProperty id="k"><correlationPropertyRetrievalExpression messageRef="M"><messagePath>{}</messagePath>
</correlationPropertyRetrievalExpression></correlationProperty>"""
CHOREOGRAPHY = '<choreography id="ch" isClosed="{}"/>'
MESSAGE_FLOW = '<messageFlow id="mf" sourceRef="{}" targetRef="{}"/>'
USES = "<choreographyRef>ch</choreographyRef>"

# Faults beside the process: here each side is (inside of the process, other roots of the file).
WHOLE: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "call_data": (
        (around(CALL.format("other", NO_DATA)), CALLED),
        (around(CALL.format("other", IO.format("cd"))), CALLED),
    ),
    "call_kind": ((around(CALL.format("M", "")), CALLED), (around(CALL.format("other", "")), CALLED)),
    "interface_unbound": (
        (around(TASK), PROCESS.format("", "<supportedInterfaceRef>I</supportedInterfaceRef>")),
        (around(TASK), PROCESS.format("", "")),
    ),
    "message_flow_end": (
        (around(TASK), POOLS.format("", "", MESSAGE_FLOW.format("s", "p2"))),
        (around(TASK), POOLS.format("", "", MESSAGE_FLOW.format("t", "p2"))),
    ),
    "message_flow_inside": (
        (around(TASK), POOLS.format("", "", MESSAGE_FLOW.format("t", "p1"))),
        (around(TASK), POOLS.format("", "", MESSAGE_FLOW.format("t", "p2"))),
    ),
    "multiplicity": (
        (around(TASK), POOLS.format("", '<participantMultiplicity minimum="3" maximum="2"/>', "")),
        (around(TASK), POOLS.format("", '<participantMultiplicity minimum="1" maximum="2"/>', "")),
    ),
    "choreography_closed": (
        (around(TASK), CHOREOGRAPHY.format("true") + POOLS.format("", "", MESSAGE_FLOW.format("t", "p2") + USES)),
        (around(TASK), CHOREOGRAPHY.format("false") + POOLS.format("", "", MESSAGE_FLOW.format("t", "p2") + USES)),
    ),
    "path_empty": ((around(TASK), PATH.format("")), (around(TASK), PATH.format("number"))),
    "public_executable": (
        (around(TASK), PROCESS.format('processType="Public"', "")),
        (around(TASK), PROCESS.format('processType="Private"', "")),
    ),
    "runtime_unknown": (
        (around(TASK), PROCESS.format('mg:runtime="abacus"', '<startEvent id="os"/>')),
        (around(TASK), PROCESS.format('mg:runtime="machine"', '<startEvent id="os"/>')),
    ),
}

LETTER = '<sendTask id="t" mg:notify="customer" mg:letter="answer">{}</sendTask>'

# Letters beside a diagram: code → (faulty, right).
LETTERS: dict[str, tuple[bytes, bytes]] = {
    "letter_encoding": ("Subject: Usterka\n\nZażółć".encode("iso-8859-2"), "Subject: Usterka\n\nZażółć".encode()),
    "letter_subject": (b"Dear {{ customer.name }}", b"Subject: Hail\n\nDear {{ customer.name }}"),
    "letter_template": (b"Subject: Hail\n\nDear {{ customer.name }", b"Subject: Hail\n\nDear {{ customer.name }}"),
    "letter_value_unknown": (
        b"Subject: Hail\n\nDear {{ customer.title }}",
        b"Subject: Hail\n\nDear {{ customer.name }}",
    ),
}

# Send tasks with a letter that reads input.text: code → (faulty, right).
SENDING: dict[str, tuple[str, str]] = {
    "letter_input_missing": (
        around(LETTER.format("")),
        around(LETTER.format('<extensionElements><mg:input name="text">reason</mg:input></extensionElements>')),
    ),
}

DIAGRAMS: dict[str, tuple[str, str]] = {**FLOWS, **EVENTS, **BOUNDARIES, **SHAPES, **RUNNING, **DATA}
