"""What every queue promises: a job runs after its transaction, in order, at least once, and never in silence."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import pytest

from engine.jobs import (
    Handlers,
    InnerHandler,
    OuterHandler,
    drain,
    drop_of_wait,
    enqueue,
    retry_job,
    run_named,
    skip_job,
)
from engine.jobs.carried import CarriedWorker
from engine.jobs.carriers import Carriers
from engine.jobs.kinds import outer_names
from engine.jobs.lease import LEASE, Lane, lease, lease_one, recover
from engine.model.case import Case
from engine.model.errors import ChannelError, Conflict
from engine.model.people import SYSTEM
from engine.model.running import Incident, Job, JobState
from engine.store import audit, counters, rows
from engine.store.transaction import Store, Tx
from tests.engine.conftest import HandClock, add_case, undone

pytestmark = pytest.mark.contract


class Queue(Protocol):
    """What the suite needs of a backend."""

    store: Store

    def run(self, handlers: Handlers) -> int:
        """Run all due jobs."""
        ...

    def take(self, at_once: int) -> list[Job]:
        """Lease due jobs and do not run them, as a worker does that is killed."""
        ...


@dataclass
class EmbeddedQueue:
    """Our own table and drainer."""

    store: Store

    def run(self, handlers: Handlers) -> int:
        return drain(self.store, handlers)

    def take(self, at_once: int) -> list[Job]:
        return lease(self.store, Lane((), takes_named=False, at_once=at_once))


@dataclass
class Witness:
    """Remembers what ran."""

    seen: list[object] = field(default_factory=list[object])

    def note(self, tx: Tx, job: Job) -> None:
        del tx
        self.seen.append(job.args.get("n"))


class CarriedQueue:
    """Jobs on PostgreSQL, brought by Procrastinate."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._url = str(getattr(store.database, "url", ""))
        self._carriers = Carriers(frozenset({"send", "slow", "outer"}))
        store.carry = self._carriers.send

    def run(self, handlers: Handlers) -> int:
        ran = 0

        def brought(job_ids: Sequence[str]) -> None:
            nonlocal ran
            ran += run_named(self.store, handlers, job_ids)

        self._carriers = Carriers(frozenset(outer_names(handlers)))
        self.store.carry = self._carriers.send
        worker = CarriedWorker(self._url, brought, 1)
        while True:
            before = ran
            worker.run_waiting()
            with self.store.begin(SYSTEM) as tx:
                sent = self._carriers.carry_due(tx)
            if not sent and ran == before:
                return ran

    def take(self, at_once: int) -> list[Job]:
        with self.store.read(SYSTEM) as tx:
            due = rows.select(tx, Job, "state = 'pending' AND due_at <= :now ORDER BY due_at, id", {"now": tx.now})
        alone = [job for job in due[:1] if job.attempts]  # a carrier names one job, so that a second one is not begun
        return [found for job in alone or due[:at_once] if (found := lease_one(self.store, job.id)) is not None]


@pytest.fixture(params=["drained", "carried"])
def queue(request: pytest.FixtureRequest, store: Store) -> Queue:
    """Each backend in turn; Procrastinate carries on PostgreSQL alone (conftest.py)."""
    return EmbeddedQueue(store) if request.param == "drained" else CarriedQueue(store)


@pytest.fixture
def witness() -> Witness:
    return Witness()


def ask(queue: Queue, name: str, *numbers: int, max_attempts: int = 3) -> None:
    with queue.store.begin(SYSTEM) as tx:
        for number in numbers:
            enqueue(tx, name, {"n": number}, max_attempts=max_attempts)


def jobs(queue: Queue) -> list[Job]:
    with queue.store.read(SYSTEM) as tx:
        return rows.find(tx, Job, order_by="id")


def refuse(tx: Tx, job: Job) -> None:
    add_case(tx, f"C-{job.args['n']}")
    raise Conflict("told", "The press is closed on {day}.", day="Sunday")


def crash(tx: Tx, job: Job) -> None:
    raise ZeroDivisionError


