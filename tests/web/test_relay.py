"""One thread goes from piece to piece; a slow one keeps the others waiting for a moment only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

import pytest

from web.relay import Relay

SOON = 10.0
Result = TypeVar("Result")


class Desk:
    """Pieces that wait for whoever looks, and a thread that oversees those who do them."""

    def __init__(self, most: int, *, patience: float = 0.2) -> None:
        self.waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.relay = Relay(self.look, most, patience=patience)
        self.beats = 0
        self.failure: BaseException | None = None
        self.overseer = threading.Thread(target=self.oversee)
        self.overseer.start()

    def oversee(self) -> None:
        try:
            self.relay.oversee(self.beat)
        except BaseException as failure:  # noqa: BLE001  # told to the test
            self.failure = failure

    def beat(self) -> None:
        self.beats += 1

    def look(self, turn: int) -> None:
        try:
            piece = self.waiting.get(timeout=0.05)
        except Empty:
            return
        self.relay.take_up()
        piece()
        self.relay.put_down(turn)

    def bring(self, piece: Callable[[], Result]) -> Future[Result]:
        done: Future[Result] = Future()
        self.waiting.put(lambda: done.set_result(piece()))
        return done

    def end(self) -> None:
        self.relay.end()
        self.overseer.join()


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk(3)
    yield made
    made.end()


def test_one_thread_does_one_piece_after_the_other(desk: Desk) -> None:
    found = [desk.bring(threading.get_ident) for _ in range(50)]
    assert len({each.result(SOON) for each in found}) == 1
    assert {threading.get_ident(), desk.overseer.ident}.isdisjoint(each.result() for each in found)


def test_whoever_takes_long_is_overtaken_and_still_ends(desk: Desk) -> None:
    let_go = threading.Event()
    slow = desk.bring(lambda: let_go.wait(SOON))
    assert desk.bring(lambda: "quick").result(SOON) == "quick"
    assert not slow.done()
    let_go.set()
    assert slow.result(SOON) is True


def test_whoever_was_overtaken_has_the_turn_no_longer() -> None:
    turns: list[tuple[int, bool]] = []
    let_go = threading.Event()

    def look(turn: int) -> None:
        relay.take_up()
        if turn == 1:
            let_go.wait(SOON)
        time.sleep(0.001)
        turns.append((turn, relay.put_down(turn)))
        let_go.set()

    relay = Relay(look, 2, patience=0.05)
    overseer = threading.Thread(target=relay.oversee, args=(lambda: None,))
    overseer.start()
    while (1, False) not in turns:
        time.sleep(0.01)
    relay.end()
    overseer.join()
    assert {(1, False), (2, True)} <= set(turns)


def test_after_a_slow_one_there_is_one_thread_at_work_again(desk: Desk) -> None:
    let_go = threading.Event()
    slow = desk.bring(lambda: let_go.wait(SOON))
    desk.bring(lambda: None).result(SOON)
    let_go.set()
    slow.result(SOON)
    found = [desk.bring(threading.get_ident) for _ in range(50)]
    assert len({each.result(SOON) for each in found}) == 1


def test_as_many_slow_ones_as_there_are_threads_keep_the_rest_waiting_until_one_ends(desk: Desk) -> None:
    gates = [threading.Event() for _ in range(3)]
    slow = [desk.bring(partial(gate.wait, SOON)) for gate in gates]
    quick = desk.bring(lambda: "quick")
    time.sleep(1.0)
    assert not quick.done()
    beats = desk.beats
    gates[0].set()
    assert quick.result(SOON) == "quick"
    for gate in gates:
        gate.set()
    assert all(each.result(SOON) for each in slow)
    assert beats >= 3, "whoever oversees goes on while all are at work"


def test_many_rounds_of_slow_ones_use_no_more_threads_than_allowed() -> None:
    before, desk = threading.active_count(), Desk(3, patience=0.005)
    for _ in range(5):
        found = [desk.bring(lambda: time.sleep(0.03)) for _ in range(4)]
        for each in found:
            each.result(SOON)
    assert threading.active_count() <= before + 4  # three and the one that oversees them
    desk.end()


def test_whoever_oversees_rests_where_nothing_is_to_do_and_is_there_again_for_a_slow_one() -> None:
    desk = Desk(2, patience=0.01)
    time.sleep(1.5)
    beats = desk.beats
    time.sleep(1.0)
    assert 1 <= desk.beats - beats <= 3
    let_go = threading.Event()
    slow = desk.bring(lambda: let_go.wait(SOON))
    assert desk.bring(lambda: "quick").result(SOON) == "quick"
    let_go.set()
    assert slow.result(SOON)
    desk.end()


def test_a_look_that_breaks_off_ends_them_all_and_is_told_to_whoever_oversees() -> None:
    desk = Desk(2)
    desk.waiting.put(lambda: 1 // 0)  # type: ignore[arg-type]  # it gives nothing, ever
    desk.overseer.join(SOON)
    assert isinstance(desk.failure, ZeroDivisionError)


def test_the_end_waits_for_nobody_and_leaves_no_thread_when_all_are_done() -> None:
    before, desk, let_go = threading.active_count(), Desk(3), threading.Event()
    slow = desk.bring(lambda: let_go.wait(SOON))
    time.sleep(0.1)
    desk.end()
    assert not slow.done()
    let_go.set()
    assert slow.result(SOON)
    end = time.monotonic() + SOON
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_hundreds_from_many_sides_are_all_done(desk: Desk) -> None:
    done: list[int] = []

    def hand_in(side: int) -> None:
        for number in range(100):
            desk.bring(partial(done.append, side * 100 + number)).result(SOON)

    sides = [threading.Thread(target=hand_in, args=(side,)) for side in range(5)]
    for side in sides:
        side.start()
    for side in sides:
        side.join()
    assert sorted(done) == list(range(500))
