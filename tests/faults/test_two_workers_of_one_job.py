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
    both_have_performed, kept = threading.Barrier(2, timeout=20), list[str]()

    def record(_tx: Tx, job: Job, _result: object) -> None:
        kept.append(job.id)
        threading.Event().wait(0.3)  # the other one comes in between

    handlers: Handlers = {
        "tell": OuterHandler(lambda _tx, _job: None, lambda _given: both_have_performed.wait(), record)
    }
    with house.store.begin(SYSTEM) as tx:
        job = enqueue(tx, "tell", {}, case_id=case.id, max_attempts=9)
    workers = [threading.Thread(target=work, args=(house, handlers, job.id)) for _ in range(2)]
    workers[0].start()
    while not house.all(Job, id=job.id, state="running"):
        threading.Event().wait(0.02)
    with house.store.begin(SYSTEM) as tx:
        recover(tx, all_leases=True)
    workers[1].start()
    for worker in workers:
        worker.join()
    assert (kept, house.all(Job, id=job.id)) == ([job.id], [])


def work(house: House, handlers: Handlers, job_id: str) -> None:
    """Another process's worker."""
    store = Store(house.store.database, clock=lambda: house.now)
    run_one(store, handlers, job_id)
    store.close()