def test_jobs_run_once_in_the_order_they_were_asked_for(queue: Queue, witness: Witness) -> None:
    ask(queue, "note", *range(250))
    assert queue.run({"note": witness.note}) == 250
    assert queue.run({"note": witness.note}) == 0
    assert witness.seen == list(range(250))
    assert jobs(queue) == []


def test_a_job_of_an_undone_transaction_never_was(queue: Queue, witness: Witness) -> None:
    with undone(queue.store.begin(SYSTEM)) as tx:
        enqueue(tx, "note", {"n": 1})
    assert queue.run({"note": witness.note}) == 0
    assert witness.seen == []


def test_the_worker_is_woken_after_the_commit(queue: Queue) -> None:
    woken: list[int] = []
    queue.store.wake = lambda: woken.append(len(jobs(queue)))
    ask(queue, "note", 1, 2)
    assert woken == [2]


def test_a_job_waits_for_its_time(queue: Queue, witness: Witness, hand_clock: HandClock) -> None:
    with queue.store.begin(SYSTEM) as tx:
        enqueue(tx, "note", {"n": 1}, due=tx.now + timedelta(minutes=1))
    assert queue.run({"note": witness.note}) == 0
    hand_clock.pass_time(timedelta(minutes=1))
    assert queue.run({"note": witness.note}) == 1


def test_the_same_key_is_one_job_while_it_waits(queue: Queue, witness: Witness) -> None:
    with queue.store.begin(SYSTEM) as tx:
        first = enqueue(tx, "note", {"n": 1}, dedupe_key="k")
        assert enqueue(tx, "note", {"n": 2}, dedupe_key="k") == first
    queue.run({"note": witness.note})
    ask(queue, "note", 3)
    queue.run({"note": witness.note})
    assert witness.seen == [1, 3]


def test_jobs_that_jobs_ask_for_run_too(queue: Queue, witness: Witness) -> None:
    def again(tx: Tx, job: Job) -> None:
        if job.args["n"] != 0:
            enqueue(tx, "again", {"n": int(str(job.args["n"])) - 1})
        witness.note(tx, job)

    ask(queue, "again", 3)
    assert queue.run({"again": again}) == 4
    assert witness.seen == [3, 2, 1, 0]


def test_a_failed_job_leaves_nothing_and_comes_back_later_and_later(
    queue: Queue, witness: Witness, hand_clock: HandClock
) -> None:
    ask(queue, "refuse", 1)
    ask(queue, "note", 2)
    handlers: dict[str, InnerHandler | OuterHandler] = {"refuse": refuse, "note": witness.note}
    pauses = []
    for _ in range(2):
        queue.run(handlers)
        (waiting,) = jobs(queue)
        pauses.append((waiting.due_at - hand_clock.now).total_seconds())
        assert waiting.last_error == "The press is closed on Sunday."
        hand_clock.now = waiting.due_at
    assert pauses == [60, 120]
    assert witness.seen == [2]
    with queue.store.read(SYSTEM) as tx:
        assert rows.fetch(tx, "SELECT count(*) FROM case_file") == [(0,)]


def double(tx: Tx, job: Job) -> None:
    """Its second case has the number of the first one, which the database may say late."""
    add_case(tx, "C-1")
    add_case(tx, f"C-{job.args['n']}")


def unwritable(tx: Tx, job: Job) -> None:
    add_case(tx, f"half a sign: \ud800 {job.args['n']}")


def keep(number: str) -> InnerHandler:
    def handle(tx: Tx, job: Job) -> None:
        add_case(tx, number)

    return handle


@pytest.mark.parametrize("faulty", [refuse, crash, double, unwritable])
def test_a_job_that_fails_among_others_undoes_none_of_them(queue: Queue, faulty: InnerHandler) -> None:
    with queue.store.begin(SYSTEM) as tx:
        for name in ("keep-8", "faulty", "keep-9"):
            enqueue(tx, name, {"n": 1})
    queue.run({"keep-8": keep("C-8"), "faulty": faulty, "keep-9": keep("C-9")})
    assert [(job.name, job.state, job.attempts) for job in jobs(queue)] == [("faulty", JobState.PENDING, 1)]
    with queue.store.read(SYSTEM) as tx:
        assert [case.number for case in rows.find(tx, Case, order_by="number")] == ["C-8", "C-9"]


