"""What BPMN 2.0.2 allows and forbids, a small diagram each: name → (inside of the process, other roots of the file)."""

from __future__ import annotations

from tests.engine.checks.drawing import around, boundary, catch, chain, event, event_subprocess, flow, on_task, throw

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
TASK = '<task id="t"/>'
FORMAL = 'xsi:type="tFormalExpression"'
TIMED = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
BOX = '<subProcess id="t">{}</subProcess>'
INNER = '<startEvent id="is">{}</startEvent><endEvent id="ie">{}</endEvent>' + flow("is", "ie")
AD_HOC = '<adHocSubProcess id="t">{}</adHocSubProcess>'
OWN = '<itemDefinition id="Texts" structureRef="text" isCollection="true"/><itemDefinition id="Text2" structureRef="text"/>'
IO = "<ioSpecification>{}<inputSet>{}</inputSet><outputSet>{}</outputSet></ioSpecification>"
POOLS = '<collaboration id="c"><participant id="p1" processRef="claim"/><participant id="p2" name="Customer"/>{}</collaboration>'
TRADE = """<operation id="{}" name="{}"><inMessageRef>MI</inMessageRef><outMessageRef>MO</outMessageRef></operation>"""
SERVICE = f'<message id="MO" name="Out" itemRef="Two"/><interface id="J" name="J">{TRADE.format("P", "P")}</interface>'
DONE = '<extensionElements><mg:connector key="http"/></extensionElements>'


def gate(kind: str, more: str = "", inner: str = "", node: str = "t") -> str:
    return f'<{kind}Gateway id="{node}" {more}>{inner}</{kind}Gateway>'


def ended(kind: str, more: str = "") -> str:
    return f'{START}<endEvent id="e">{event(kind, more)}</endEvent>{flow("s", "e")}'


def begun(definition: str, more: str = "") -> str:
    return f'<startEvent id="s" {more}>{definition}</startEvent>{END}{flow("s", "e")}'


def inside(kind: str) -> str:
    return event_subprocess(f'<startEvent id="ws">{event(kind)}</startEvent>')


def split(kind: str, more: str = "", one: str = "", other: str = "") -> str:
    ways = flow("s", "t") + flow("t", "a", condition=one) + flow("t", "b", condition=other)
    return f'{START}{gate(kind, more)}<endEvent id="a"/><endEvent id="b"/>{ways}'


def behind(*kinds: str, more: str = "") -> str:
    """An event-based gateway with events of these kinds behind it."""
    nodes = "".join(catch(kind, f"c{place}") for place, kind in enumerate(kinds))
    ways = "".join(chain("t", f"c{place}", "e") for place, _ in enumerate(kinds))
    return f"{START}{gate('eventBased', more)}{nodes}{END}{flow('s', 't')}{ways}"


def declared(tag: str, data: str, ins: str = "", outs: str = "", more: str = "") -> str:
    return around(f'<{tag} id="t" {more}>{DONE if tag == "serviceTask" else ""}{IO.format(data, ins, outs)}</{tag}>')


def several(inner: str, data: str = "", tag: str = "task") -> str:
    repeated = f"<multiInstanceLoopCharacteristics>{inner}</multiInstanceLoopCharacteristics>"
    return around(f'<{tag} id="t">{data}{repeated}</{tag}>')


def undone(
    handler: str = '<task id="h" isForCompensation="true"/>',
    tie: str = '<association id="a" sourceRef="b" targetRef="h"/>',
) -> str:
    return on_task(boundary("compensate") + handler + tie, leads=False)


