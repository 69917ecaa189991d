"""A batch of timers reads and writes by kinds of rows, not by timers, and one that fails takes no other with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from datetime import timedelta
from importlib import import_module

import pytest

from engine.actions import connectors_of_case
from engine.actions.case_record import CaseRecord
from engine.actions.deploy_process import deploy_process
from engine.actions.escalate_task import escalate_task
from engine.actions.job_kinds import HANDLERS, fire_due
from engine.jobs import drain_inner, enqueue, tick
from engine.model.audit import AuditEvent
from engine.model.case import Case
from engine.model.errors import Conflict
from engine.model.people import SYSTEM, Actor, Notice
from engine.model.running import (
    Incident,
    Instance,
    InstanceStatus,
    Job,
    JobState,
    KeptMessage,
    KeptMessageState,
    Subscription,
    SubscriptionState,
    Timer,
    TimerState,
)
from engine.model.task import Task
from engine.store import rows
from engine.store.postgres_trips import Answer, Sent, Trips
from engine.store.sqlite import SqliteConnection
from engine.store.transaction import Store, Tx
from tests.bench.batch import WAITING
from tests.bench.recurring_task import DIAGRAM, ESCALATING, FORM_FILE
from tests.engine.actions.conftest import Desk, desk

__all__ = ["desk"]

DRAIN = import_module("engine.jobs.drain")  # its room gives a function of this name
Due = Callable[[int], list[Timer]]


@pytest.fixture
def due(desk: Desk) -> Due:
    """Let the reminder of some new cases become due, with a job each."""
    return reminders(desk, DIAGRAM)


@pytest.fixture
def escalating(desk: Desk) -> Due:
    """Let some new cases be so late that their lead is to be told, with a job each."""
    return reminders(desk, ESCALATING)


def reminders(desk: Desk, diagram: str) -> Due:
    with desk.store.begin(SYSTEM) as tx:
        deploy_process(tx, "rounds", {"rounds.bpmn": diagram.encode(), **FORM_FILE})

    def make(count: int) -> list[Timer]:
        cases = [desk.register().id for _ in range(count)]
        desk.clock.pass_time(timedelta(days=4))
        tick(desk.store)
        found: list[Timer] = desk.all(Timer, case_id=tuple(cases), element_id="late")
        assert len(found) == count
        return found

    return make


@pytest.fixture
def paying(desk: Desk) -> Callable[[int], list[str]]:
    """Let some new cases wait for a payment, of which they are told; give their keys."""
    with desk.store.begin(SYSTEM) as tx:
        deploy_process(tx, "payment", {"payment.bpmn": WAITING.encode()})

    def make(count: int) -> list[str]:
        cases = [desk.register() for _ in range(count)]
        for case in cases:
            tell(desk, case.number)
        return [case.id for case in cases]

    return make


def tell(desk: Desk, number: str) -> None:
    with desk.store.begin(SYSTEM) as tx:
        enqueue(tx, "deliver_message", {"name": "paid", "correlation": {"case": number}, "payload": {"amount": 3}})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of SQLite from now on."""
    asked: list[str] = []
    for name in ("execute", "rows", "row", "flush"):
        plain = getattr(SqliteConnection, name)

        def ask(self: SqliteConnection, *given: object, plain: Callable[..., object] = plain) -> object:
            asked.extend(str(one).split(" ")[0] for one in given[:1])
            return plain(self, *given)

        monkeypatch.setattr(SqliteConnection, name, ask)
    return asked


@pytest.mark.only_on("sqlite")
def test_more_timers_take_no_more_statements(desk: Desk, due: Due, asked: list[str]) -> None:
    seen: list[list[str]] = []
    for count in (4, 4, 16):  # the first batch reads what a process reads once
        due(count)
        asked.clear()
        assert drain_inner(desk.store, HANDLERS) == count
        seen.append(list(asked))
    assert seen[1] == seen[2]


@pytest.mark.only_on("sqlite")
def test_more_messages_take_no_more_statements(
    desk: Desk, paying: Callable[[int], list[str]], asked: list[str]
) -> None:
    seen: list[list[str]] = []
    for count in (4, 4, 16):  # the first batch reads what a process reads once
        cases = paying(count)
        asked.clear()
        assert drain_inner(desk.store, HANDLERS) == count
        seen.append(list(asked))
        ended = desk.all(Instance, case_id=tuple(cases), status=InstanceStatus.COMPLETED)
        assert len(ended) == count
    assert seen[1] == seen[2]


def test_the_second_of_two_messages_to_one_case_in_one_batch_finds_nobody_who_waits(
    desk: Desk, paying: Callable[[int], list[str]]
) -> None:
    cases = paying(3)
    tell(desk, desk.all(Case, id=cases[1])[0].number)
    tell(desk, " c-2026-000000 ")
    drain_inner(desk.store, HANDLERS)
    assert {one.state for one in desk.all(Subscription)} == {SubscriptionState.RECEIVED}
    [kept] = desk.all(KeptMessage)
    assert kept.state is KeptMessageState.KEPT
    [refused] = desk.all(Job)
    assert refused.args["correlation"] == {"case": " c-2026-000000 "}


def test_a_timer_that_cannot_fire_leaves_the_others_of_its_batch_fired(desk: Desk, due: Due) -> None:
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


