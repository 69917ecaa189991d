"""A batch of timers reads and writes by kinds of rows, not by timers, and one that fails takes no other with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.actions.deploy_process import deploy_process
from engine.actions.job_kinds import HANDLERS
from engine.jobs import drain_inner, tick
from engine.model.people import SYSTEM
from engine.model.running import Incident, Instance, Job, JobState, Timer, TimerState
from engine.store import rows
from engine.store.sqlite import SqliteConnection
from tests.bench.recurring_task import DIAGRAM, FORM
from tests.engine.actions.conftest import Desk, desk

__all__ = ["desk"]


@pytest.fixture
def due(desk: Desk) -> Callable[[int], list[Timer]]:
    """Let the reminder of some new cases become due, with a job each."""
    with desk.store.begin(SYSTEM) as tx:
        deploy_process(tx, "rounds", {"rounds.bpmn": DIAGRAM.encode(), "forms/damage.json": json.dumps(FORM).encode()})

    def make(count: int) -> list[Timer]:
        cases = [desk.register().id for _ in range(count)]
        desk.clock.pass_time(timedelta(days=4))
        tick(desk.store)
        found: list[Timer] = desk.all(Timer, case_id=tuple(cases), element_id="late")
        assert len(found) == count
        return found

    return make


@pytest.mark.only_on("sqlite")
def test_more_timers_take_no_more_statements(
    desk: Desk, due: Callable[[int], list[Timer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("execute", "rows", "row", "flush"):
        plain = getattr(SqliteConnection, name)

        def ask(self: SqliteConnection, *given: object, plain: Callable[..., object] = plain) -> object:
            asked.extend(str(one).split(" ")[0] for one in given[:1])
            return plain(self, *given)

        monkeypatch.setattr(SqliteConnection, name, ask)
    seen: list[list[str]] = []
    for count in (4, 4, 16):  # the first batch reads what a process reads once
        due(count)
        asked.clear()
        assert drain_inner(desk.store, HANDLERS) == count
        seen.append(list(asked))
    assert seen[1] == seen[2]


def test_a_timer_that_cannot_fire_leaves_the_others_of_its_batch_fired(
    desk: Desk, due: Callable[[int], list[Timer]]
) -> None:
    timers = due(5)
    with desk.store.begin(SYSTEM) as tx:
        rows.update(tx, Instance, timers[2].instance_id, state="no state")
    drain_inner(desk.store, HANDLERS)
    states = {timer.id: timer.state for timer in desk.all(Timer, element_id="late")}
    assert [states[timer.id] for timer in timers] == [
        TimerState.PENDING if timer is timers[2] else TimerState.FIRED for timer in timers
    ]
    assert [(job.case_id, job.state) for job in desk.all(Job)] == [(timers[2].case_id, JobState.PENDING)]
    assert desk.all(Incident) == []
