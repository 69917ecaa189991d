"""Callers of a server over raw sockets, all on one thread: each sends its next request when it has the whole answer to its last.

A thread for each caller and `http.client` took more of the second core than the server of the first, and waited for each other.
"""

from __future__ import annotations

import re
import socket
import time
from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector
from urllib.parse import urlencode

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
COOKIE = re.compile(r"\r\nset-cookie: *([^=]+)=([^;\r]*)", re.IGNORECASE)
HIDDEN = re.compile(r'name="(csrf_token|_version)"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Ask:
    """A request; `kind` says with which others its time counts."""

    kind: str
    method: str
    path: str
    headers: str = ""
    body: bytes = b""

    def sent(self, port: int) -> bytes:
        """As it goes over the line."""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{self.headers}"
        return f"{head}Content-Length: {len(self.body)}\r\n\r\n".encode() + self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has come whole."""

    status: int
    head: str
    body: bytes


Talk = Generator[Ask, Answer, None]


class Line:
    """One connection that is kept, and what is said over it."""

    def __init__(self, port: int, talk: Talk) -> None:
        self.port = port
        self.talk = talk
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.come = b""
        self.asked = next(talk)
        self.begun = 0.0

    def send(self) -> None:
        """Ask."""
        self.begun = time.perf_counter()
        self.socket.sendall(self.asked.sent(self.port))

    def receive(self, taken: dict[str, list[float]]) -> bool:
        """Take what has come; where that is all, note the time and ask the next. Tell whether there is more to come."""
        more = self.socket.recv(262_144)
        if not more:
            raise RuntimeError(f"{self.asked.path}: the server hung up")
        self.come += more
        end = self.come.find(b"\r\n\r\n")
        length = LENGTH.search(self.come, 0, end) if end >= 0 else None
        if end < 0 or length is None or len(self.come) < end + 4 + int(length[1]):
            return True
        taken[self.asked.kind].append(time.perf_counter() - self.begun)
        answer = Answer(int(self.come[9:12]), self.come[: end + 2].decode(), self.come[end + 4 :])
        self.come = b""
        try:
            self.asked = self.talk.send(answer)
        except StopIteration:
            return False
        self.send()
        return True


def drive(port: int, talks: Sequence[Talk]) -> dict[str, list[float]]:
    """Hold all conversations at once; gives the seconds of each request by kind."""
    taken: dict[str, list[float]] = defaultdict(list)
    with DefaultSelector() as lines, ExitStack() as sockets:
        for talk in talks:
            line = Line(port, talk)
            sockets.enter_context(line.socket)
            lines.register(line.socket, EVENT_READ, line)
        for key in list(lines.get_map().values()):
            key.data.send()
        while lines.get_map():
            for key, _ in lines.select(30):
                if not key.data.receive(taken):
                    lines.unregister(key.fileobj)
    return taken


@dataclass(slots=True)
class Browser:
    """What a browser keeps between pages: cookies, and the hidden fields of the page at hand."""

    cookies: dict[str, str] = field(default_factory=dict[str, str])
    hidden: dict[str, str] = field(default_factory=dict[str, str])

    def get(self, kind: str, path: str) -> Ask:
        """Ask for a page."""
        return Ask(kind, "GET", path, self._headers())

    def post(self, kind: str, path: str, **fields: str) -> Ask:
        """Send the form of the page at hand."""
        form = "Content-Type: application/x-www-form-urlencoded\r\n"
        return Ask(kind, "POST", path, self._headers() + form, urlencode({**self.hidden, **fields}).encode())

    def read(self, answer: Answer, status: int) -> str:
        """Keep what the answer brings; give where it leads, or nothing."""
        if answer.status != status:
            raise RuntimeError(f"{answer.status} instead of {status}: {answer.body[-500:]!r}")
        self.cookies.update(COOKIE.findall(answer.head))
        self.hidden.update(HIDDEN.findall(answer.body.decode()))
        leads = re.search(r"\r\nlocation: *([^\r#]+)", answer.head, re.IGNORECASE)
        return leads[1] if leads else ""

    def _headers(self) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return f"Accept: text/html\r\nCookie: {cookies}\r\n"