LIST = '<dataInput id="i" itemSubjectRef="Many" isCollection="true"/>'
GIVEN = '<dataInput id="i" itemSubjectRef="One"/>'
GIVES = '<dataOutput id="o" itemSubjectRef="Two"/>'
LOOP_DATA = "<loopDataInputRef>i</loopDataInputRef>"
EVENTS = {
    **{f"a {kind} start event of a process": (begun(event(kind)), "") for kind in ("message", "timer", "signal")},
    **{
        f"a {kind} intermediate event that catches": (around(catch(kind)), "")
        for kind in ("message", "timer", "signal", "conditional")
    },
    **{
        f"a {kind} intermediate event that throws": (around(throw(kind)), "")
        for kind in ("message", "signal", "escalation", "compensate")
    },
    **{
        f"a {kind} end event": (ended(kind), "")
        for kind in ("message", "error", "escalation", "compensate", "signal", "terminate")
    },
    **{
        f"an event subprocess begun by {kind}": (inside(kind), "")
        for kind in ("message", "timer", "signal", "conditional", "error", "escalation")
    },
    **{
        f"a {kind} boundary event": (on_task(boundary(kind)), "")
        for kind in ("message", "timer", "signal", "conditional", "error", "escalation")
    },
}
ALLOWED: dict[str, tuple[str, str]] = {
    **EVENTS,
    "a throw event without a trigger": (around('<intermediateThrowEvent id="t"/>'), ""),
    "a process without start and end": (f"{TASK}<task id='u'/>{flow('t', 'u')}", ""),
    "several starts with triggers": (
        begun(event("message")) + f'<startEvent id="s2">{event("timer")}</startEvent>{flow("s2", "e")}',
        "",
    ),
    "a boundary event with several triggers": (
        on_task(boundary("timer").replace("</boundaryEvent>", event("message") + "</boundaryEvent>")),
        "",
    ),
    "a non-interrupting escalation": (on_task(boundary("escalation", 'cancelActivity="false"')), ""),
    "a cancel boundary and a cancel end of a transaction": (
        on_task(boundary("cancel"), host=f'<transaction id="t">{INNER.format("", event("cancel"))}</transaction>'),
        "",
    ),
    "a compensation with its handler": (undone(), ""),
    "links that meet": (f"{START}{throw('link')}{flow('s', 't')}{catch('link', 'c')}{END}{flow('c', 'e')}", ""),
    "several sources of one link": (
        f"{START}{throw('link')}{throw('link', 'u')}{flow('s', 't')}{flow('s', 'u')}{catch('link', 'c')}{END}{flow('c', 'e')}",
        "",
    ),
    "a default and a condition": (split("exclusive", 'default="t_b"', "big"), ""),
    "a converging gateway with one way out": (
        f"{START}{gate('parallel', node='g')}{gate('parallel', 'gatewayDirection=' + chr(34) + 'Converging' + chr(34))}{END}"
        + flow("s", "g")
        + flow("g", "t", "x1")
        + flow("g", "t", "x2")
        + flow("t", "e"),
        "",
    ),
    "a mixed gateway": (
        f'{START}{gate("exclusive", node="g")}{gate("exclusive", "gatewayDirection=" + chr(34) + "Mixed" + chr(34))}{END}<endEvent id="f"/>'
        + flow("s", "g")
        + flow("g", "t", "x1", "a")
        + flow("g", "t", "x2", "b")
        + flow("t", "e", condition="a")
        + flow("t", "f", condition="b"),
        "",
    ),
    "an activity with conditional ways": (
        f'{START}{TASK}{END}<endEvent id="f"/>{flow("s", "t")}{flow("t", "e", condition="a")}{flow("t", "f", condition="b")}',
        "",
    ),
    "an event-based gateway before events": (behind("message", "timer"), ""),
    "an event-based gateway before a receive task": (
        f'{START}{gate("eventBased")}<receiveTask id="r" messageRef="M"/>{catch("timer", "c")}{END}{flow("s", "t")}{chain("t", "r", "e")}{chain("t", "c", "e")}',
        "",
    ),
    "an event-based gateway that begins the process": (
        behind("message", "message", more='instantiate="true"').replace(START, "").replace(flow("s", "t"), ""),
        "",
    ),
    "a receive task that begins the process": (
        f'<receiveTask id="t" messageRef="M" instantiate="true"/>{END}{flow("t", "e")}',
        "",
    ),
    "an ad hoc subprocess with an order": (around(AD_HOC.format(f"<task id='i'/><task id='j'/>{flow('i', 'j')}")), ""),
    "an ad hoc subprocess with a formal end": (
        around(AD_HOC.format(f"<task id='i'/><completionCondition {FORMAL}>done</completionCondition>")),
        "",
    ),
    "a subprocess without start event": (around(BOX.format("<task id='i'/>")), ""),
    "a complex gateway with a formal condition": (
        f"{START}{gate('parallel', node='g')}{gate('complex', inner=f'<activationCondition {FORMAL}>ok</activationCondition>')}{END}"
        + flow("s", "g")
        + flow("g", "t", "x1")
        + flow("g", "t", "x2")
        + flow("t", "e"),
        "",
    ),
    "a collection that is one": (declared("task", LIST, "<dataInputRefs>i</dataInputRefs>"), ""),
    "items of a declared list": (
        several(
            LOOP_DATA + '<inputDataItem id="one" itemSubjectRef="One"/>',
            IO.format(LIST, "<dataInputRefs>i</dataInputRefs>", ""),
        ),
        "",
    ),
    "a service with its operation's data": (
        declared(
            "serviceTask",
            GIVEN + GIVES,
            "<dataInputRefs>i</dataInputRefs>",
            "<dataOutputRefs>o</dataOutputRefs>",
            'operationRef="P"',
        ),
        SERVICE,
    ),
    "types that are the same by their structure": (
        declared(
            "sendTask",
            GIVEN.replace("One", "Text2"),
            "<dataInputRefs>i</dataInputRefs>",
            more='messageRef="MI" mg:notify="customer" mg:letter="x"',
        ),
        OWN,
    ),
    "a message flow between pools": (around(TASK), POOLS.format('<messageFlow id="m" sourceRef="t" targetRef="p2"/>')),
    "a message flow into a start event": (
        begun(event("message")),
        POOLS.format('<messageFlow id="m" sourceRef="p2" targetRef="s"/>'),
    ),
    "a multiplicity of two to three": (
        around(TASK),
        POOLS.format("").replace(
            'name="Customer"/>', 'name="Customer"><participantMultiplicity minimum="2" maximum="3"/></participant>'
        ),
    ),
    "a global task that is called": (
        around('<callActivity id="t" calledElement="G"/>'),
        '<globalTask id="G" name="G"/>',
    ),
    "a source that is transformed": (
        around(
            f'<task id="t">{IO.format(GIVEN, "<dataInputRefs>i</dataInputRefs>", "")}<dataInputAssociation id="da"><sourceRef>d1</sourceRef><targetRef>i</targetRef><transformation>str(d1)</transformation></dataInputAssociation></task>'
        )
        + '<dataObject id="d1" itemSubjectRef="Two"/>',
        "",
    ),
    "event subprocesses for two errors": (
        inside("error") + inside("escalation")[inside("escalation").index("<subProcess") :].replace('"w', '"v'),
        "",
    ),
    "compensation of a whole level": (around(throw("compensate", more=" ")), ""),
}

