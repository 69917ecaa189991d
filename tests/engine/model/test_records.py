"""Rows that are made by a twin of their class are those that their constructor makes."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.model.records import changed, maker, record_of
from engine.model.running import Timer
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


def test_a_maker_makes_what_the_class_makes_with_its_defaults_and_its_refusals() -> None:
    given: dict[str, Any] = {
        "id": "m",
        "case_id": "c",
        "instance_id": "i",
        "wait_id": "w",
        "element_id": "late",
        "armed_at": TASK.created_at,
    }
    made = maker(Timer)(**given)
    assert type(made) is Timer
    assert made == Timer(**given)
    assert made.spec == {}
    assert made.spec is not maker(Timer)(**given).spec
    with pytest.raises(FrozenInstanceError):
        made.at = "80%"  # type: ignore[misc]  # that is the point
    with pytest.raises(TypeError, match="armed_at"):
        maker(Timer)(id="m", case_id="c", instance_id="i", wait_id="w", element_id="late")  # type: ignore[call-arg]  # that too
    with pytest.raises(TypeError, match="positional"):
        maker(Timer)("m")  # type: ignore[call-arg]  # by name alone, as in the class
    with pytest.raises(TypeError, match="__post_init__"):
        maker(Checked)


@dataclass(frozen=True, slots=True)
class Checked:
    name: str

    def __post_init__(self) -> None:
        raise AssertionError(self.name)
