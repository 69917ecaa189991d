"""Any diagram of any shape, drawn by Hypothesis: blocks inside blocks, sound by construction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from hypothesis import strategies as st

from engine.execution.runtime import Step
from tests.engine.execution.drawing import file, node

Drawn = tuple[str, str, str]  # XML, id of the first node, id of the last
LEAVES = ("user", "script")
SIMPLE = ("and", "xor", "or", "loop", "sub", "multi", "timed", "told", *LEAVES)
ALL_LEAVES = ("service", "paused", *LEAVES)
ALL = ("adhoc", "complex", "events", "rounds", *SIMPLE, "service", "paused")


CONNECTED = '<extensionElements><mg:connector key="http"/></extensionElements>'
PLAIN = {
    "user": "user {0}",
    "script": "script {0} do='{0} = 1'",
    "paused": "script {0} camunda:asyncBefore=true do='{0} = 1'",
    "service": f"service {{0}} {{{{ {CONNECTED} }}}}",
}


class Artist:
    """Draws blocks inside blocks; each has one way in and one way out, so that nothing can be stuck."""

    def __init__(self, draw: st.DrawFn, kinds: tuple[str, ...], more: Blocks | None = None) -> None:
        self.draw, self.kinds, self.count = draw, (*kinds, *(more or {})), 0
        self.leaves = tuple(kind for kind in kinds if kind in ALL_LEAVES)
        self.more = more or {}
        self.processes: list[str] = []

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def flow(self, source: str, target: str, condition: str = "") -> str:
        inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        return f'<sequenceFlow id="{self.name("f")}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'

    def block(self, depth: int) -> Drawn:
        kind = self.draw(st.sampled_from(self.kinds if depth else self.leaves))
        if kind in self.more:
            return self.more[kind](self, depth - 1)
        if kind in ("and", "xor", "or"):
            return self.gateways(kind, depth)
        if kind in ("sub", "multi", "timed", "told", "adhoc", "rounds"):
            return self.boxed(kind, depth)
        if kind in ("complex", "events"):
            return self.gathered(kind, depth)
        name = self.name(kind)
        if kind == "loop":
            inner, first, last = self.block(depth - 1)
            back = (
                node(f"xor {name}")
                + node(f"xor {name}_end default={name}_d")
                + node(f"script {name}_n do='{name} = (0 if {name} == None else {name}) + 1'")
            )
            joins = self.flow(name, first) + self.flow(last, f"{name}_n") + self.flow(f"{name}_n", f"{name}_end")
            default = f'<sequenceFlow id="{name}_d" sourceRef="{name}_end" targetRef="{name}_o"/>'
            again = f'<sequenceFlow id="{name}_b" sourceRef="{name}_end" targetRef="{name}"><conditionExpression>{name} &lt; 2</conditionExpression></sequenceFlow>'
            return (
                inner + back + joins + again + node(f"task {name}_o") + default,
                name,
                f"{name}_o",
            )
        return node(PLAIN[kind].format(name)), name, name

    def gathered(self, kind: str, depth: int) -> Drawn:
        """Two ways behind a parallel or event-based gateway, brought together by a complex or exclusive one."""
        split, join = self.name("split"), self.name("join")
        if kind == "complex":
            condition = "<activationCondition>activationCount >= 1</activationCondition>".replace(">=", "&gt;=")
            xml = node(f"and {split}") + node(f"complex {join} {{ {condition} }}")
        else:
            xml = node(f"events {split}") + node(f"xor {join}")
        for event in ("message=asked", "after=PT1H"):
            inner, first, last = self.block(depth - 1)
            if kind == "events":
                caught = self.name("caught")
                xml += node(f"catch {caught} {event}") + self.flow(split, caught) + self.flow(caught, first)
            else:
                xml += self.flow(split, first)
            xml += inner + self.flow(last, join)
        return xml, split, join

    def gateways(self, kind: str, depth: int) -> Drawn:
        split, join = self.name("split"), self.name("join")
        xml = node(f"{kind} {split}") + node(f"{kind} {join}")
        for branch in range(self.draw(st.integers(2, 3))):
            inner, first, last = self.block(depth - 1)
            condition = "n &gt; 0" if branch else "n &lt;= 0" if kind == "xor" else "n &gt;= 0"
            xml += inner + self.flow(split, first, "" if kind == "and" else condition) + self.flow(last, join)
        return xml, split, join

    def boxed(self, kind: str, depth: int) -> Drawn:
        inner, first, last = self.block(depth - 1)
        name = self.name("box")
        content = (
            f'<startEvent id="{name}_s"/>{inner}<endEvent id="{name}_e"/>'
            + self.flow(f"{name}_s", first)
            + self.flow(last, f"{name}_e")
        )
        if kind == "multi":
            content += "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
        if kind == "rounds":
            content += '<standardLoopCharacteristics loopMaximum="2"/>'
        xml = f'<subProcess id="{name}">{content}</subProcess>'
        if kind == "adhoc":
            boxed = f'<subProcess id="{name}_i">{content}</subProcess>'  # ad hoc ones have no events of their own
            return f'<adHocSubProcess id="{name}">{boxed}{node(f"user {name}_also")}</adHocSubProcess>', name, name
        if kind == "timed":
            xml += node(f'boundary {name}_b attachedToRef={name} after="PT1H"') + node(f"task {name}_o")
            xml += self.flow(f"{name}_b", f"{name}_o") + self.flow(name, f"{name}_o")
            return xml, name, f"{name}_o"
        if kind == "told":
            xml += node(f"boundary {name}_b attachedToRef={name} cancelActivity=false message=asked")
            xml += node(f"task {name}_x")  # no end event: an ad hoc subprocess around it may hold none
            xml += self.flow(f"{name}_b", f"{name}_x")
        return xml, name, name


Blocks = Mapping[str, Callable[[Artist, int], Drawn]]
"""Further kinds of blocks by name; each draws itself, with blocks inside that are so deep."""


@st.composite
def diagrams(draw: st.DrawFn, kinds: tuple[str, ...] = SIMPLE, more: Blocks | None = None, depth: int = 3) -> bytes:
    """A process of blocks of these kinds, so deep; with `more` up to three in a row."""
    artist = Artist(draw, kinds, more)
    inner, ends, before = "", "", "s"
    for _ in range(draw(st.integers(1, 3)) if more else 1):
        xml, first, last = artist.block(depth)
        inner, ends, before = inner + xml, ends + artist.flow(before, first), last
    ends += artist.flow(before, "e")
    drawn = f'<process id="p" isExecutable="true"><startEvent id="s"/>{inner}<endEvent id="e"/>{ends}</process>'
    return file(drawn, *artist.processes)


def tokens_are_accounted_for(step: Step) -> None:
    """Every saved token waits, holds something, has an incident or goes on in the next step; without tokens all has ended."""
    saved = json.loads(step.state)
    waiting = {wait.get("token") for wait in saved["waits"]}
    holding = {scope.get("holder") for scope in saved["scopes"]}
    stuck = {incident.get("token") for incident in saved["incidents"]}
    for token in saved["tokens"]:
        assert token["id"] in waiting | holding | stuck | set(saved["queue"])
    joins = [scope for scope in saved["scopes"] if scope.get("joins") or scope.get("resets")]
    assert step.running == bool(saved["tokens"] or joins)
    assert len(step.waits) == len({wait.id for wait in step.waits})
