"""Suites that every backend must pass run on the same fixtures as the engine's own tests."""

from __future__ import annotations

import pytest

from engine.execution.compiler import program_of
from engine.execution.programs import RUNTIMES, runtime_named
from engine.execution.runtime import Start
from tests.contract.runtime_bench import Bench, Starts
from tests.engine.conftest import database, hand_clock, opened_database, store, template_database, tx
from tests.engine.execution.drawing import file, process

__all__ = ["database", "hand_clock", "opened_database", "started", "store", "template_database", "tx"]


@pytest.fixture(params=sorted(RUNTIMES))
def started(request: pytest.FixtureRequest) -> Starts:
    """Start a drawn process on the runtime."""

    def start(
        nodes: str, arrows: str, *, more: str = "", tables: bytes | None = None, beside: str = "", **data: object
    ) -> Bench:
        files = {"p.bpmn": file(process(nodes, arrows, more=more), beside)} | ({"t.dmn": tables} if tables else {})
        bench = Bench(runtime_named(request.param), program_of(files))
        bench.take(Start("p", data))
        return bench

    return start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Procrastinate carries jobs on PostgreSQL alone."""
    items[:] = [item for item in items if not ("[carried-sqlite" in item.name or "[sqlite-carried" in item.name)]
