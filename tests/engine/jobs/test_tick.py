"""A due timer is handed to one job, never early, and again only when it is armed again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.jobs import drain, retry_job, skip_job, tick
from engine.model.people import SYSTEM
from engine.model.running import Instance, InstanceStatus, Job, Timer, TimerState
from engine.store import deployments, rows, timers
from engine.store.transaction import Store, Tx
from tests.engine.conftest import HandClock, add_case

MINUTE = timedelta(minutes=1)


def arm(tx: Tx, *minutes: int, clock_key: str = "", status: InstanceStatus = InstanceStatus.RUNNING) -> list[Timer]:
    deployed, _ = deployments.keep(tx, "p", {"p.bpmn": b""}, process_ids=["p"])
    case = add_case(tx, tx.new_id())
    instance = Instance(
        id=tx.new_id(), case_id=case.id, deployment_id=deployed.id, process_id="p", status=status, started_at=tx.now
    )
    armed = [
        Timer(
            id=tx.new_id(),
            case_id=case.id,
            instance_id=instance.id,
            wait_id=str(place),
            element_id="wait",
            due_at=tx.now + minute * MINUTE,
            clock_key=clock_key,
            armed_at=tx.now,
        )
        for place, minute in enumerate(minutes)
    ]
    rows.insert_many(tx, [instance, *armed])
    return armed


def test_due_timers_become_jobs_in_due_order_and_once(store: Store, hand_clock: HandClock) -> None:
    fired: list[object] = []
    with store.begin(SYSTEM) as tx:
        late, early, future = arm(tx, 5, 1, 60)
    assert tick(store) == 0
    hand_clock.pass_time(5 * MINUTE)
    assert (tick(store), tick(store)) == (2, 0)

    def fire(tx: Tx, job: Job) -> None:
        fired.append(job.args["timer"])
        rows.update(tx, Timer, str(job.args["timer"]), state=TimerState.FIRED, settled_at=tx.now)

    drain(store, {"fire_timer": fire})
    assert fired == [early.id, late.id]
    assert tick(store) == 0
    with store.read(SYSTEM) as tx:
        assert timers.oldest_due(tx) == future.due_at


def test_more_timers_than_a_transaction_takes_become_jobs_once_each_in_due_order(
    store: Store, hand_clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tick.__globals__, "AT_ONCE", 3)  # the room's name for the function hides its module
    with store.begin(SYSTEM) as tx:
        armed = arm(tx, 2, 1, 1, 1, 1, 1, 2, 3, 60)
    hand_clock.pass_time(5 * MINUTE)
    assert (tick(store), tick(store)) == (8, 0)
    with store.read(SYSTEM) as tx:
        jobs = rows.find(tx, Job, order_by="id")
    expected = sorted(armed[:8], key=lambda timer: (timer.due_at, timer.id))
    assert [job.args["timer"] for job in jobs] == [timer.id for timer in expected]


def test_a_timer_that_is_armed_again_fires_again(store: Store, hand_clock: HandClock) -> None:
    with store.begin(SYSTEM) as tx:
        (timer,) = arm(tx, 1)
    hand_clock.pass_time(MINUTE)
    tick(store)
    drain(store, {"fire_timer": lambda tx, job: rows.update(tx, Timer, timer.id, due_at=tx.now + MINUTE)})
    assert tick(store) == 0
    hand_clock.pass_time(MINUTE)
    assert tick(store) == 1


def test_a_suspended_instance_holds_plain_timers_but_no_clock(store: Store, hand_clock: HandClock) -> None:
    with store.begin(SYSTEM) as tx:
        arm(tx, 1, status=InstanceStatus.SUSPENDED)
        (threshold,) = arm(tx, 1, clock_key="statutory", status=InstanceStatus.SUSPENDED)
    hand_clock.pass_time(MINUTE)
    assert tick(store) == 1
    with store.read(SYSTEM) as tx:
        assert [job.args["timer"] for job in rows.find(tx, Job)] == [threshold.id]
        assert timers.of_clock(tx, threshold.case_id, "statutory") == [threshold]


def test_cancelled_timers_never_fire(store: Store, hand_clock: HandClock) -> None:
    with store.begin(SYSTEM) as tx:
        timer, _ = arm(tx, 1, 2)
        assert rows.update_where(tx, Timer, {"state": TimerState.CANCELLED}, instance_id=timer.instance_id) == 2
    hand_clock.pass_time(5 * MINUTE)
    assert tick(store) == 0


def test_a_skipped_timer_job_settles_its_timer(store: Store, hand_clock: HandClock) -> None:
    with store.begin(SYSTEM) as tx:
        (timer,) = arm(tx, 1)
    hand_clock.pass_time(MINUTE)
    tick(store)
    drain(store, {})
    with store.begin(SYSTEM) as tx:
        job = rows.find(tx, Job)[0]
        retry_job(tx, job.id)
    drain(store, {})
    with store.begin(SYSTEM) as tx:
        skip_job(tx, job.id)
        assert rows.get(tx, Timer, timer.id).state is TimerState.SKIPPED
    assert tick(store) == 0


def test_a_threshold_whose_clock_has_no_due_is_no_pending_timer(store: Store) -> None:
    with store.begin(SYSTEM) as tx:
        armed, other = arm(tx, 1, 2)
        rows.update(tx, Timer, other.id, due_at=None, clock_key="statutory")
        assert timers.count_pending(tx) == 1
        assert timers.may_be_due(tx, tx.now + MINUTE)
        assert not timers.may_be_due(tx, tx.now)
        rows.update(tx, Timer, armed.id, due_at=None)
        assert not timers.may_be_due(tx, tx.now + 9 * MINUTE)
