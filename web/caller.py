"""A connection: what comes over it is gathered without waiting, and what goes out may be held back."""

from __future__ import annotations

import math
import socket
import struct
import time
from contextlib import suppress
from io import BytesIO
from typing import Any, Protocol

from gunicorn.http.body import LengthReader
from gunicorn.http.parser import RequestParser
from gunicorn.util import close

from web.arriving import Arriving
from web.refusals import LARGEST_REQUEST

AT_ONCE = 64 * 1024
HEAD_SECONDS = 30.0
"""A head must have come by then, counted from its first byte."""
WHOLE_SECONDS = 600.0
"""And all of a request by then: the largest one takes 280 kilobits a second."""

_PATIENCE = struct.pack("ll", 30, 0)
"""Seconds, as the system takes them, that a thread waits for somebody who takes nothing of an answer."""
FAREWELL = 2.0
"""Seconds for the other side to hang up when it has been told to."""
MOST_DISCARDED = 64 * 1024


class Holding(Protocol):
    """Says whether answers are held back."""

    @property
    def is_open(self) -> bool: ...


class Line:
    """The way to whoever asked; the head of an answer waits for the first part of its body, and all of it while it is held."""

    def __init__(self, sock: Any, holding: Holding | None = None) -> None:
        self._sock = sock
        self._holding = holding
        self._has_head = False
        self._held = b""
        self.has_sent = False

    def __getattr__(self, name: str) -> Any:  # everything else that a socket can
        return getattr(self._sock, name)

    @property
    def is_holding(self) -> bool:
        """Whether nothing may go out yet."""
        return self._holding is not None and self._holding.is_open

    def send(self, data: bytes) -> int:
        """Send nothing of what gunicorn says at once, “100 Continue”: all has come already."""
        return len(data)

    def sendall(self, data: bytes) -> None:
        """Send, once there is more than a head."""
        if not self._has_head or self.is_holding:
            self._has_head, self._held = True, self._held + data
            return
        if self._held:
            data, self._held = self._held + data, b""
        self.has_sent = True
        self._sock.sendall(data)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Send a file."""
        if self.is_holding:
            file.seek(offset)
            data: bytes = file.read(count)
            self.sendall(data)
            return len(data)
        self.flush()
        sent: int = self._sock.sendfile(file, offset, count)
        return sent

    def flush(self) -> None:
        """Send what waits: an answer without a body has ended, or what it tells is kept."""
        if self._held:
            data, self._held = self._held, b""
            self.has_sent = True
            self._sock.sendall(data)


class Caller:
    """One connection, its request that is arriving or here, and until when it is waited for."""

    def __init__(self, cfg: Any, sock: Any, client: Any, server: Any) -> None:
        self.cfg = cfg
        self.sock = sock
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _PATIENCE)
        self.client = client
        self.server = server
        self.arriving = Arriving(LARGEST_REQUEST)
        self.parser = self._parser()
        self.line = Line(sock)
        self.until = math.inf
        self.begun_at = math.inf
        self.is_leaving = False
        self.discarded = 0

    def _parser(self) -> Any:
        source: Any = self.arriving  # it has what the parser wants of a socket
        return RequestParser(self.cfg, source, self.client)

    def stays_for(self, seconds: float) -> None:
        """Wait so long for the first byte of a request."""
        self.until = time.monotonic() + seconds

    def hears(self) -> bool:
        """Take what has come; tell whether a request is there as a whole. Raises OSError where the other side hung up."""
        try:
            data: bytes = self.sock.recv(AT_ONCE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        if not data or self.discarded > MOST_DISCARDED:
            raise ConnectionResetError
        if self.is_leaving:
            self.discarded += len(data)
            return False
        if not self.arriving.has_begun:
            self.begun_at = time.monotonic()
        return self._counts(is_whole=self.arriving.add(data))

    def leaves(self) -> None:
        """Say that this was all; then only the other side's hanging up is waited for, or it might lose the end of its answer."""
        self.is_leaving = True
        self.arriving.end()
        self.stays_for(FAREWELL)
        with suppress(OSError):  # it is gone already, which is heard
            self.sock.shutdown(socket.SHUT_WR)

    def goes_on(self) -> bool:
        """Leave a request behind; tell whether the next one is there already."""
        self.begun_at = time.monotonic()
        try:
            return self._counts(is_whole=self.arriving.go_on())
        except OSError:  # it is gone, or there is no room for what it sends
            self.leaves()
            return False

    def _counts(self, *, is_whole: bool) -> bool:
        if not is_whole:
            self.until = self.begun_at + (WHOLE_SECONDS if self.arriving.has_head else HEAD_SECONDS)
            if self.arriving.waits_for_word:
                self.arriving.waits_for_word = False
                self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n", socket.MSG_DONTWAIT)  # who reads nothing is no caller
        return is_whole

    def begins_again(self) -> None:
        """Let the request be answered once more, from its first byte on."""
        self.arriving.rewind()
        self.parser = self._parser()

    def parsed(self) -> Any:
        """The request as gunicorn reads it; a body that is here is not read piece by piece. Raises what gunicorn refuses."""
        found: Any = next(self.parser)
        body, reader = self.arriving.body, found.body.reader
        if body is not None and isinstance(reader, LengthReader):
            if reader.length == len(body):
                found.body, self.parser.unreader.buf = BytesIO(body), BytesIO()
            else:  # where the next request begins is not known: what follows is nobody's
                self.arriving.is_cut = True
        return found

    def has_read_all(self) -> bool:
        """Let the rest of a request go that nobody read; False where its end is not known."""
        if self.arriving.is_cut or not self.parser.finish_body():
            return False
        left: BytesIO = self.parser.unreader.buf
        return not left.getvalue()

    def tells(self) -> bool:
        """Send what was held back; False where nobody is there any more."""
        try:
            self.line.flush()
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Hang up."""
        close(self.sock)
        self.arriving.end()
