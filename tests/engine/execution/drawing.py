"""Small diagrams are drawn in one line: nodes as `user assess`, flows as `s > assess > e if amount > 5`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from engine.execution import Simulation

TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "boundary": "boundaryEvent",
    "task": "task",
    "user": "userTask",
    "manual": "manualTask",
    "service": "serviceTask",
    "script": "scriptTask",
    "rule": "businessRuleTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "call": "callActivity",
    "sub": "subProcess",
    "transaction": "transaction",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "events": "eventBasedGateway",
    "complex": "complexGateway",
    "adhoc": "adHocSubProcess",
}
EVENTS = {
    "message": '<messageEventDefinition messageRef="{0}"/>',
    "signal": '<signalEventDefinition signalRef="{0}"/>',
    "error": '<errorEventDefinition errorRef="{0}"/>',
    "escalation": '<escalationEventDefinition escalationRef="{0}"/>',
    "any_error": "<errorEventDefinition/>",
    "after": "<timerEventDefinition><timeDuration>{0}</timeDuration></timerEventDefinition>",
    "at": "<timerEventDefinition><timeDate>{0}</timeDate></timerEventDefinition>",
    "every": "<timerEventDefinition><timeCycle>{0}</timeCycle></timerEventDefinition>",
    "clock": '<timerEventDefinition mg:clock="contract" mg:at="{0}"/>',
    "when": "<conditionalEventDefinition><condition>{0}</condition></conditionalEventDefinition>",
    "link": '<linkEventDefinition name="{0}"/>',
    "terminate": "<terminateEventDefinition/>",
    "undo": "<compensateEventDefinition/>",
    "undo_of": '<compensateEventDefinition activityRef="{0}"/>',
    "cancel": "<cancelEventDefinition/>",
}
NAMES = ("asked", "answered", "withdrawn", "other", "alarm", "late", "broken", "torn", "up")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def node(line: str) -> str:
    """`user assess form="x" { inner xml }`, `catch wait after=PT1H`, `end e error=broken`."""
    line, _, inner = line.partition("{")
    kind, node_id, *rest = re.findall(r"""[^\s=]+="[^"]*"|[^\s=]+='[^']*'|[^\s=]+=\S*|\S+""", line)
    content = inner.rstrip().removesuffix("}")
    attributes = ""
    for part in rest:
        name, _, value = part.partition("=")
        value = value.strip(value[:1]) if value[:1] in ("'", '"') else value
        if name in EVENTS:
            content += EVENTS[name].format(escape(value))
        elif name == "do":
            content += f"<script>{escape(value)}</script>"
        else:
            attributes += f' {name}="{escape(value, {chr(34): "&quot;"})}"'
    return f'<{TAGS[kind]} id="{node_id}" name="{node_id}"{attributes}>{content}</{TAGS[kind]}>'


def flows(text: str, prefix: str = "f") -> str:
    """`s > a > b if x > 1; a > c` in file order; a condition belongs to the last flow of its chain."""
    drawn: list[str] = []
    for chain in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        path, _, condition = chain.partition(" if ")
        stops = [stop.strip() for stop in path.split(">")]
        for source, target in pairwise(stops):
            flow_id = f"{prefix}_{source}_{target}_{len(drawn)}"
            inner = (
                f"<conditionExpression>{escape(condition)}</conditionExpression>"
                if target == stops[-1] and condition
                else ""
            )
            drawn.append(
                f'<sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
            )
    return "".join(drawn)


def body(nodes: str, arrows: str) -> str:
    """The inside of a process or subprocess; one node a line."""
    found = "".join(node(line.strip()) for line in nodes.strip().splitlines() if line.strip())
    return found + flows(arrows, prefix=f"f{abs(hash_of(nodes)) % 9999}")


def hash_of(text: str) -> int:
    """A number that is the same in every run."""
    return sum(ord(character) * place for place, character in enumerate(text, 1))


def file(*processes: str) -> bytes:
    """A BPMN file with messages, signals, errors and escalations of the usual names."""
    catalogue = "".join(
        f'<message id="{name}_m" name="{name}"/><signal id="{name}_s" name="{name}"/>'
        f'<error id="{name}_e" errorCode="{name}"/><escalation id="{name}_x" escalationCode="{name}"/>'
        for name in NAMES
    )
    text = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mg="urn:makegood:bpmn:1" '
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t">'
        f"{catalogue}{''.join(processes)}</definitions>"
    )
    for kind, ending in (("message", "_m"), ("signal", "_s"), ("error", "_e"), ("escalation", "_x")):
        text = re.sub(rf'{kind}Ref="(\w+)"', rf'{kind}Ref="\1{ending}"', text)
    return text.encode()


def process(nodes: str, arrows: str, process_id: str = "p", more: str = "") -> str:
    """One executable process; `more` is XML of its own."""
    return f'<process id="{process_id}" isExecutable="true">{body(nodes, arrows)}{more}</process>'


def simulation(*processes: str, connectors: Mapping[str, Any] | None = None, **files: bytes) -> Simulation:
    """The processes, loaded on a Monday morning."""
    loaded = {"p.bpmn": file(*processes)}
    loaded.update({f"{name}.dmn": data for name, data in files.items()})
    return Simulation.load(loaded, connectors=connectors or {}, now=MONDAY)


def drawn(nodes: str, arrows: str, *, connectors: Mapping[str, Any] | None = None, **data: object) -> Simulation:
    """One process, started with the data."""
    simulated = simulation(process(nodes, arrows), connectors=connectors)
    simulated.start("p", data)
    return simulated


def open_tasks(simulated: Simulation) -> list[str]:
    """Element ids of the open tasks."""
    return [task.element_id for task in simulated.tasks()]


def do(simulated: Simulation, element_id: str, *, outcome: str | None = None, **data: object) -> None:
    """Complete the first open task of that element."""
    task = next(task for task in simulated.tasks() if task.element_id == element_id)
    simulated.complete(task.id, data, outcome=outcome)
