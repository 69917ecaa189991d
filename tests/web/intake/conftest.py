"""These tests see the rooms in which people work on cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.task import OPEN_STATES, Task
from engine.store import rows
from engine.wiring import Engine
from web.app import create_app

TaskOf = Callable[[Case], Task]


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The application with the rooms that show cases and tasks."""
    return create_app(engine, testing=True, rooms=("auth", "worklist", "cases", "intake"))


@pytest.fixture
def task_of(engine: Engine) -> TaskOf:
    """Gives the newest open task of a case."""

    def task(case: Case) -> Task:
        with engine.read(SYSTEM) as tx:
            return rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)), order_by="id")[-1]

    return task
