"""Any diagram of any shape: saving changes nothing, the same inputs give the same bytes, and no token is lost."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.execution import Simulation
from engine.execution.compiler import program_of
from engine.execution.machine import advance
from engine.execution.runtime import (
    MessageReceived,
    MessageWait,
    Start,
    Step,
    TaskCompleted,
    TaskWait,
    TimerFired,
    TimerWait,
)
from tests.engine.execution.drawing import MONDAY, file, node

Drawn = tuple[str, str, str]  # XML, id of the first node, id of the last
KINDS = ("and", "xor", "or", "loop", "sub", "multi", "timed", "told", "user", "script")


class Artist:
    """Draws blocks inside blocks; each has one way in and one way out, so that nothing can be stuck."""

    def __init__(self, draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> None:
        self.draw, self.kinds, self.count = draw, kinds, 0

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def flow(self, source: str, target: str, condition: str = "") -> str:
        inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        return f'<sequenceFlow id="{self.name("f")}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'

    def block(self, depth: int) -> Drawn:
        kind = self.draw(st.sampled_from(self.kinds if depth else KINDS[-2:]))
        if kind in ("and", "xor", "or"):
            return self.gateways(kind, depth)
        if kind in ("sub", "multi", "timed", "told"):
            return self.boxed(kind, depth)
        name = self.name(kind)
        if kind == "loop":
            inner, first, last = self.block(depth - 1)
            back = (
                node(f"xor {name}")
                + node(f"xor {name}_end")
                + node(f"script {name}_n do='{name} = (0 if {name} == None else {name}) + 1'")
            )
            joins = self.flow(name, first) + self.flow(last, f"{name}_n") + self.flow(f"{name}_n", f"{name}_end")
            again = f'<sequenceFlow id="{name}_b" sourceRef="{name}_end" targetRef="{name}"><conditionExpression>{name} &lt; 2</conditionExpression></sequenceFlow>'
            return (
                inner + back + joins + again + node(f"task {name}_o") + self.flow(f"{name}_end", f"{name}_o"),
                name,
                f"{name}_o",
            )
        return node(f"{kind} {name}" + (f" do='{name} = 1'" if kind == "script" else "")), name, name

    def gateways(self, kind: str, depth: int) -> Drawn:
        split, join = self.name("split"), self.name("join")
        xml = node(f"{kind} {split}") + node(f"{kind} {join}")
        for branch in range(self.draw(st.integers(2, 3))):
            inner, first, last = self.block(depth - 1)
            condition = "" if kind == "and" or (branch == 0 and kind == "or") else "n > 0" if branch else "n &lt;= 0"
            condition = "n > 0" if kind == "xor" and branch else condition
            xml += inner + self.flow(split, first, condition.replace(">", "&gt;")) + self.flow(last, join)
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
        xml = f'<subProcess id="{name}">{content}</subProcess>'
        if kind == "timed":
            xml += node(f'boundary {name}_b attachedToRef={name} after="PT1H"') + node(f"task {name}_o")
            xml += self.flow(f"{name}_b", f"{name}_o") + self.flow(name, f"{name}_o")
            return xml, name, f"{name}_o"
        if kind == "told":
            xml += node(f"boundary {name}_b attachedToRef={name} cancelActivity=false message=asked") + node(
                f"end {name}_x"
            )
            xml += self.flow(f"{name}_b", f"{name}_x")
        return xml, name, name


@st.composite
def diagrams(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> bytes:
    artist = Artist(draw, kinds)
    inner, first, last = artist.block(3)
    ends = artist.flow("s", first) + artist.flow(last, "e")
    return file(f'<process id="p" isExecutable="true"><startEvent id="s"/>{inner}<endEvent id="e"/>{ends}</process>')


def tokens_are_accounted_for(step: Step) -> None:
    """Every saved token waits for something, holds something, or has an incident; without tokens the instance has ended."""
    saved = json.loads(step.state)
    waiting = {wait.get("token") for wait in saved["waits"]}
    holding = {scope.get("holder") for scope in saved["scopes"]}
    stuck = {incident.get("token") for incident in saved["incidents"]}
    for token in saved["tokens"]:
        assert token["id"] in waiting | holding | stuck
    joins = [scope for scope in saved["scopes"] if scope.get("joins")]
    assert step.running == bool(saved["tokens"] or joins)
    assert len(step.waits) == len({wait.id for wait in step.waits})


@settings(max_examples=60)
@given(diagram=diagrams(), n=st.integers(0, 1), choices=st.lists(st.integers(0, 9), min_size=60, max_size=60))
def test_no_token_is_lost_and_the_same_inputs_give_the_same_bytes(diagram: bytes, n: int, choices: list[int]) -> None:
    program = program_of({"p.bpmn": diagram})
    step = advance(program, None, Start("p", {"n": n}), MONDAY)
    tokens_are_accounted_for(step)
    for choice in choices:
        if not step.waits:
            break
        wait = step.waits[choice % len(step.waits)]
        if isinstance(wait, TaskWait):
            event: TaskCompleted | TimerFired | MessageReceived = TaskCompleted(wait.id, {"n": n})
        elif isinstance(wait, TimerWait):
            event = TimerFired(wait.id)
        else:
            assert isinstance(wait, MessageWait)
            event = MessageReceived(wait.id)
        again = advance(program, step.state, event, MONDAY)
        step = advance(program, step.state, event, MONDAY)
        assert again == step
        tokens_are_accounted_for(step)


@settings(max_examples=40)
@given(diagram=diagrams(), n=st.integers(0, 1), choices=st.lists(st.integers(0, 9), min_size=25, max_size=25))
def test_saving_and_restoring_between_steps_changes_nothing(diagram: bytes, n: int, choices: list[int]) -> None:
    files = {"p.bpmn": diagram}
    kept = Simulation.load(files, now=MONDAY)
    moved = Simulation.load(files, now=MONDAY)
    for each in (kept, moved):
        each.start("p", {"n": n})
    for choice in choices:
        moved = Simulation.restore(moved.save(), files, now=moved.now)
        if not kept.tasks():
            break
        for each in (kept, moved):
            tasks = each.tasks()
            if choice == 9:
                each.advance(timedelta(minutes=30))
            else:
                each.complete(tasks[choice % len(tasks)].id, {"n": n})
        assert moved.save() == kept.save()


@settings(max_examples=40)
@given(diagram=diagrams(), n=st.integers(0, 1))
def test_a_sound_diagram_runs_to_its_end_without_an_incident(diagram: bytes, n: int) -> None:
    simulated = Simulation.load({"p.bpmn": diagram}, now=MONDAY)
    simulated.start("p", {"n": n})
    while simulated.tasks():
        simulated.complete(simulated.tasks()[0].id, {"n": n})
    assert (simulated.running(), simulated.incidents(), simulated.trace()[-1]) == (False, [], "e")
