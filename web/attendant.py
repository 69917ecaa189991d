"""gunicorn's worker with threads that take turns at its connections: whoever finds a request answers it, in one packet."""

from __future__ import annotations

import errno
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from types import FrameType
from typing import Any

from gunicorn.util import write_error

from engine.wiring import Engine
from web.answering import Answering
from web.caller import Caller
from web.relay import Relay
from web.together import LONGEST, MOST, Together

LOOK = 1.0
"""Seconds after which connections that were silent too long are looked for."""
LAST_LOOKS = 0.1
"""The same while the process ends."""
LINGER = 2.0
"""Seconds that a kept connection stays open for a request that is under way already, while the process ends."""
APART = 1.0
"""Seconds for which each request is answered by itself, after several could not be kept together."""
_NOT_NOW = frozenset({errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE})


class Attendant(Answering):
    """One thread waits for requests and answers them one after the other; a slow answer is overtaken.

    A request is answered when all of it has come; those that have come at the same time, change something and are short
    are kept by one commit. The process's first thread hears signals and oversees the others. Only the thread whose turn it
    is touches the poller and the lists of connections. gunicorn's own quick end locks up where its signal meets a request;
    this one ends in order.
    """

    engine: Engine | None = None
    """Where several requests are kept together; None where they are not."""

    def init_process(self) -> None:
        """Serve, once the application is there.

        gunicorn looks its settings up by name some thirty times a request; here they are attributes, for they change no more.
        """
        self.cfg.__dict__.update({name: setting.get() for name, setting in self.cfg.settings.items()})
        self.relay = Relay(self.look, self.cfg.threads)
        self.waiting: dict[Caller, None] = {}
        self.asking: deque[Caller] = deque()
        self.asking_together: deque[Caller] = deque()
        self.apart_until = self.looks_for_silent_at = 0.0
        super().init_process()

    def run(self) -> None:
        """Serve until a signal says that it is enough."""
        bell: Any = self.method_queue.fileno()  # gunicorn knows that it is there by now
        self.poller.register(bell, EVENT_READ, self.method_queue.run_callbacks)
        self.set_accept_enabled(True)
        try:
            self.relay.oversee(self.beat)
        finally:
            self.relay.end()
        for listener in self.sockets:
            listener.close()

    def beat(self) -> None:
        """Tell gunicorn that this process lives; where nobody finds the time to end it, end it."""
        self.notify()
        if self.alive and not self.is_parent_alive():
            self.alive = False
        if self.alive:
            return
        if self.stopped_at is None:
            self.stopped_at = time.monotonic()
        elif time.monotonic() > self.stopped_at + self.cfg.graceful_timeout:
            self.relay.end()

    def look(self, turn: int) -> None:
        """Wait for whoever has something to say, and answer them while this thread has the turn."""
        if self.alive:
            self.set_accept_enabled(self.nr_conns < self.worker_connections)
        elif not self.goes_on_ending():
            return
        has_work = self.asking or self.asking_together
        for key, _ in self.poller.select(0.0 if has_work else LOOK if self.alive else LAST_LOOKS):
            key.data(key.fileobj)
        for _ in range(len(self.asking)):
            if not self.answer(self.asking.popleft(), turn):
                return
        if self.asking_together and not self.answer_together(turn):
            return
        self.part_with_silent()

    def goes_on_ending(self) -> bool:
        """Take no new connection; those that are there may ask once more, and what has begun to come may end."""
        self.set_accept_enabled(False)
        latest = time.monotonic() + LINGER
        for conn in self.waiting:
            if not conn.arriving.has_begun:
                conn.until = min(conn.until, latest)
        if self.nr_conns > 0:
            return True
        self.relay.end()
        return False

    def accept(self, listener: Any) -> None:
        """Take every new connection; where a server before this one opens one for each request, most have said it already."""
        while self.nr_conns < self.worker_connections:
            try:
                sock, client = listener.accept()
            except OSError as error:
                if error.errno not in _NOT_NOW:
                    raise
                return
            sock.setblocking(True)
            self.nr_conns += 1
            conn = Caller(self.cfg, sock, client, listener.getsockname())
            conn.stays_for(self.cfg.keepalive)
            self.wait_for(conn)
            self.hear(conn)

    def wait_for(self, conn: Caller) -> None:
        """Wait for what comes next over a connection."""
        self.waiting[conn] = None
        self.poller.register(conn.sock, EVENT_READ, partial(self.hear, conn))

    def hear(self, conn: Caller, _sock: object = None) -> None:
        """Take what has come; whose request is whole is answered in its turn."""
        try:
            if not conn.hears():
                return
        except OSError as error:
            if error.errno in _NO_ROOM:
                self.refuse(conn, 503, "Service Unavailable")
            else:  # it hung up
                self.hang_up(conn)
            return
        self.wait_no_longer(conn)
        self.ask(conn)

    def wait_no_longer(self, conn: Caller) -> None:
        """Leave a connection alone for now."""
        del self.waiting[conn]
        self.poller.unregister(conn.sock)

    def ask(self, conn: Caller) -> None:
        """Let a request be answered in its turn."""
        together = self.engine is not None and conn.arriving.is_small_post and time.monotonic() > self.apart_until
        (self.asking_together if together else self.asking).append(conn)

    def refuse(self, conn: Caller, status: int, reason: str) -> None:
        """Answer whoever never came to an end, and hang up."""
        conn.sock.setblocking(False)  # who takes no answer holds nobody
        with suppress(OSError):
            write_error(conn.sock, status, reason, "")
        self.hang_up(conn)

    def hang_up(self, conn: Caller) -> None:
        """Leave a connection that is waited for."""
        self.wait_no_longer(conn)
        self.nr_conns -= 1
        conn.close()

    def part_with_silent(self) -> None:
        """Leave connections whose time is over."""
        now = time.monotonic()
        if self.alive and now < self.looks_for_silent_at:
            return
        self.looks_for_silent_at = now + LOOK
        for conn in [each for each in self.waiting if each.until < now]:
            if conn.arriving.has_begun:
                self.refuse(conn, 408, "Request Timeout")
            else:
                self.hang_up(conn)

    def answer(self, conn: Caller, turn: int) -> bool:
        """Answer a request; tell whether this thread still has the turn."""
        self.relay.take_up()
        keeps = self.serve(conn)
        return self.go_on([(conn, keeps)], turn)

    def answer_together(self, turn: int) -> bool:
        """Answer requests that are kept by one commit; tell whether this thread still has the turn."""
        if len(self.asking_together) == 1 or self.engine is None:
            return self.answer(self.asking_together.popleft(), turn)
        together, until = Together(self.engine, self.tell), time.monotonic() + LONGEST
        try:
            for _ in range(min(len(self.asking_together), MOST)):
                conn = self.asking_together.popleft()
                self.relay.take_up()
                keeps = self.serve(conn, together)
                if not together.is_open:  # this one was none to be held
                    return self.go_on([(conn, keeps)], turn)
                together.hold(conn, keeps=keeps)
                if not self.relay.put_down(turn):
                    return together.end(None)
                if time.monotonic() > until:
                    break
            self.relay.take_up()
            return together.end(turn)
        finally:
            together.drop()

    def tell(self, held: Sequence[tuple[Caller, bool]], turn: int | None, *, kept: bool) -> bool:
        """Send answers that were held, or let each request be answered again by itself; tell whether the turn is still here."""
        if kept:
            return self.go_on([(conn, conn.tells() and keeps) for conn, keeps in held], turn)
        self.apart_until = time.monotonic() + APART
        for conn, _ in held:
            conn.begins_again()
            self.method_queue.defer(self.ask, conn)
        return self.go_on([], turn)

    def go_on(self, answered: Sequence[tuple[Caller, bool]], turn: int | None) -> bool:
        """Leave connections, or wait for their next requests; tell whether this thread still has the turn, if it had it."""
        has_turn = turn is not None and self.relay.put_down(turn)
        for conn, keeps in answered:
            if has_turn:
                self.keep(conn, keeps)
            else:
                self.method_queue.defer(self.keep, conn, keeps)
        return has_turn

    def keep(self, conn: Caller, keeps: bool) -> None:  # gunicorn's queue takes places
        """Wait for the next request of a connection, unless it is there already; or until the other side has heard the end."""
        if not keeps:
            conn.leaves()
        elif conn.goes_on():
            self.ask(conn)
            return
        elif not conn.arriving.has_begun:
            conn.stays_for(self.cfg.keepalive)
        self.wait_for(conn)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let requests under way end, then leave."""
        self.stopped_at = self.stopped_at or time.monotonic()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """Do the same."""
        self.handle_exit(sig, frame)
