"""These tests see the room of operations beside the pages that it leads to."""

from __future__ import annotations

import pytest
from flask import Flask

from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.running import Incident, Job, JobState
from engine.store import counters, rows
from engine.wiring import Engine
from web.app import create_app


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The application with the rooms that this one links to."""
    return create_app(engine, testing=True, rooms=("auth", "cases", "design", "ops", "worklist"))


@pytest.fixture
def incident(engine: Engine, case: Case) -> Incident:
    """A service that could not be called for the kettle's case, given up after three attempts."""
    with engine.begin(SYSTEM) as tx:
        job = Job(
            id=tx.new_id(),
            name="call_connector",
            args={"key": "stock.lookup"},
            state=JobState.FAILED,
            case_id=case.id,
            due_at=tx.now,
            created_at=tx.now,
            attempts=3,
            last_error="The stock does not answer.",
        )
        found = Incident(
            id=tx.new_id(),
            case_id=case.id,
            job_id=job.id,
            element_id="ask_stock",
            code="no_answer",
            template="{service} does not answer.",
            params={"service": "The stock"},
            created_at=tx.now,
        )
        rows.insert_many(tx, [job, found])
        counters.add(tx, "incidents", "open", 1)
    return found