FORBIDDEN: dict[str, tuple[str, str]] = {
    **{
        f"a {kind} start event of a process": (begun(event(kind)), "")
        for kind in ("error", "escalation", "compensate", "cancel", "link", "terminate")
    },
    **{
        f"a {kind} start event of a subprocess": (around(BOX.format(INNER.format(event(kind), ""))), "")
        for kind in ("message", "timer", "signal", "conditional", "error")
    },
    **{
        f"a {kind} intermediate event that catches": (around(catch(kind)), "")
        for kind in ("error", "escalation", "compensate", "cancel", "terminate")
    },
    **{
        f"a {kind} intermediate event that throws": (around(throw(kind)), "")
        for kind in ("timer", "conditional", "error", "cancel", "terminate")
    },
    **{f"a {kind} end event": (ended(kind), "") for kind in ("timer", "conditional", "link", "cancel")},
    **{f"a {kind} boundary event": (on_task(boundary(kind)), "") for kind in ("link", "terminate", "cancel")},
    **{f"an event subprocess begun by {kind}": (inside(kind), "") for kind in ("cancel", "link", "terminate")},
    "a catch event without a trigger": (around('<intermediateCatchEvent id="t"/>'), ""),
    "a boundary event without a trigger": (on_task(boundary("")), ""),
    "a boundary event on a gateway": (
        around(gate("exclusive")) + boundary("timer") + '<endEvent id="late"/>' + flow("b", "late"),
        "",
    ),
    "a boundary event on an event": (
        around(catch("timer")) + boundary("timer") + '<endEvent id="late"/>' + flow("b", "late"),
        "",
    ),
    "a boundary event on nothing": (
        around(TASK) + boundary("timer").replace('"t"', '"nowhere"') + '<endEvent id="late"/>' + flow("b", "late"),
        "",
    ),
    "a boundary event that a flow leads to": (on_task(boundary("timer")) + flow("s", "b"), ""),
    "a boundary event that leads nowhere": (on_task(boundary("timer"), leads=False), ""),
    "a non-interrupting error": (on_task(boundary("error", 'cancelActivity="false"')), ""),
    "an error among several triggers that does not interrupt": (
        on_task(
            boundary("timer", 'cancelActivity="false"').replace("</boundaryEvent>", event("error") + "</boundaryEvent>")
        ),
        "",
    ),
    "a non-interrupting error start": (
        event_subprocess(f'<startEvent id="ws" isInterrupting="false">{event("error")}</startEvent>'),
        "",
    ),
    "an event subprocess without a trigger": (event_subprocess('<startEvent id="ws"/>'), ""),
    "an event subprocess with two starts": (
        event_subprocess(
            f'<startEvent id="ws">{event("message")}</startEvent><startEvent id="w2">{event("timer")}</startEvent>{flow("w2", "we")}'
        ),
        "",
    ),
    "an event subprocess with a flow": (
        event_subprocess(f'<startEvent id="ws">{event("message")}</startEvent>', more=flow("t", "w")),
        "",
    ),
    "two event subprocesses for one error": (
        inside("error") + inside("error")[inside("error").index("<subProcess") :].replace('"w', '"v'),
        "",
    ),
    "two boundary events for one escalation": (
        on_task(boundary("escalation") + boundary("escalation", node="b2") + flow("b2", "e")),
        "",
    ),
    "a flow into a start event": (around(TASK) + flow("t", "s"), ""),
    "a flow out of an end event": (around(TASK) + flow("e", "t"), ""),
    "an intermediate event that nothing leads to": (f"{around(TASK)}{catch('timer', 'c')}{flow('c', 'e')}", ""),
    "an intermediate event that leads nowhere": (f"{START}{throw('signal')}{flow('s', 't')}", ""),
    "a flow into a subprocess": (around(BOX.format(INNER.format("", ""))) + flow("s", "ie", "x"), ""),
    "a flow between processes": (
        around(TASK) + flow("t", "os", "x"),
        f'<process id="other"><startEvent id="os"/><endEvent id="oe"/>{flow("os", "oe")}</process>',
    ),
    "a flow to a data object": (around(TASK) + '<dataObject id="d"/>' + flow("t", "d"), ""),
    "a flow from nothing": (around(TASK) + flow("nowhere", "t"), ""),
    "a flow without a target": (around(TASK) + '<sequenceFlow id="x" sourceRef="t"/>', ""),
    "a condition behind a parallel gateway": (split("parallel", one="a", other="b"), ""),
    "a condition behind an event-based gateway": (
        behind("message", "timer").replace(
            'targetRef="c0" >', 'targetRef="c0"><conditionExpression>a</conditionExpression>'
        ),
        "",
    ),
    "a condition behind a start event": (f"{START}{TASK}{flow('s', 't', condition='a')}", ""),
    "a default that belongs to another node": (split("exclusive", 'default="s_t"', "a", "b"), ""),
    "a default that is no flow": (split("exclusive", 'default="a"', "a", "b"), ""),
    "a default of a parallel gateway": (split("parallel", 'default="t_b"'), ""),
    "a flow that does not go at once": (around(TASK) + flow("s", "e", more='isImmediate="false"'), ""),
    "a diverging gateway with two ways in": (
        around(gate("exclusive", 'gatewayDirection="Diverging"')) + flow("s", "t", "again"),
        "",
    ),
    "a converging gateway with one way in": (around(gate("parallel", 'gatewayDirection="Converging"')), ""),
    "a mixed gateway with one way out": (
        around(gate("inclusive", 'gatewayDirection="Mixed"')) + flow("s", "t", "again"),
        "",
    ),
    "a gateway that leads nowhere": (f"{START}{gate('exclusive')}{flow('s', 't')}", ""),
    "an event-based gateway with one way": (behind("timer"), ""),
    "an event-based gateway before a task": (
        f'{START}{gate("eventBased")}{catch("timer", "c")}<task id="x"/>{END}{flow("s", "t")}{chain("t", "c", "e")}{chain("t", "x", "e")}',
        "",
    ),
    "an event-based gateway before an error": (behind("timer", "error"), ""),
    "an event-based gateway before an event with another way in": (behind("timer", "message") + flow("s", "c0"), ""),
    "an event-based gateway before both kinds of messages": (
        f'{START}{gate("eventBased")}<receiveTask id="r" messageRef="M"/>{catch("message", "c")}{END}{flow("s", "t")}{chain("t", "r", "e")}{chain("t", "c", "e")}',
        "",
    ),
    "an event-based gateway before a receive task with a boundary event": (
        f'{START}{gate("eventBased", node="g")}<receiveTask id="t" messageRef="M"/>{catch("timer", "c")}{boundary("timer")}{END}{flow("s", "g")}{chain("g", "t", "e")}{chain("g", "c", "e")}{flow("b", "e")}',
        "",
    ),
    "a gateway that begins the process and has a way in": (behind("message", "message", more='instantiate="true"'), ""),
    "a receive task that begins the process and has a way in": (
        f'{START}<receiveTask id="t" messageRef="M" instantiate="true"/>{END}{chain("s", "t", "e")}',
        "",
    ),
    "an ad hoc subprocess without activity": (around(AD_HOC.format("")), ""),
    "an ad hoc subprocess with a start event": (around(AD_HOC.format("<startEvent id='is'/><task id='i'/>")), ""),
    "an ad hoc subprocess with an end event": (around(AD_HOC.format("<endEvent id='ie'/><task id='i'/>")), ""),
    "an ad hoc subprocess whose end is a remark": (
        around(AD_HOC.format("<task id='i'/><completionCondition>at last</completionCondition>")),
        "",
    ),
    "a compensation without handler": (undone(handler="", tie=""), ""),
    "a compensation whose handler is not one": (undone(handler='<task id="h"/>'), ""),
    "a compensation with two handlers": (
        undone() + '<task id="h2" isForCompensation="true"/><association id="a2" sourceRef="b" targetRef="h2"/>',
        "",
    ),
    "a compensation that leads on": (
        on_task(
            boundary("compensate")
            + '<task id="h" isForCompensation="true"/><association id="a" sourceRef="b" targetRef="h"/>'
        ),
        "",
    ),
    "a handler with a flow": (undone() + flow("h", "e"), ""),
    "a compensation of something out of reach": (
        around(throw("compensate", more='activityRef="q"')) + "<subProcess id='x'><task id='q'/></subProcess>",
        "",
    ),
    "a compensation of an event": (around(throw("compensate", more='activityRef="s"')), ""),
    "a link that nobody catches": (f"{START}{throw('link')}{flow('s', 't')}", ""),
    "a link that nobody throws": (f"{around(TASK)}{catch('link', 'c')}{flow('c', 'e')}", ""),
    "a link caught twice": (
        f"{START}{throw('link')}{flow('s', 't')}{catch('link', 'c')}{catch('link', 'd')}{END}{flow('c', 'e')}{flow('d', 'e')}",
        "",
    ),
    "a link across levels": (
        f'{START}{throw("link")}{flow("s", "t")}<subProcess id="x">{catch("link", "c")}<endEvent id="ie"/>{flow("c", "ie")}</subProcess>',
        "",
    ),
    "a link that goes on": (f"{around(throw('link'))}{catch('link', 'c')}{flow('c', 'e')}", ""),
    "a condition that is empty": (
        around(
            '<intermediateCatchEvent id="t"><conditionalEventDefinition><condition/></conditionalEventDefinition></intermediateCatchEvent>'
        ),
        "",
    ),
    "a conditional event without a condition": (
        around('<intermediateCatchEvent id="t"><conditionalEventDefinition/></intermediateCatchEvent>'),
        "",
    ),
    "a timer without a time": (
        around('<intermediateCatchEvent id="t"><timerEventDefinition/></intermediateCatchEvent>'),
        "",
    ),
    "a timer with two times": (
        around(
            f'<intermediateCatchEvent id="t">{TIMED.replace("</timerEventDefinition>", "<timeDate>2027-01-01</timeDate></timerEventDefinition>")}</intermediateCatchEvent>'
        ),
        "",
    ),
    "a message event without a message": (around(catch("message", more=" ")), ""),
    "an error end without a code": (ended("error", 'errorRef="R0"'), ""),
    "an escalation end without a code": (ended("escalation", 'escalationRef="X0"'), ""),
    "an escalation without anything to escalate": (around(throw("escalation", more=" ")), ""),
    "an error that the file does not have": (ended("error", 'errorRef="nowhere"'), ""),
    "a message reference to a signal": (around(catch("message", more='messageRef="S"')), ""),
    "an operation as a message": (around(catch("message", more='messageRef="O"')), ""),
    "a start quantity of zero": (around('<task id="t" startQuantity="0"/>'), ""),
    "a completion quantity below zero": (around('<task id="t" completionQuantity="-1"/>'), ""),
    "a quantity in words": (around('<task id="t" startQuantity="two"/>'), ""),
    "a truth in words": (around('<task id="t" isForCompensation="yes"/>'), ""),
    "two loops at once": (
        around(
            '<task id="t"><standardLoopCharacteristics/><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>'
        ),
        "",
    ),
    "several times without a number": (several(""), ""),
    "items of data that is none": (several("<loopDataInputRef>s</loopDataInputRef>"), ""),
    "an item that is a list": (
        several(
            LOOP_DATA + '<inputDataItem id="one" itemSubjectRef="Many"/>',
            IO.format(LIST, "<dataInputRefs>i</dataInputRefs>", ""),
        ),
        "",
    ),
    "a behavior without its event": (
        several("<loopCardinality>2</loopCardinality>").replace(
            "<multiInstanceLoopCharacteristics>", '<multiInstanceLoopCharacteristics behavior="One">'
        ),
        "",
    ),
    "a list that is declared single": (
        declared("task", LIST.replace('"true"', '"false"'), "<dataInputRefs>i</dataInputRefs>"),
        "",
    ),
    "an input in no set": (declared("task", GIVEN), ""),
    "an output in no set": (declared("task", GIVES), ""),
    "an optional input that is in no set": (
        declared("task", GIVEN, "<dataInputRefs>i</dataInputRefs><optionalInputRefs>j</optionalInputRefs>"),
        "",
    ),
    "a specification without sets": (around('<task id="t"><ioSpecification><inputSet/></ioSpecification></task>'), ""),
    "a service with two inputs": (
        declared(
            "serviceTask",
            GIVEN + GIVEN.replace('"i"', '"i2"') + GIVES,
            "<dataInputRefs>i</dataInputRefs><dataInputRefs>i2</dataInputRefs>",
            "<dataOutputRefs>o</dataOutputRefs>",
            'operationRef="P"',
        ),
        SERVICE,
    ),
    "a service whose output has another type": (
        declared(
            "serviceTask",
            GIVEN + GIVES.replace("Two", "One"),
            "<dataInputRefs>i</dataInputRefs>",
            "<dataOutputRefs>o</dataOutputRefs>",
            'operationRef="P"',
        ),
        SERVICE,
    ),
    "a service without an output for its answer": (
        declared("serviceTask", GIVEN, "<dataInputRefs>i</dataInputRefs>", "", 'operationRef="P"'),
        SERVICE,
    ),
    "a send task without an input for its message": (
        declared(
            "sendTask",
            GIVES,
            "",
            "<dataOutputRefs>o</dataOutputRefs>",
            'messageRef="MI" mg:notify="customer" mg:letter="x"',
        ),
        "",
    ),
    "a receive task with two outputs": (
        declared(
            "receiveTask",
            GIVES.replace("Two", "One") + GIVES.replace("Two", "One").replace('"o"', '"o2"'),
            "",
            "<dataOutputRefs>o</dataOutputRefs><dataOutputRefs>o2</dataOutputRefs>",
            'messageRef="MI"',
        ),
        "",
    ),
    "a message flow from a gateway": (
        around(gate("exclusive")),
        POOLS.format('<messageFlow id="m" sourceRef="t" targetRef="p2"/>'),
    ),
    "a message flow into an end event": (
        around(TASK),
        POOLS.format('<messageFlow id="m" sourceRef="p2" targetRef="e"/>'),
    ),
    "a message flow from a start event": (
        around(TASK),
        POOLS.format('<messageFlow id="m" sourceRef="s" targetRef="p2"/>'),
    ),
    "a message flow inside a pool": (around(TASK), POOLS.format('<messageFlow id="m" sourceRef="t" targetRef="e"/>')),
    "a message flow from a catching event": (
        around(catch("message")),
        POOLS.format('<messageFlow id="m" sourceRef="t" targetRef="p2"/>'),
    ),
    "a message flow into a throwing event": (
        around(throw("message")),
        POOLS.format('<messageFlow id="m" sourceRef="p2" targetRef="t"/>'),
    ),
    "a multiplicity of three to two": (
        around(TASK),
        POOLS.format("").replace(
            'name="Customer"/>', 'name="Customer"><participantMultiplicity minimum="3" maximum="2"/></participant>'
        ),
    ),
    "a public process that runs": (around(TASK), '<process id="other" processType="Public" isExecutable="true"/>'),
    "a call of a message": (around('<callActivity id="t" calledElement="M"/>'), ""),
    "one id twice": (around(TASK) + '<task id="t"/>', ""),
    "an element that BPMN has not": (around(TASK) + '<taskforce id="x"/>', ""),
    "an element in a wrong place": (around('<task id="t"><startEvent id="x"/></task>'), ""),
    "a lane with a node that is nowhere": (
        '<laneSet id="ls"><lane id="l"><flowNodeRef>nowhere</flowNodeRef></lane></laneSet>'
        + around(TASK)
        + '<sequenceFlow id="x" sourceRef="t" targetRef="none"/>',
        "",
    ),
    "a data association to nothing": (
        around(
            '<task id="t"><dataInputAssociation id="da"><sourceRef>nowhere</sourceRef><targetRef>none</targetRef></dataInputAssociation></task>'
        ),
        "",
    ),
    "a shared definition that does not fit": (
        around('<intermediateThrowEvent id="t"><eventDefinitionRef>ED</eventDefinitionRef></intermediateThrowEvent>'),
        '<timerEventDefinition id="ED"><timeDuration>PT1H</timeDuration></timerEventDefinition>',
    ),
    "a person named in two ways": (
        around(
            '<userTask id="t" mg:queue="q"><humanPerformer><resourceRef>R1</resourceRef><resourceAssignmentExpression><formalExpression>x</formalExpression></resourceAssignmentExpression></humanPerformer></userTask>'
        ),
        '<resource id="R1" name="R"/>',
    ),
    "a conversation in a global one": (
        around(TASK),
        '<globalConversation id="gc"><conversation id="cv"/></globalConversation>',
    ),
    "two sources that nothing joins": (
        around(
            f'<task id="t">{IO.format(GIVEN, "<dataInputRefs>i</dataInputRefs>", "")}<dataInputAssociation id="da"><sourceRef>d1</sourceRef><sourceRef>d2</sourceRef><targetRef>i</targetRef></dataInputAssociation></task>'
        )
        + '<dataObject id="d1" itemSubjectRef="One"/><dataObject id="d2" itemSubjectRef="One"/>',
        "",
    ),
    "a source of another type": (
        around(
            f'<task id="t">{IO.format(GIVEN, "<dataInputRefs>i</dataInputRefs>", "")}<dataInputAssociation id="da"><sourceRef>d1</sourceRef><targetRef>i</targetRef></dataInputAssociation></task>'
        )
        + '<dataObject id="d1" itemSubjectRef="Two"/>',
        "",
    ),
    "an escalation without an id": (around(TASK), '<escalation escalationCode="up"/>'),
    "a message flow from a pool to itself": (
        around(TASK),
        POOLS.format('<messageFlow id="m" sourceRef="p2" targetRef="p2"/>'),
    ),
    "a list of another activity": (
        several("<loopDataInputRef>x</loopDataInputRef>")
        + f'<task id="u">{IO.format(LIST.replace(chr(34) + "i" + chr(34), chr(34) + "x" + chr(34)), "<dataInputRefs>x</dataInputRefs>", "")}</task>{flow("s", "u")}',
        "",
    ),
    "a loop through a single value": (several(LOOP_DATA, IO.format(GIVEN, "<dataInputRefs>i</dataInputRefs>", "")), ""),
    "a call that gives nothing to what needs data": (
        around('<callActivity id="t" calledElement="G"/>'),
        f'<globalTask id="G" name="G">{IO.format(GIVEN, "<dataInputRefs>i</dataInputRefs>", "")}</globalTask>',
    ),
}
