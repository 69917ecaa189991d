"""Operators see which workers run on PostgreSQL, where, and since when they were last heard of."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

import pytest

from engine.jobs.carried import CarriedWorker
from engine.model.people import SYSTEM
from engine.store.workers import connected_workers
from engine.wiring import Engine
from tests.web.conftest import ClientAs
from web.ops import overview

ON_POSTGRES = pytest.mark.parametrize("web_store", ["postgresql"])
NOBODY = "Nobody runs timers and jobs."


@pytest.fixture
def worker(engine: Engine) -> CarriedWorker:
    """A worker that begins when it is told so."""
    return CarriedWorker(engine.settings.database_url, engine.run_named, 1)


@ON_POSTGRES
def test_a_worker_is_shown_with_its_machine_and_process_while_it_runs(
    client_as: ClientAs, worker: CarriedWorker, engine: Engine
) -> None:
    assert NOBODY in client_as("henry").get("/ops").text
    worker.start()
    try:
        page = client_as("henry").get("/ops").text
        with engine.read(SYSTEM) as tx:
            (found,) = connected_workers(tx) or []
    finally:
        worker.stop()
    assert NOBODY not in page
    assert "1 worker" in page
    assert f"<td>{socket.gethostname()}</td><td>{os.getpid()}</td>" in page
    assert timedelta() <= found.seen - found.since < timedelta(minutes=1)
    assert NOBODY in client_as("henry").get("/ops").text


@ON_POSTGRES
def test_a_worker_that_stands_still_is_called_silent(
    client_as: ClientAs, worker: CarriedWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "SILENT", timedelta(days=-36500))  # whatever time the test's clock has
    worker.start()
    try:
        assert "silent: " in client_as("henry").get("/ops").text
    finally:
        worker.stop()


def test_on_sqlite_the_process_that_serves_is_the_worker(client_as: ClientAs, engine: Engine) -> None:
    page = client_as("henry").get("/ops").text
    assert NOBODY not in page
    assert "workers-title" not in page
    with engine.read(SYSTEM) as tx:
        assert connected_workers(tx) is None
