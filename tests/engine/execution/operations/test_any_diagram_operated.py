"""Any diagram of any shape: what an operation allows can still be completed, and moving to the same files changes no byte."""

from __future__ import annotations

import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.execution.compiler import ProgramCode, program_of
from engine.execution.machine import advance
from engine.execution.operations import At, Operated, Plan, migrate, move_token, places, rewind, skip, undo_migration
from engine.execution.runtime import (
    Completed,
    Event,
    IncidentRaised,
    JobDone,
    JobWait,
    MessageReceived,
    MessageWait,
    Start,
    Step,
    TaskCompleted,
    TaskWait,
    TimerFired,
    TimerWait,
    Wait,
)
from engine.model.errors import Conflict, DefinitionInvalid, NotFound
from tests.engine.execution.any_diagram import ALL, diagrams, tokens_are_accounted_for
from tests.engine.execution.drawing import MONDAY

AT = At(MONDAY)
CHOICES = st.lists(st.integers(0, 99), min_size=1, max_size=12)


def answer(wait: Wait) -> Event:
    """What closes the wait."""
    if isinstance(wait, TaskWait):
        return TaskCompleted(wait.id, {"n": 1})
    if isinstance(wait, TimerWait):
        return TimerFired(wait.id)
    return JobDone(wait.id) if isinstance(wait, JobWait) else MessageReceived(wait.id)


class Instance:
    """One instance with what it has completed so far."""

    def __init__(self, diagram: bytes, n: int) -> None:
        self.program: ProgramCode = program_of({"p.bpmn": diagram})
        self.trace: list[str] = []
        self.take(advance(self.program, None, Start("p", {"n": n}), MONDAY))

    def take(self, step: Step) -> None:
        self.step = step
        self.trace += [happening.element_id for happening in step.happenings if isinstance(happening, Completed)]
        assert not [happening for happening in step.happenings if isinstance(happening, IncidentRaised)]
        tokens_are_accounted_for(step)

    def go(self, choice: int) -> None:
        """Answer one wait, unless that would be the end."""
        if self.step.waits:
            wait = self.step.waits[choice % len(self.step.waits)]
            step = advance(self.program, self.step.state, answer(wait), MONDAY)
            if step.running:
                self.take(step)

    def complete(self) -> None:
        """Answer people and jobs first, then time, then messages, the newest first, until it ends."""
        order = (TaskWait, JobWait, TimerWait, MessageWait)
        for _ in range(600):
            if not self.step.running:
                return
            chosen = min(self.step.waits, key=lambda wait: (order.index(type(wait)), -int(wait.id)))
            self.take(advance(self.program, self.step.state, answer(chosen), MONDAY))
        raise AssertionError("it does not end")


def walked(diagram: bytes, n: int, choices: list[int]) -> Instance:
    instance = Instance(diagram, n)
    for choice in choices:
        instance.go(choice)
    assume(instance.step.running)
    return instance


@settings(max_examples=40, deadline=None)
@given(diagram=diagrams(ALL), n=st.integers(0, 1), choices=CHOICES)
def test_moving_to_the_same_files_changes_no_byte(diagram: bytes, n: int, choices: list[int]) -> None:
    instance = walked(diagram, n, choices)
    state = instance.step.state
    assert migrate(instance.program, state, Plan(instance.program), at=AT).step == replace_happenings(instance.step)
    other = program_of({"other.bpmn": diagram})
    moved = migrate(instance.program, state, Plan(other), at=AT)
    assert moved.step is not None
    assert moved.undo is not None
    assert moved.step.state.replace(other.digest, instance.program.digest) == state
    back = undo_migration(other, moved.step.state, moved.undo, to=instance.program)
    assert back.step is not None
    assert back.step.state == state


def replace_happenings(step: Step) -> Step:
    return Step(step.state, step.waits, (), step.running)


@settings(max_examples=60, deadline=None)
@given(diagram=diagrams(ALL), n=st.integers(0, 1), choices=CHOICES, where=st.integers(0, 999), to=st.integers(0, 999))
def test_what_was_moved_can_be_completed(diagram: bytes, n: int, choices: list[int], where: int, to: int) -> None:
    instance = walked(diagram, n, choices)
    standing = places(instance.program, instance.step.state)
    nodes = instance.program.processes["p"].nodes
    place, target = standing[where % len(standing)], nodes[to % len(nodes)].id
    try:
        operated = move_token(instance.program, instance.step.state, place.token, to=target, at=AT)
    except (Conflict, NotFound):
        return
    follow(instance, operated)


@settings(max_examples=60, deadline=None)
@given(diagram=diagrams(ALL), n=st.integers(0, 1), choices=CHOICES, to=st.integers(0, 999))
def test_what_went_back_can_be_completed(diagram: bytes, n: int, choices: list[int], to: int) -> None:
    instance = walked(diagram, n, choices)
    assume(instance.trace)
    target = instance.trace[to % len(instance.trace)]
    try:
        operated = rewind(instance.program, instance.step.state, target, history=instance.trace, at=AT)
    except (Conflict, NotFound):
        return
    follow(instance, operated)


@settings(max_examples=30, deadline=None)
@given(diagram=diagrams(ALL), n=st.integers(0, 1), choices=CHOICES)
def test_what_was_left_out_can_be_completed(diagram: bytes, n: int, choices: list[int]) -> None:
    instance = walked(diagram, n, choices)
    tasks = [wait for wait in instance.step.waits if isinstance(wait, TaskWait)]
    assume(tasks)
    follow(instance, skip(instance.program, instance.step.state, tasks[choices[0] % len(tasks)].id, at=AT))


def follow(instance: Instance, operated: Operated) -> None:
    """Go on from the saved text to the end."""
    instance.take(operated.step)
    instance.complete()
    assert not instance.step.running


def with_a_task_more(diagram: bytes, place: int) -> bytes:
    """The diagram with a further task, watched by a timer, on one of its flows."""
    flows = list(re.finditer(r'(<sequenceFlow id="(\w+)" sourceRef="\w+" targetRef=)"(\w+)"', diagram.decode()))
    chosen = flows[place % len(flows)]
    before, after = diagram.decode()[: chosen.start()], diagram.decode()[chosen.end() :]
    added = (
        '<userTask id="more"/><boundaryEvent id="late" attachedToRef="more"><timerEventDefinition><timeDuration>PT1H'
        '</timeDuration></timerEventDefinition></boundaryEvent><task id="out"/>'
        '<sequenceFlow id="late_out" sourceRef="late" targetRef="out"/>'
        f'<sequenceFlow id="more_on" sourceRef="more" targetRef="{chosen.group(3)}"/>'
    )
    return f'{before}{added}{chosen.group(1)}"more"{after}'.encode()


@settings(max_examples=60, deadline=None)
@given(diagram=diagrams(ALL), n=st.integers(0, 1), choices=CHOICES, place=st.integers(0, 999))
def test_what_came_to_a_diagram_with_a_task_more_can_be_completed(
    diagram: bytes, n: int, choices: list[int], place: int
) -> None:
    instance = walked(diagram, n, choices)
    try:
        newer = program_of({"p.bpmn": with_a_task_more(diagram, place)})
    except DefinitionInvalid:
        return
    moved = migrate(instance.program, instance.step.state, Plan(newer), at=AT)
    if moved.step is not None:
        instance.program = newer
        instance.take(moved.step)
        instance.complete()
