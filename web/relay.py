"""Requests are worked on one after the other by one thread, until one takes long: then the next thread takes over beside it.

In one interpreter two threads at work do not do more than one: each statement to the database gives the interpreter away,
and getting it back costs more than the statement. One thread that goes from request to request never hands it over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

PATIENCE = 0.01
"""Seconds: what has taken as long, and at most twice as long, is overtaken where others wait."""

Params = ParamSpec("Params")
Result = TypeVar("Result")
Work = tuple["Future[Any]", Callable[[], Any]]


class Relay(Executor):
    """A pool of threads of which one takes up work; whoever is overtaken ends its piece and then waits for another turn."""

    def __init__(self, most: int, *, patience: float = PATIENCE) -> None:
        """At most so many threads, which are made when they are needed."""
        self._most = most
        self._patience = patience
        self._waiting: SimpleQueue[Work | None] = SimpleQueue()
        self._turns: SimpleQueue[int] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._turn = 0
        self._spare = 0
        self._in_hand: Work | None = None
        self._others_wait = threading.Event()
        self._guard = threading.Lock()
        self._ended = False

    def submit(self, fn: Callable[Params, Result], /, *args: Params.args, **kwargs: Params.kwargs) -> Future[Result]:
        """Let the thread whose turn it is do this when it is done with what came before."""
        if self._ended:
            raise RuntimeError("no work is taken after the end")
        if not self._threads:
            self._start()
        future: Future[Result] = Future()
        self._waiting.put((future, lambda: fn(*args, **kwargs)))
        if self._in_hand is not None:
            self._watch()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End when all work is done, or with `cancel_futures` when that in hand is."""
        with self._guard:
            self._ended = True
            threads = list(self._threads)
        while cancel_futures and self._waiting.qsize():
            left = self._waiting.get()
            if left is not None:
                left[0].cancel()
        self._waiting.put(None)
        self._others_wait.set()
        if wait:
            for thread in threads:
                thread.join()

    def _start(self) -> None:
        with self._guard:
            if not self._threads:
                self._add(self._oversee)
                self._pass_on()

    def _add(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=f"requests-{len(self._threads)}")
        self._threads.append(thread)
        thread.start()

    def _pass_on(self) -> None:
        """Give the turn to a thread that has nothing to do, or to a new one; where there may be no more, nothing changes."""
        if self._spare:
            self._spare -= 1
        elif len(self._threads) <= self._most:  # one of them oversees
            self._add(self._take_turns)
        else:
            return
        self._in_hand = None
        self._turn += 1
        self._turns.put(self._turn)

    def _watch(self) -> None:
        if not self._others_wait.is_set():
            self._others_wait.set()

    def _oversee(self) -> None:
        """While work waits, look whether the same is in hand as at the look before."""
        while self._others_wait.wait() and not self._ended:
            seen = self._in_hand
            time.sleep(self._patience)
            if not self._waiting.qsize():
                self._others_wait.clear()
                if self._waiting.qsize():  # it came between the two
                    self._others_wait.set()
            elif seen is not None and seen is self._in_hand:
                with self._guard:
                    self._pass_on()

    def _take_turns(self) -> None:
        """Work while it is this thread's turn, then wait for another one."""
        while mine := self._turns.get():
            while mine == self._turn:
                work = self._waiting.get()
                if work is None:
                    self._waiting.put(None)  # for whoever was overtaken
                    self._turns.put(0)
                    return
                self._do(work)
            with self._guard:
                self._spare += 1
        self._turns.put(0)  # for the next one

    def _do(self, work: Work) -> None:
        self._in_hand = work
        if self._waiting.qsize():
            self._watch()
        future, call = work
        if future.set_running_or_notify_cancel():
            try:
                result = call()
            except BaseException as error:  # noqa: BLE001  # outer loop: whoever handed it in is told
                future.set_exception(error)
            else:
                future.set_result(result)
        if self._in_hand is work:
            self._in_hand = None