@pytest.mark.only_on("postgresql")
def test_more_escalations_take_no_more_round_trips(
    desk: Desk, escalating: Due, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[int] = []
    plain = Trips.go

    def go(self: Trips, statements: Sequence[Sent]) -> list[Answer]:
        gone.append(len(statements))
        return plain(self, statements)

    monkeypatch.setattr(Trips, "go", go)
    seen: list[int] = []
    for count in (4, 4, 16):  # the first batch reads what a process reads once
        escalating(count)
        gone.clear()
        assert drain_inner(desk.store, HANDLERS) == count
        seen.append(len(gone))
    assert seen[1] == seen[2] <= 20


def test_each_late_case_is_told_of_once(desk: Desk, escalating: Due) -> None:
    cases = {timer.case_id for timer in escalating(7)}
    drain_inner(desk.store, HANDLERS)
    told = desk.all(Notice, kind="escalation_80")
    managers = {desk.person("eva").person_id, desk.person("filip").person_id}  # nobody leads the queue
    assert {(notice.case_id, notice.person_id) for notice in told} == {(c, m) for c in cases for m in managers}
    assert len(told) == 2 * len(cases)
    assert {notice.task_id for notice in told} == {task.id for task in desk.all(Task, element_id="assess")}
    assert [event.case_id for event in desk.all(AuditEvent, kind="escalated", order_by="case_id")] == sorted(cases)


def test_an_escalation_that_is_refused_stops_its_case_alone(
    desk: Desk, escalating: Due, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers = escalating(5)

    def refuse(record: CaseRecord, instance: Instance, inputs: Mapping[str, object]) -> dict[str, object]:
        if record.case.id == timers[2].case_id:
            raise Conflict("nobody_there", "Nobody can be told.")
        return escalate_task(record, instance, inputs)

    monkeypatch.setattr(connectors_of_case, "INNER", {"case.escalate": refuse})
    drain_inner(desk.store, HANDLERS)
    assert {timer.state for timer in desk.all(Timer, element_id="late")} == {TimerState.FIRED}
    assert [incident.case_id for incident in desk.all(Incident)] == [timers[2].case_id]
    assert timers[2].case_id not in {notice.case_id for notice in desk.all(Notice, kind="escalation_80")}


def test_a_batch_that_is_run_one_by_one_says_why_and_names_nobody(
    desk: Desk, due: Due, caplog: pytest.LogCaptureFixture
) -> None:
    timers = due(3)
    with desk.store.begin(SYSTEM) as tx:
        rows.update(tx, Instance, timers[1].instance_id, runtime="steam")
    drain_inner(desk.store, HANDLERS)
    told = [record.getMessage() for record in caplog.records if record.name == "engine.jobs.drain"]
    assert told == ["3 jobs (fire_timer) are run one by one instead of together: runtime_unknown"]


def test_what_is_due_is_taken_up_by_the_commit_before_it(desk: Desk, due: Due, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DRAIN, "BATCH", 2)
    due(5)
    begun: list[Actor] = []
    plain = Store.begin

    def begin(store: Store, actor: Actor) -> AbstractContextManager[Tx]:
        begun.append(actor)
        return plain(store, actor)

    monkeypatch.setattr(Store, "begin", begin)
    assert drain_inner(desk.store, HANDLERS) == 5
    assert len(begun) == 4, "one takes the first two jobs, and three run two, two and one"
    assert desk.all(Job) == []


@pytest.mark.only_on("sqlite")
def test_a_long_drain_lets_another_program_write(desk: Desk, due: Due, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DRAIN, "BATCH", 2)
    monkeypatch.setattr(DRAIN, "ROUND", 0.0)
    due(5)
    path = str(desk.store.database.path)  # type: ignore[attr-defined]  # a file, as this is SQLite
    with ThreadPoolExecutor(1) as beside:

        def write() -> bool:
            with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
                other.execute("BEGIN IMMEDIATE")
                left = other.execute("SELECT count(*) FROM job").fetchone()[0]
                other.execute("COMMIT")
            return bool(0 < left < 5)

        def fire(tx: Tx, job: Job) -> None:
            fire_due(tx, job)
            turns.append(beside.submit(write))

        turns: list[Future[bool]] = []
        drain_inner(desk.store, {**HANDLERS, "fire_timer": fire})
        assert turns[0].result(), "it wrote before all was done"


def test_a_limit_leaves_no_job_taken(desk: Desk, due: Due, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DRAIN, "BATCH", 2)
    due(5)
    assert drain_inner(desk.store, HANDLERS, limit=3) == 3
    assert [(job.state, job.attempts) for job in desk.all(Job)] == [(JobState.PENDING, 0)] * 2


def test_a_batch_that_ends_the_process_has_counted_the_attempts_of_its_own_jobs_only(
    desk: Desk, due: Due, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DRAIN, "BATCH", 2)
    due(5)
    begun: list[Job] = []

    def fire(tx: Tx, job: Job) -> None:
        begun.append(job)
        if len(begun) > 2:
            raise KeyboardInterrupt
        fire_due(tx, job)

    with pytest.raises(KeyboardInterrupt):
        drain_inner(desk.store, {**HANDLERS, "fire_timer": fire})
    left = sorted((job.state, job.attempts) for job in desk.all(Job))
    assert left == [(JobState.PENDING, 0), (JobState.RUNNING, 1), (JobState.RUNNING, 1)]
