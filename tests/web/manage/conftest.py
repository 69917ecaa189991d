"""These tests see the room of leads beside the pages that it leads to; a case has tasks that the tests add."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.running import Instance
from engine.model.task import Task, TaskState
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import person_id
from web.app import create_app

AddTask = Callable[..., Task]


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The application with the rooms that this one links to."""
    return create_app(engine, testing=True, rooms=("auth", "worklist", "cases", "manage"))


@pytest.fixture
def add_task(engine: Engine, case: Case) -> AddTask:
    """Adds an open task to the kettle's case: its name, days until its due, its queue, and who has it."""
    count = 0

    def add(name: str, *, days: int = 3, queue: str = "front_office", owner: str = "", excluded: str = "") -> Task:
        nonlocal count
        count += 1
        with engine.begin(SYSTEM) as tx:
            instance = rows.find(tx, Instance, case_id=case.id, order_by="id")[0]
            task = Task(
                id=tx.new_id(),
                case_id=case.id,
                instance_id=instance.id,
                wait_id=f"test-{count}",
                element_id="work",
                name=name,
                queue=queue,
                owner_id=person_id(owner) if owner else None,
                state=TaskState.RESERVED if owner else TaskState.READY,
                excluded=[person_id(excluded)] if excluded else [],
                due_at=tx.now + timedelta(days=days),
                created_at=tx.now,
            )
            rows.insert(tx, task)
        return task

    return add
