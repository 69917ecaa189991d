"""A migration is undone while nothing has moved since; ids are never given twice."""

from __future__ import annotations

import json

import pytest

from engine.execution.compiler import ProgramCode, program_of
from engine.execution.machine import advance
from engine.execution.operations import (
    At,
    Migrated,
    OpenTasks,
    Plan,
    migrate,
    undo_migration,
)
from engine.execution.runtime import Start, Step, TaskCompleted, WaitClosed, WaitOpened
from engine.model.errors import Conflict
from tests.engine.execution.drawing import MONDAY
from tests.engine.execution.operations.moved import event_sub, files

AT = At(MONDAY)
NODES = "start s\nuser assess\nboundary told attachedToRef=assess message={0}\nuser note\nend e"
FLOWS = "s > assess > e; told > note"


def version(message: str) -> ProgramCode:
    return program_of(files((NODES.format(message), FLOWS)))


def moved() -> tuple[Step, Migrated]:
    before = advance(version("asked"), None, Start("p", {"n": 1}), MONDAY)
    return before, migrate(version("asked"), before.state, Plan(version("answered")), at=AT)


def test_the_instance_stands_where_it_stood_and_what_was_closed_is_open_again() -> None:
    before, there = moved()
    assert there.step is not None
    assert there.undo is not None
    back = undo_migration(version("answered"), there.step.state, there.undo, to=version("asked")).step
    assert back is not None
    assert back.waits == before.waits
    old, new = (next(wait.id for wait in step.waits if wait.element_id == "told") for step in (before, there.step))
    assert back.happenings == (
        WaitClosed(new, "told", "cancelled", "message"),
        WaitOpened(before.waits[1]),
    )
    assert (old, json.loads(back.state)["counter"]) == (before.waits[1].id, int(new))


def test_it_is_refused_once_the_case_has_gone_on() -> None:
    _, there = moved()
    assert there.step is not None
    assert there.undo is not None
    on = advance(
        version("answered"),
        there.step.state,
        TaskCompleted(there.step.waits[0].id),
        MONDAY,
    )
    with pytest.raises(Conflict, match="has gone on"):
        undo_migration(version("answered"), on.state, there.undo, to=version("asked"))


def test_it_goes_back_to_no_other_version() -> None:
    _, there = moved()
    assert there.step is not None
    assert there.undo is not None
    with pytest.raises(Conflict, match="another version"):
        undo_migration(version("answered"), there.step.state, there.undo, to=version("other"))


def test_a_migration_that_set_something_going_has_no_undo() -> None:
    alarm = event_sub("alarm", "start rings when='n > 0'\nuser look", "rings > look")
    before, _ = moved()
    rung = program_of(files((NODES.format("asked") + f"\n{alarm}", FLOWS)))
    assert migrate(version("asked"), before.state, Plan(rung), at=AT).undo is None


def test_claimed_tasks_keep_their_performers_and_drafts_name_what_the_form_lacks() -> None:
    def asked(group: str, form: str) -> ProgramCode:
        return program_of(
            files(
                (
                    f"start s\nuser assess mg:queue={group} mg:form={form}\nend e",
                    "s > assess > e",
                )
            )
        )

    before = advance(asked("front", "old"), None, Start("p"), MONDAY)
    wait = before.waits[0].id
    plan = Plan(asked("back", "new"), forms={"new": frozenset({"cause"})})
    tasks = OpenTasks(frozenset({wait}), {wait: frozenset({"cause", "cost"})})
    there = migrate(asked("front", "old"), before.state, plan, tasks=tasks, at=AT)
    assert [(kept.performers_again, kept.after.element_id) for kept in there.kept] == [(False, "assess")]
    assert "has no cost" in str(there.changes[1].message)
    free = migrate(asked("front", "old"), before.state, plan, at=AT)
    assert [kept.performers_again for kept in free.kept] == [True]
