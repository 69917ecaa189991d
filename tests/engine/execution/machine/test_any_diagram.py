"""Any diagram of any shape: saving changes nothing, the same inputs give the same bytes, and no token is lost."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.execution import Simulation
from engine.execution.compiler import program_of
from engine.execution.machine import advance
from engine.execution.machine.in_memory import LiveInstance
from engine.execution.machine.stepping import open_waits
from engine.execution.runtime import (
    Completed,
    Event,
    IncidentRaised,
    IncidentRetried,
    JobFailed,
    JobWait,
    Start,
    Step,
    TaskFailed,
    TaskWait,
    VariablesSet,
    Wait,
    WaitClosed,
    WaitOpened,
)
from engine.model.errors import Conflict, NotFound
from tests.differential.driving import event_of
from tests.engine.execution.any_diagram import ALL, diagrams, tokens_are_accounted_for
from tests.engine.execution.drawing import MONDAY
from tests.engine.execution.more_blocks import MACHINE_BLOCKS

ANY = diagrams(ALL, MACHINE_BLOCKS)
SOUND = diagrams(ALL, {name: draw for name, draw in MACHINE_BLOCKS.items() if name not in ("posted", "alarmed")})
"""Without messages that two items may wait for, and signals that may set themselves going."""


class AnyInstance(RuleBasedStateMachine):
    """One instance of any diagram, advanced from its saved text and kept in memory beside it."""

    step: Step

    @initialize(diagram=ANY, n=st.integers(0, 1))
    def begin(self, diagram: bytes, n: int) -> None:
        self.program = program_of({"p.bpmn": diagram})
        self.open: dict[str, Wait] = {}
        self.closed: list[Wait] = []
        self.incidents: list[str] = []
        event = Start("p", {"n": n})
        self.live = LiveInstance(self.program, event, MONDAY)
        self.note(advance(self.program, None, event, MONDAY))

    def note(self, step: Step) -> None:
        self.step = step
        for happening in step.happenings:
            if isinstance(happening, WaitOpened):
                self.open[happening.wait.id] = happening.wait
            elif isinstance(happening, WaitClosed):
                self.closed.append(self.open.pop(happening.wait_id))
            elif isinstance(happening, IncidentRaised):
                self.incidents.append(happening.incident_id)

    def take(self, event: Event) -> None:
        again = advance(self.program, self.step.state, event, MONDAY)
        step = advance(self.program, self.step.state, event, MONDAY)
        assert again == step
        self.live.advance(event, MONDAY)
        self.note(step)

    @precondition(lambda self: self.step.waits)
    @rule(choice=st.integers(0, 99), n=st.integers(0, 1))
    def somebody_answers(self, choice: int, n: int) -> None:
        self.take(event_of(self.step.waits[choice % len(self.step.waits)], n))

    @precondition(lambda self: any(isinstance(wait, JobWait) and wait.kind == "connector" for wait in self.step.waits))
    @rule(modelled=st.booleans())
    def a_job_fails(self, modelled: bool) -> None:
        job = next(wait for wait in self.step.waits if isinstance(wait, JobWait) and wait.kind == "connector")
        self.take(JobFailed(job.id, "no answer", "broken" if modelled else None))

    @precondition(lambda self: any(isinstance(wait, TaskWait) for wait in self.step.waits))
    @rule()
    def somebody_fails_a_task(self) -> None:
        task = next(wait for wait in self.step.waits if isinstance(wait, TaskWait))
        self.take(TaskFailed(task.id, "broken", {"why": "no part"}))

    @precondition(lambda self: self.incidents)
    @rule(skip=st.booleans())
    def operations_retry_or_skip(self, skip: bool) -> None:
        incident = self.incidents.pop()
        try:
            self.take(IncidentRetried(incident, skip))
        except (Conflict, NotFound):
            return  # interrupted meanwhile

    @precondition(lambda self: self.step.running)
    @rule(n=st.integers(0, 1))
    def a_value_changes(self, n: int) -> None:
        self.take(VariablesSet({"n": n}))

    @precondition(lambda self: self.closed)
    @rule(choice=st.integers(0, 99))
    def a_late_answer_is_refused_and_changes_nothing(self, choice: int) -> None:
        late = self.closed[choice % len(self.closed)]
        with pytest.raises(Conflict):
            advance(self.program, self.step.state, event_of(late, 0), MONDAY)

    @precondition(lambda self: not self.step.running)
    @rule()
    def an_ended_instance_takes_nothing_more(self) -> None:
        with pytest.raises(Conflict):
            advance(self.program, self.step.state, VariablesSet({"n": 1}), MONDAY)

    @invariant()
    def what_is_open_is_what_was_opened_and_not_closed(self) -> None:
        assert {wait.id for wait in self.step.waits} == set(self.open)
        assert open_waits(self.program, self.step.state) == self.step.waits == self.live.waits

    @invariant()
    def no_token_is_lost(self) -> None:
        tokens_are_accounted_for(self.step)

    @invariant()
    def what_cannot_move_waits_or_is_told(self) -> None:
        saved = json.loads(self.step.state)
        assert not self.step.running or saved["waits"] or saved["incidents"]
        shown = [wait["id"] for wait in saved["waits"] if wait["kind"] != "condition"]
        assert shown == [wait.id for wait in self.step.waits]

    @invariant()
    def memory_and_text_are_the_same_instance(self) -> None:
        assert self.live.save() == self.step.state
        assert self.live.running == self.step.running == (not json.loads(self.step.state)["ended"])


AnyInstance.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestAnyInstance = AnyInstance.TestCase


@settings(max_examples=40)
@given(diagram=SOUND, n=st.integers(0, 1), choices=st.lists(st.integers(0, 9), min_size=25, max_size=25))
def test_saving_and_restoring_between_steps_changes_nothing(diagram: bytes, n: int, choices: list[int]) -> None:
    files = {"p.bpmn": diagram}
    kept = Simulation.load(files, connectors={"http": lambda _: {}}, now=MONDAY)
    moved = Simulation.load(files, connectors={"http": lambda _: {}}, now=MONDAY)
    for each in (kept, moved):
        each.start("p", {"n": n})
    for choice in choices:
        moved = Simulation.restore(moved.save(), files, connectors={"http": lambda _: {}}, now=moved.now)
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
@given(diagram=SOUND, n=st.integers(0, 1))
def test_a_sound_diagram_runs_to_its_end_without_an_incident(diagram: bytes, n: int) -> None:
    program = program_of({"p.bpmn": diagram})
    step = advance(program, None, Start("p", {"n": n}), MONDAY)
    happened = list(step.happenings)
    pick = Random(1)  # in turn, what comes again and again would leave the rest waiting for ever
    for _ in range(600):
        if not step.running:
            break
        work = [wait for wait in step.waits if isinstance(wait, TaskWait | JobWait)] or step.waits
        step = advance(program, step.state, event_of(pick.choice(work), n), MONDAY)
        happened += step.happenings
    incidents = [each for each in happened if isinstance(each, IncidentRaised)]
    assert (step.running, incidents, happened.count(Completed("e"))) == (False, [], 1)