def test_a_refusal_that_another_job_swallows_is_still_that_of_its_own(queue: Queue) -> None:
    def swallow(tx: Tx, job: Job) -> None:
        with suppress(Conflict):
            rows.count(tx, Case)

    with queue.store.begin(SYSTEM) as tx:
        for name in ("double", "swallow", "keep"):
            enqueue(tx, name, {"n": 1})
    queue.run({"double": double, "swallow": swallow, "keep": keep("C-9")})
    assert [job.name for job in jobs(queue)] == ["double"]
    with queue.store.read(SYSTEM) as tx:
        assert [case.number for case in rows.find(tx, Case)] == ["C-9"]


def test_a_job_that_has_run_takes_no_key_from_a_later_one(queue: Queue, witness: Witness) -> None:
    with queue.store.begin(SYSTEM) as tx:
        enqueue(tx, "note", {"n": 1}, dedupe_key="k")
        enqueue(tx, "again", {"n": 2})

    def again(tx: Tx, job: Job) -> None:
        enqueue(tx, "note", {"n": 3}, dedupe_key="k")

    queue.run({"note": witness.note, "again": again})
    assert witness.seen == [1, 3]


def exhaust(queue: Queue, handler: InnerHandler) -> Incident:
    with queue.store.begin(SYSTEM) as tx:
        case = add_case(tx)
        enqueue(tx, "job", {"n": 1}, case_id=case.id, instance_id="i", wait_id="w", max_attempts=1)
    queue.run({"job": handler})
    with queue.store.read(SYSTEM) as tx:
        (incident,) = rows.find(tx, Incident)
        assert counters.value(tx, "incidents", "open") == 1
        assert [event.kind for event in audit.events_of(tx, case.id)] == ["incident_raised"]
        assert audit.verify(tx) == []
    return incident


def test_used_up_attempts_are_an_incident_with_its_sentence(queue: Queue) -> None:
    incident = exhaust(queue, refuse)
    assert str(incident.message) == "The press is closed on Sunday."
    assert [job.state for job in jobs(queue)] == [JobState.FAILED]
    assert queue.run({"job": refuse}) == 0


def test_a_programming_error_is_an_incident_too(queue: Queue, caplog: pytest.LogCaptureFixture) -> None:
    incident = exhaust(queue, crash)
    assert incident.code == "job_crashed"
    assert "ZeroDivisionError" in str(incident.message)
    assert "ZeroDivisionError" in caplog.text


def test_a_retried_job_runs_again_from_its_first_attempt(queue: Queue, witness: Witness) -> None:
    incident = exhaust(queue, crash)
    with queue.store.begin(SYSTEM) as tx:
        retry_job(tx, incident.job_id or "")
    assert queue.run({"job": witness.note}) == 1
    with queue.store.read(SYSTEM) as tx:
        assert [(row.state, row.settled_how) for row in rows.find(tx, Incident)] == [("settled", "retried")]
        assert counters.values(tx, "incidents") == {}
    assert (witness.seen, jobs(queue)) == ([1], [])


def test_a_skipped_job_is_gone_without_its_effect(queue: Queue, witness: Witness) -> None:
    incident = exhaust(queue, crash)
    with queue.store.begin(SYSTEM) as tx:
        assert skip_job(tx, incident.job_id or "").wait_id == "w"
    assert queue.run({"job": witness.note}) == 0
    assert jobs(queue) == []


def test_only_failed_jobs_are_retried_or_skipped(queue: Queue) -> None:
    ask(queue, "note", 1)
    (waiting,) = jobs(queue)
    with queue.store.begin(SYSTEM) as tx:
        with pytest.raises(Conflict, match="has not failed"):
            retry_job(tx, waiting.id)
        with pytest.raises(Conflict, match="has not failed"):
            skip_job(tx, waiting.id)


