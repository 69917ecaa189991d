"""Short words for small diagrams, so that an example of a fault fits on one line."""

from __future__ import annotations

from itertools import pairwise

ROOTS = """<message id="M" name="Reply"/><signal id="S" name="Storm"/><error id="R" name="Lost" errorCode="lost"/>
<error id="R0" name="Codeless"/><escalation id="X" name="Up" escalationCode="up"/><escalation id="X0" name="Codeless"/>
<itemDefinition id="One" structureRef="text"/><itemDefinition id="Two" structureRef="number"/>
<itemDefinition id="Many" structureRef="text" isCollection="true"/><message id="MI" name="Typed" itemRef="One"/>
<signal id="SI" name="Typed" structureRef="One"/><interface id="I" name="I"><operation id="O" name="O">
<inMessageRef>MI</inMessageRef></operation></interface>"""


def flow(source: str, target: str, flow_id: str = "", condition: str = "", more: str = "") -> str:
    """A sequence flow; its id is made from its ends."""
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    name = flow_id or f"{source}_{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}" {more}>{inner}</sequenceFlow>'


def chain(*ids: str) -> str:
    """Flows from each node to the next."""
    return "".join(flow(one, other) for one, other in pairwise(ids))


def around(middle: str, *, node: str = "t") -> str:
    """A start, the node under test, an end."""
    return f'<startEvent id="s"/>{middle}<endEvent id="e"/>{chain("s", node, "e")}'


def event(kind: str, more: str = "") -> str:
    """An event definition: `message` names the message M, and so on."""
    given = {
        "message": 'messageRef="M"',
        "signal": 'signalRef="S"',
        "error": 'errorRef="R"',
        "escalation": 'escalationRef="X"',
        "link": 'name="L"',
    }.get(kind, "")
    inner = {"timer": "<timeDuration>P1D</timeDuration>", "conditional": "<condition>late</condition>"}.get(kind, "")
    return f"<{kind}EventDefinition {more or given}>{inner}</{kind}EventDefinition>"


def catch(kind: str, node: str = "t", more: str = "") -> str:
    return f'<intermediateCatchEvent id="{node}">{event(kind, more)}</intermediateCatchEvent>'


def throw(kind: str, node: str = "t", more: str = "") -> str:
    return f'<intermediateThrowEvent id="{node}">{event(kind, more)}</intermediateThrowEvent>'


def on_task(boundary: str, *, leads: bool = True, host: str = '<userTask id="t" mg:queue="q"/>') -> str:
    """A task with something on its border, named b."""
    behind = f'<endEvent id="late"/>{flow("b", "late")}' if leads else ""
    return around(host) + boundary + behind


def boundary(kind: str, more: str = "", *, node: str = "b") -> str:
    """A boundary event on the task t."""
    definition = event(kind) if kind else ""
    return f'<boundaryEvent id="{node}" attachedToRef="t" {more}>{definition}</boundaryEvent>'


def waiting(*targets: str) -> str:
    """An event-based gateway before these nodes, each leading to the end."""
    nodes = "".join(targets)
    return f'<startEvent id="s"/><eventBasedGateway id="g"/>{nodes}<endEvent id="e"/>{flow("s", "g")}'


def event_subprocess(start: str, *, more: str = "") -> str:
    """An event subprocess w beside a plain way from start to end."""
    inside = f'{start}<endEvent id="we"/>{flow("ws", "we")}'
    beside = around("<task id='t'/>")
    return f'{beside}<subProcess id="w" triggeredByEvent="true">{inside}</subProcess>{more}'
