"""One thread goes from request to request; a slow one keeps the others waiting for a moment only."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from web.relay import Relay

SOON = 10.0


@pytest.fixture
def relay() -> Iterator[Relay]:
    made = Relay(3, patience=0.2)
    yield made
    made.shutdown()


def test_one_thread_does_one_piece_after_the_other(relay: Relay) -> None:
    found = [relay.submit(threading.get_ident) for _ in range(50)]
    assert len({each.result(SOON) for each in found}) == 1
    assert threading.get_ident() not in {each.result() for each in found}


def test_whoever_takes_long_is_overtaken_and_still_ends(relay: Relay) -> None:
    let_go = threading.Event()
    slow = relay.submit(let_go.wait, SOON)
    assert relay.submit(lambda: "quick").result(SOON) == "quick"
    assert not slow.done()
    let_go.set()
    assert slow.result(SOON) is True


def test_after_a_slow_one_there_is_one_thread_at_work_again(relay: Relay) -> None:
    let_go = threading.Event()
    slow = relay.submit(let_go.wait, SOON)
    relay.submit(lambda: None).result(SOON)
    let_go.set()
    slow.result(SOON)
    found = [relay.submit(threading.get_ident) for _ in range(50)]
    assert len({each.result(SOON) for each in found}) == 1


def test_as_many_slow_ones_as_there_are_threads_keep_the_rest_waiting_until_one_ends(relay: Relay) -> None:
    gates = [threading.Event() for _ in range(3)]
    slow = [relay.submit(gate.wait, SOON) for gate in gates]
    quick = relay.submit(lambda: "quick")
    time.sleep(1.0)
    assert not quick.done()
    gates[0].set()
    assert quick.result(SOON) == "quick"
    for gate in gates:
        gate.set()
    assert all(each.result(SOON) for each in slow)


def test_many_rounds_of_slow_ones_use_no_more_threads_than_allowed() -> None:
    before, relay = threading.active_count(), Relay(3, patience=0.005)
    for _ in range(5):
        found = [relay.submit(time.sleep, 0.03) for _ in range(4)]
        for each in found:
            each.result(SOON)
    assert threading.active_count() <= before + 4  # three and the one that oversees them
    relay.shutdown()


def test_what_breaks_is_told_to_whoever_handed_it_in(relay: Relay) -> None:
    broken = relay.submit(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        broken.result(SOON)
    assert relay.submit(lambda: "quick").result(SOON) == "quick"


def test_the_end_waits_for_what_was_handed_in_and_leaves_no_thread() -> None:
    before = threading.active_count()
    relay = Relay(3)
    found = [relay.submit(time.sleep, 0.03) for _ in range(6)]
    relay.shutdown()
    assert all(each.done() for each in found)
    assert threading.active_count() == before
    with pytest.raises(RuntimeError):
        relay.submit(lambda: None)


def test_the_end_can_leave_undone_what_nobody_has_begun() -> None:
    relay, at_work, let_go = Relay(1), threading.Event(), threading.Event()

    def hold() -> bool:
        at_work.set()
        return let_go.wait(SOON)

    begun = relay.submit(hold)
    at_work.wait(SOON)
    left = relay.submit(lambda: "late")
    relay.shutdown(wait=False, cancel_futures=True)
    let_go.set()
    assert begun.result(SOON) is True
    assert left.cancelled()


def test_hundreds_from_many_sides_are_all_done(relay: Relay) -> None:
    done: list[int] = []

    def hand_in(side: int) -> None:
        for number in range(100):
            relay.submit(done.append, side * 100 + number).result(SOON)

    sides = [threading.Thread(target=hand_in, args=(side,)) for side in range(5)]
    for side in sides:
        side.start()
    for side in sides:
        side.join()
    assert sorted(done) == list(range(500))