def test_a_job_that_nobody_knows_is_an_incident_at_once(queue: Queue) -> None:
    ask(queue, "knit", 1)
    queue.run({})
    with queue.store.read(SYSTEM) as tx:
        assert [row.code for row in rows.find(tx, Incident)] == ["job_unknown"]


def test_jobs_of_a_wait_that_is_over_are_dropped_with_their_incident(queue: Queue) -> None:
    case_id = exhaust(queue, crash).case_id
    with queue.store.begin(SYSTEM) as tx:
        assert drop_of_wait(tx, "i", "w", case_id=case_id) == 1
        assert counters.values(tx, "incidents") == {}
    assert jobs(queue) == []


def outside(queue: Queue, seen: list[object], *, error: Exception | None = None) -> OuterHandler:
    def perform(payload: object) -> object:
        with queue.store.begin(SYSTEM):  # no transaction is open here, else this would be refused
            seen.append(("performed", payload))
        if error is not None:
            raise error
        return "accepted"

    def record(tx: Tx, job: Job, result: object) -> None:
        del tx, job
        seen.append(("recorded", result))

    return OuterHandler(lambda tx, job: job.args["n"], perform, record)


def test_an_outer_job_performs_outside_any_transaction_and_records_the_result(queue: Queue) -> None:
    seen: list[object] = []
    ask(queue, "send", 7)
    assert queue.run({"send": outside(queue, seen)}) == 1
    assert seen == [("performed", 7), ("recorded", "accepted")]
    assert jobs(queue) == []


def test_an_outer_failure_that_time_cannot_heal_is_an_incident_at_once(queue: Queue) -> None:
    refusal = ChannelError("no_address", "There is no address.", permanent=True)
    ask(queue, "send", 7, max_attempts=5)
    queue.run({"send": outside(queue, [], error=refusal)})
    assert [(job.state, job.attempts) for job in jobs(queue)] == [(JobState.FAILED, 1)]


def test_a_late_result_is_dropped(queue: Queue) -> None:
    seen: list[object] = []

    def perform(payload: object) -> object:
        with queue.store.begin(SYSTEM) as tx:
            drop_of_wait(tx, "i", "w")
        return payload

    with queue.store.begin(SYSTEM) as tx:
        enqueue(tx, "send", {"n": 1}, instance_id="i", wait_id="w")
    queue.run({"send": OuterHandler(lambda tx, job: 1, perform, lambda tx, job, result: seen.append(result))})
    assert (seen, jobs(queue)) == ([], [])


def test_a_killed_workers_jobs_come_back_after_their_lease(
    queue: Queue, witness: Witness, hand_clock: HandClock
) -> None:
    ask(queue, "note", 1, 2)
    assert [job.attempts for job in queue.take(10)] == [1, 1]
    assert queue.run({"note": witness.note}) == 0
    hand_clock.pass_time(LEASE + timedelta(seconds=1))
    with queue.store.begin(SYSTEM) as tx:
        assert recover(tx) == 2
    assert queue.run({"note": witness.note}) == 2
    assert witness.seen == [1, 2]


def test_a_job_that_ended_a_process_runs_alone_and_not_for_ever(queue: Queue, witness: Witness) -> None:
    ask(queue, "note", 1, 2, max_attempts=2)
    for leased in (2, 1):
        assert len(queue.take(10)) == leased
        with queue.store.begin(SYSTEM) as tx:
            recover(tx, all_leases=True)
    assert queue.run({"note": witness.note}) == 1
    assert witness.seen == [2]
    with queue.store.read(SYSTEM) as tx:
        assert [row.code for row in rows.find(tx, Incident)] == ["job_lost"]


def test_of_many_who_take_jobs_at_once_each_job_is_one_s(queue: Queue) -> None:
    ask(queue, "note", *range(40))
    with ThreadPoolExecutor(4) as workers:
        taken = [job.id for jobs in workers.map(queue.take, [10] * 8) for job in jobs]
    assert len(taken) == len(set(taken))
    left = len([job for job in jobs(queue) if job.state is JobState.PENDING])
    assert len(taken) + left == 40
