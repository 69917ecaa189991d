"""A state that stayed in memory is the one that its text gives, in every part and order; without it the bytes are the same."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.execution.compiler import ProgramCode, compile_program, program_of
from engine.execution.machine import advance, variables
from engine.execution.machine.kept_states import KEPT, KeptStates, as_read
from engine.execution.machine.state import Done, Scope, State, Token, Waiting
from engine.execution.machine.state_reading import read_state
from engine.execution.machine.state_text import write_state
from engine.execution.runtime import JobDone, JobWait, Start, Step, TaskCompleted, TimerFired, VariablesSet
from engine.model.errors import Conflict
from engine.model.values import canonical_json, from_canonical
from tests.differential.driving import event_of
from tests.engine.execution.any_diagram import ALL, diagrams
from tests.engine.execution.drawing import MONDAY, file, process
from tests.engine.execution.more_blocks import MACHINE_BLOCKS
from tests.engine.model.test_values import VALUES

DRAWN = file(process("start s\nuser a\nuser b\nend e", "s > a > b > e"))
TWO_TASKS = compile_program({"p.bpmn": DRAWN})
WARSAW = ZoneInfo("Europe/Warsaw")
GIVEN = st.dictionaries(st.sampled_from(["zeta", "alpha", "$odd", "n"]), VALUES, max_size=3)


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    KEPT.clear()
    yield
    KEPT.clear()


def picture(state: State) -> object:
    """Everything that a step can see of a state, in its order."""
    tokens = [token for scope in state.scopes.values() for token in scope.tokens.values()]
    return (
        (
            state.process.id,
            state.counter,
            state.moves,
            state.ended,
            repr(state.keys),
            [token.id for token in state.queue],
        ),
        [_scope(scope) for scope in state.scopes.values()],
        [_token(token) for token in tokens],
        [_wait(waiting) for waiting in state.waits.values()],
        list(state.troubles),
    )


def _scope(scope: Scope) -> object:
    place = (scope.id, scope.kind, id(scope.process), scope.parent and scope.parent.id, scope.number)
    held = (scope.node and scope.node.id, scope.holder and scope.holder.id, list(scope.tokens), list(scope.waits))
    progress = scope.progress
    shown = progress and (progress.total, repr(progress.items), repr(progress.results), progress.next, progress.done)
    return place, held, repr(scope.vars), repr(scope.joins), repr(scope.resets), shown, _done(scope.done)


def _done(kept: list[Done]) -> object:
    return [(done.node.id, repr(done.vars), _done(done.inner)) for done in kept]


def _token(token: Token) -> object:
    place = (token.id, token.node.id, token.phase, token.via, token.scope.id, token.seen)
    return place, repr(token.inputs), repr(token.data), list(token.waits), list(token.below)


def _wait(waiting: Waiting) -> object:
    owner = (waiting.token and waiting.token.id, waiting.scope and waiting.scope.id, waiting.shown, waiting.beside)
    return waiting.id, waiting.kind, waiting.role, waiting.node.id, waiting.event, repr(waiting.facts), owner


def check_kept(program: ProgramCode, step: Step) -> bool:
    """Whether the state stayed; then it is exactly the one that is read."""
    kept = KEPT.take(step.state, program)
    if kept is None:
        return False
    assert picture(kept) == picture(read_state(step.state, program))
    assert write_state(kept, program.digest) == step.state
    KEPT.put(step.state, program, kept)
    return True


@settings(max_examples=80)
@given(
    diagram=diagrams(ALL, MACHINE_BLOCKS),
    n=st.integers(0, 1),
    choices=st.lists(st.integers(0, 99), min_size=20, max_size=20),
    data=st.data(),
)
def test_with_and_without_kept_states_a_history_is_the_same(
    diagram: bytes, n: int, choices: list[int], data: st.DataObject
) -> None:
    program = program_of({"p.bpmn": diagram})
    step = advance(program, None, Start("p", {"n": n}), MONDAY)
    for choice in choices:
        if not step.waits:
            break
        check_kept(program, step)
        event = event_of(step.waits[choice % len(step.waits)], n)
        if choice > 80:
            event = VariablesSet(data.draw(GIVEN))
        kept = advance(program, step.state, event, MONDAY)
        KEPT.clear()
        step = advance(program, step.state, event, MONDAY)
        assert step == kept
        assert repr(step.happenings) == repr(kept.happenings)


@given(VALUES)
def test_values_are_as_they_come_from_their_text_and_shared_with_nobody(value: object) -> None:
    given_values = {"b": value, "a": 1, "at": MONDAY.astimezone(WARSAW)}
    settled = as_read(given_values)
    assert repr(settled) == repr(from_canonical(canonical_json(given_values)))
    assert settled is not given_values
    assert not isinstance(value, list | dict) or settled["b"] is not value


def test_the_next_step_of_a_kept_state_reads_nothing() -> None:
    step = advance(TWO_TASKS, None, Start("p"), MONDAY)
    assert check_kept(TWO_TASKS, step)
    step = advance(TWO_TASKS, step.state, TaskCompleted("2"), MONDAY)
    assert len(KEPT) == 1
    assert check_kept(TWO_TASKS, step)


def test_what_was_open_after_an_older_step_is_still_known_when_the_instance_has_gone_on() -> None:
    older = advance(TWO_TASKS, None, Start("p"), MONDAY)
    newer = advance(TWO_TASKS, older.state, TaskCompleted("2"), MONDAY)
    assert [wait.element_id for wait in older.waits] == ["a"]
    assert [wait.element_id for wait in newer.waits] == ["b"]


def test_a_refused_event_leaves_the_instance_as_it_was() -> None:
    step = advance(TWO_TASKS, None, Start("p"), MONDAY)
    with pytest.raises(Conflict):
        advance(TWO_TASKS, step.state, TaskCompleted("99"), MONDAY)
    assert advance(TWO_TASKS, step.state, TaskCompleted("2"), MONDAY).waits[0].element_id == "b"


def test_who_changes_the_values_that_were_read_does_not_change_the_instance() -> None:
    step = advance(TWO_TASKS, None, Start("p", {"parts": [{"name": "lid"}]}), MONDAY)
    for _ in range(2):
        parts = variables(TWO_TASKS, step.state)["parts"]
        assert parts == [{"name": "lid"}]
        assert isinstance(parts, list)
        parts.clear()


def test_another_compilation_of_the_same_files_does_not_get_the_state() -> None:
    step = advance(TWO_TASKS, None, Start("p"), MONDAY)
    assert KEPT.take(step.state, compile_program({"p.bpmn": DRAWN})) is None


def test_what_nobody_comes_back_for_is_forgotten() -> None:
    kept, state = KeptStates(most=100), State(TWO_TASKS.processes["p"])
    for number in range(50):
        kept.put(f"{number:010}", TWO_TASKS, state)
    assert len(kept) <= 20
    assert kept.take("0000000049", TWO_TASKS) is state
    assert kept.take("0000000049", TWO_TASKS) is None


def test_timers_do_not_drive_out_what_people_work_on() -> None:
    waiting = file(process("start s\ncatch wait after=PT1H\nuser a\nend e", "s > wait > a > e"))
    program = compile_program({"p.bpmn": waiting})
    step = advance(program, None, Start("p"), MONDAY)
    KEPT.clear()
    fired = advance(program, step.state, TimerFired(step.waits[0].id), MONDAY)
    assert len(KEPT) == 0
    done = advance(program, fired.state, TaskCompleted(fired.waits[0].id), MONDAY)
    assert not done.running


def test_a_step_that_a_timer_began_finds_its_state_once_its_work_is_done_and_then_lets_it_go() -> None:
    connector = '<extensionElements><mg:connector key="case.escalate"/></extensionElements>'
    nodes = f"start s\ncatch wait after=PT1H\nservice tell {{ {connector} }}\nuser a\nend e"
    program = compile_program({"p.bpmn": file(process(nodes, "s > wait > tell > a > e"))})
    step = advance(program, None, Start("p"), MONDAY)
    KEPT.clear()
    fired = advance(program, step.state, TimerFired(step.waits[0].id), MONDAY)
    assert check_kept(program, fired)
    told = advance(program, fired.state, JobDone(fired.waits[0].id), MONDAY)
    assert len(KEPT) == 0
    advance(program, told.state, TaskCompleted(told.waits[0].id), MONDAY)


def test_a_step_that_pauses_is_kept_with_its_queue() -> None:
    names = [f"t{number}" for number in range(1_200)]
    drawn = process("start s\nand split\n" + "\n".join(f"task {name}" for name in names), "s > split")
    ways = "".join(f'<sequenceFlow id="to_{name}" sourceRef="split" targetRef="{name}"/>' for name in names)
    program = compile_program({"p.bpmn": file(drawn.replace("</process>", f"{ways}</process>"))})
    step = advance(program, None, Start("p"), MONDAY)
    assert [wait.kind for wait in step.waits if isinstance(wait, JobWait)] == ["continue"]
    assert check_kept(program, step)
