"""gunicorn's worker with threads that take turns at its connections: whoever finds a request answers it, in one packet."""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from selectors import EVENT_READ
from types import FrameType
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from web.relay import Relay

LOOK = 1.0
"""Seconds after which connections that were silent too long are looked for."""
LAST_LOOKS = 0.1
"""The same while the process ends."""
LINGER = 2.0
"""Seconds that a kept connection stays open for a request that is under way already, while the process ends."""


class Line:
    """The way to whoever asked; the head of an answer waits for the first part of its body."""

    def __init__(self, sock: Any) -> None:  # a socket, or what TLS makes of it
        self._sock = sock
        self._has_head = False
        self._held = b""

    def __getattr__(self, name: str) -> Any:  # everything else that a socket can
        return getattr(self._sock, name)

    def sendall(self, data: bytes) -> None:
        """Send, once there is more than a head."""
        if not self._has_head:
            self._has_head, self._held = True, data
            return
        if self._held:
            data, self._held = self._held + data, b""
        self._sock.sendall(data)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Send a file."""
        self.flush()
        sent: int = self._sock.sendfile(file, offset, count)
        return sent

    def flush(self) -> None:
        """Send what waits: an answer without a body has ended."""
        if self._held:
            data, self._held = self._held, b""
            self._sock.sendall(data)


@dataclass(frozen=True, slots=True)
class Asking:
    """What gunicorn wants to know of a connection to answer a request on it."""

    sock: Line
    client: Any
    server: Any


class Attendant(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """One thread waits for connections and answers them one after the other; a slow answer is overtaken.

    The process's first thread hears signals and oversees the others. Only the thread whose turn it is touches the poller
    and the lists of connections. gunicorn's own quick end locks up where its signal meets a request; this one ends in order.
    """

    alive: bool

    def init_process(self) -> None:
        """Serve, once the application is there.

        gunicorn looks its settings up by name some thirty times a request; here they are attributes, for they change no more.
        """
        self.cfg.__dict__.update({name: setting.get() for name, setting in self.cfg.settings.items()})
        self.relay = Relay(self.look, self.cfg.threads)
        self.asking: deque[TConn] = deque()
        self.ends_at: float | None = None
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
        if self.ends_at is None:
            self.ends_at = time.monotonic() + self.cfg.graceful_timeout
        elif time.monotonic() > self.ends_at:
            self.relay.end()

    def look(self, turn: int) -> None:
        """Wait for whoever has something to say, and answer them while this thread has the turn."""
        if self.alive:
            self.set_accept_enabled(self.nr_conns < self.worker_connections)
        elif not self.goes_on_ending():
            return
        wait = 0.0 if self.asking else LOOK if self.alive else LAST_LOOKS
        for key, _ in self.poller.select(wait):
            key.data(key.fileobj)
        for _ in range(len(self.asking)):
            if not self.answer(self.asking.popleft(), turn):
                return
        self.murder_keepalived()
        self.murder_pending()

    def goes_on_ending(self) -> bool:
        """Take no new connection; those that are there may ask once more."""
        self.set_accept_enabled(False)
        latest = time.monotonic() + LINGER
        for conn in self.keepalived_conns:
            conn.timeout = min(conn.timeout or latest, latest)
        if self.nr_conns > 0:
            return True
        self.relay.end()
        return False

    def answer(self, conn: TConn, turn: int) -> bool:
        """Answer a request; tell whether this thread still has the turn."""
        self.relay.take_up()
        keeps = bool(self.handle(conn))
        if not keeps:
            with suppress(OSError):
                conn.close(graceful=True)  # it waits until the other side has read all, two seconds at most
        has_turn = self.relay.put_down(turn)
        if has_turn:
            self.keep(conn, keeps)
        else:
            self.method_queue.defer(self.keep, conn, keeps)
        return has_turn

    def keep(self, conn: TConn, keeps: bool) -> None:
        """Wait for the next request of a connection that is kept."""
        parser: Any = conn.parser
        if not keeps:
            self.nr_conns -= 1
        elif parser.unreader.buf.getvalue():  # it is there already
            self.asking.append(conn)
        else:
            conn.sock.setblocking(False)
            conn.set_timeout()
            self.keepalived_conns.append(conn)
            self.poller.register(conn.sock, EVENT_READ, partial(self.on_client_socket_readable, conn))

    def handle_request(self, req: Any, conn: TConn) -> bool:  # gunicorn's request
        """Let the application answer; tell whether the connection may bring another request."""
        line = Line(conn.sock)
        asking: Any = Asking(line, conn.client, conn.server)
        keeps: bool = super().handle_request(req, asking)
        line.flush()
        return keeps

    def enqueue_req(self, conn: TConn) -> None:
        """Let a request be answered in its turn; a new connection that has said nothing yet, as browsers open them, waits."""
        if conn.initialized or conn.data_ready:
            self.asking.append(conn)
            return
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """Let requests under way end, then leave."""
        self.handle_exit(sig, frame)
