"""One thread at a time looks for work and does it; where a piece takes long, the next thread takes over beside it.

In one interpreter two threads at work do not do more than one: a piece that one thread hands to another, and each statement
to the database, gives the interpreter away, and getting it back costs more than the statement. So whoever finds a piece does it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

PATIENCE = 0.01
"""Seconds: what has taken as long, and at most twice as long, is overtaken."""
REST = 1.0
"""Seconds without work after which whoever oversees looks only as often as that."""


class Relay:
    """Threads of which one has the turn; whoever is overtaken ends its piece and then waits for another turn."""

    def __init__(self, look: Callable[[int], None], most: int, *, patience: float = PATIENCE) -> None:
        """Call `look` with the number of the turn over and over, in at most so many threads, made when they are needed.

        `look` waits for work without end or for a while, and says of each piece when it takes it up and puts it down.
        """
        self._look = look
        self._most = most
        self._patience = patience
        self._turns: SimpleQueue[int] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._turn = 0
        self._spare = 0
        self._pieces = 0
        self._at_work = False
        self._stirs = threading.Event()
        self._guard = threading.Lock()
        self._ended = False
        self._failure: BaseException | None = None

    def take_up(self) -> None:
        """Begin a piece."""
        self._pieces += 1
        self._at_work = True
        if not self._stirs.is_set():
            self._stirs.set()

    def put_down(self, turn: int) -> bool:
        """End a piece; tell whether the turn is still the same, so that this thread may go on looking."""
        with self._guard:
            if turn != self._turn:
                return False
            self._at_work = False
            return True

    def oversee(self, beat: Callable[[], None]) -> None:
        """Let the threads work until the end, and call `beat` at least each second; raises what broke off a look."""
        with self._guard:
            self._pass_on()
        idle = 0.0
        while not self._ended:
            seen, was_at_work = self._pieces, self._at_work
            if idle < REST:
                time.sleep(self._patience)
            else:
                self._rest()
            beat()
            idle = 0.0 if self._pieces != seen or self._at_work else idle + self._patience
            if was_at_work:
                self._overtake(seen)
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """Give no more turns; each thread leaves when it is done with what it does."""
        with self._guard:
            self._ended = True
            self._turn = 0
        self._turns.put(0)
        self._stirs.set()

    def _rest(self) -> None:
        self._stirs.clear()
        if not self._at_work and not self._ended:  # neither came between the two
            self._stirs.wait(REST)

    def _overtake(self, seen: int) -> None:
        with self._guard:
            if self._at_work and self._pieces == seen and not self._ended:
                self._pass_on()

    def _pass_on(self) -> None:
        """Give the turn to a thread that has nothing to do, or to a new one; where there may be no more, nothing changes."""
        if self._spare:
            self._spare -= 1
        elif len(self._threads) < self._most:
            thread = threading.Thread(target=self._take_turns, name=f"requests-{len(self._threads)}")
            self._threads.append(thread)
            thread.start()
        else:
            return
        self._at_work = False
        self._turn += 1
        self._turns.put(self._turn)

    def _take_turns(self) -> None:
        """Look while it is this thread's turn, then wait for another one."""
        try:
            while turn := self._turns.get():
                while turn == self._turn:
                    self._look(turn)
                with self._guard:
                    self._spare += 1
        except BaseException as failure:  # noqa: BLE001  # outer loop: whoever oversees is told
            self._failure = failure
            self.end()
        self._turns.put(0)  # for the next one
