"""A worker that was believed dead comes back while another one does its job: the result is kept once."""

from __future__ import annotations

import threading

from engine.jobs import enqueue
from engine.jobs.drain import run_one
from engine.jobs.kinds import Handlers, OuterHandler
from engine.jobs.lease import recover
from engine.model.people import SYSTEM
from engine.model.running import Job
from engine.store.transaction import Store, Tx
from tests.promises.conftest import House


def test_two_who_report_at_the_same_moment_are_one_result(house: House) -> None:
    case = house.register()
    is_recording, kept = threading.Event(), list[str]()

    def record(_tx: Tx, job: Job, _result: object) -> None:
        kept.append(job.id)
        is_recording.set()
        threading.Event().wait(0.7)  # meanwhile it is believed dead, and the other one begins

    handlers: Handlers = {"tell": OuterHandler(lambda _tx, _job: None, lambda _given: None, record)}
    with house.store.begin(SYSTEM) as tx:
        job = enqueue(tx, "tell", {}, case_id=case.id, max_attempts=9)
    first = threading.Thread(target=work, args=(house, handlers, job.id))
    first.start()
    assert is_recording.wait(20)
    with house.store.begin(SYSTEM) as tx:  # on SQLite it is done by then; on PostgreSQL it is held, so nobody takes it
        assert recover(tx, all_leases=True) == 0
    work(house, handlers, job.id)
    first.join()
    assert (kept, house.all(Job, id=job.id)) == ([job.id], [])


def work(house: House, handlers: Handlers, job_id: str) -> None:
    """Another process's worker."""
    store = Store(house.store.database, clock=lambda: house.now)
    run_one(store, handlers, job_id)
    store.close()
