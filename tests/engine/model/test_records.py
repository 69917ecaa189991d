"""Rows that are made by a twin of their class are those that their constructor makes."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, fields, replace
from datetime import UTC, datetime

import pytest

from engine.model.records import changed, record_of
from engine.model.task import Task, TaskState

TASK = Task(
    id="t", case_id="c", instance_id="i", wait_id="w", element_id="assess", created_at=datetime(2026, 3, 2, tzinfo=UTC)
)


def test_a_changed_row_is_what_replace_gives() -> None:
    assert changed(TASK, {"state": TaskState.COMPLETED, "queue": "technical"}) == replace(
        TASK, state=TaskState.COMPLETED, queue="technical"
    )
    assert TASK.state is TaskState.READY


def test_a_row_stays_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        changed(TASK, {"queue": "technical"}).queue = "front_office"  # type: ignore[misc]  # that is the point


def test_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError, match="Task has no field colour"):
        changed(TASK, {"colour": "red"})


def test_a_row_that_checks_itself_is_not_made_behind_its_back() -> None:
    with pytest.raises(TypeError, match="__post_init__"):
        record_of(Checked)


def test_values_of_another_number_are_refused() -> None:
    with pytest.raises(TypeError, match="missing"):
        record_of(Task).made(["t"])
    with pytest.raises(TypeError, match="takes"):
        record_of(Task).made(["t"] * 100)


def test_a_made_row_is_of_its_kind_and_equals_what_its_constructor_makes() -> None:
    made = record_of(Task).made(getattr(TASK, field.name) for field in fields(Task))
    assert type(made) is Task
    assert made == TASK
    assert hash(made) == hash(TASK)
    assert pickle.loads(pickle.dumps(made)) == TASK


@dataclass(frozen=True, slots=True)
class Checked:
    name: str

    def __post_init__(self) -> None:
        raise AssertionError(self.name)
