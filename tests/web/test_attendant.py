"""The server's own process: requests that have come at once are kept by one commit, and slow senders hold nobody."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from gunicorn.config import Config
from gunicorn.glogging import Logger

from engine.actions.create_token import NewToken, create_token
from engine.actions.register_case import Registration, register_case
from engine.model.errors import StorageFull
from engine.model.people import SYSTEM, Actor, Token
from engine.model.task import Task
from engine.store import rows
from engine.store.sqlite import SqliteConnection
from engine.wiring import Engine
from web import attendant, caller
from web.attendant import Attendant

SOON = 10.0
TOKEN = "a-token-of-anna"
TRIAGE = {"data": {"product_group": "appliance", "category": "defect"}, "outcome": "complaint"}


class Gate:
    """The application behind doors: who asks for /gate, or for anything with “?hold”, waits until it may go on."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.opens = threading.Event()
        self.is_reached = threading.Event()
        self.is_held = threading.Event()
        self.goes_on = threading.Event()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["QUERY_STRING"] == "hold":
            self.is_held.set()
            self.goes_on.wait(SOON)
        if environ["PATH_INFO"] != "/gate":
            return self.app.wsgi_app(environ, start)
        self.is_reached.set()
        self.opens.wait(SOON)
        start("200 OK", [("Content-Length", "4")])
        return [b"open"]

    def wsgi(self) -> Gate:
        """The application, as gunicorn asks for it."""
        return self


class Line:
    """One connection to the server."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SOON)
        self.has_read = False

    def post(self, path: str, body: object = None) -> None:
        """Send a request as a program of Anna's."""
        sent = json.dumps({} if body is None else body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
        self.socket.sendall(f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent)

    def answer(self) -> tuple[int, bytes]:
        """The status and the body of the next answer."""
        come = b""
        while b"\r\n\r\n" not in come:
            come += self._more()
        head, _, body = come.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        while length is not None and len(body) < int(length[1]):
            body += self._more()
        return int(head[9:12]), body

    def _more(self) -> bytes:
        more = self.socket.recv(65536)
        assert more, "the server hung up"
        self.has_read = True
        return more

    @property
    def has_heard(self) -> bool:
        """Whether anything has come."""
        return self.has_read or bool(select.select([self.socket], [], [], 0)[0])


class Served:
    """A worker of gunicorn in a thread of this process, which has one thread to answer with, or so many."""

    def __init__(self, engine: Engine, app: Flask, threads: int = 1) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.gate = Gate(app)
        cfg = Config()
        for name, value in (("threads", threads), ("keepalive", 5), ("graceful_timeout", 5), ("loglevel", "critical")):
            cfg.set(name, value)
        application: Any = self.gate
        self.worker: Any = Attendant(1, os.getppid(), [self.listener], application, 30, cfg, Logger(cfg))
        self.worker.engine = engine
        self.worker.init_signals = lambda: None  # they are for the first thread of a process
        self.thread = threading.Thread(target=self.worker.init_process)
        self.lines = ExitStack()
        self.thread.start()

    def line(self) -> Line:
        """A new connection."""
        made = Line(self.port)
        self.lines.callback(made.socket.close)
        return made

    def at_once(self, ask: Callable[[], Sequence[Line]]) -> list[Line]:
        """While the only thread is held up, requests come; then it goes on, and sees them all."""
        self.gate.opens.clear()
        self.gate.is_reached.clear()
        holding = self.line()
        holding.socket.sendall(b"GET /gate HTTP/1.1\r\nHost: x\r\n\r\n")
        assert self.gate.is_reached.wait(SOON)
        lines = list(ask())
        time.sleep(0.05)
        self.gate.opens.set()
        assert holding.answer() == (200, b"open")
        return lines

    def end(self) -> None:
        """As at SIGTERM."""
        self.lines.close()
        self.worker.handle_exit(signal.SIGTERM, None)
        self.thread.join(SOON)
        assert not self.thread.is_alive()
        self.listener.close()
        self.worker.tmp._tmp.close()
        self.worker.poller.close()
        self.worker.method_queue.close()
        self.worker.tpool.shutdown()
        for end in self.worker.PIPE:
            os.close(end)


@pytest.fixture
def served(engine: Engine, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server over the engine of the test, which a slow machine does not make end what is kept together early."""
    monkeypatch.setattr(attendant, "LONGEST", SOON)
    with engine.begin(SYSTEM) as tx:
        create_token(tx, "anna", NewToken(name="tests", plain=TOKEN))
    found = Served(engine, app)
    yield found
    found.end()


@pytest.fixture
def served_by_three(served: Served, engine: Engine, app: Flask) -> Iterator[Served]:
    """Another one, whose threads overtake each other."""
    del served
    found = Served(engine, app, 3)
    yield found
    found.end()


@pytest.fixture
def tasks(engine: Engine, as_person: Callable[[str], Actor]) -> list[str]:
    """Triages that are offered to Anna."""
    with engine.begin(as_person("anna")) as tx:
        for number in range(4):
            register_case(tx, Registration(subject=f"Kettle {number}", country="PL", party="consumer"))
    engine.settle()
    with engine.read(SYSTEM) as tx:
        return [task.id for task in rows.find(tx, Task, closed_at=None, order_by="id")]


def claiming(served: Served, tasks: Sequence[str], commits: Commits | None = None) -> list[Line]:
    """Everybody takes a task at once, each over a connection of its own."""
    lines = connected(served, len(tasks))
    if commits is not None:
        commits.watched = lines

    def ask() -> list[Line]:
        for line, task in zip(lines, tasks, strict=True):
            line.post(f"/api/tasks/{task}/claim")
        return lines

    return served.at_once(ask)


def connected(served: Served, count: int) -> list[Line]:
    """Connections that the server has taken already."""
    before = served.worker.nr_conns
    lines = [served.line() for _ in range(count)]
    until = time.monotonic() + SOON
    while served.worker.nr_conns < before + count:
        assert time.monotonic() < until
        time.sleep(0.01)
    return lines


def owned(engine: Engine) -> int:
    """How many open tasks somebody has."""
    with engine.read(SYSTEM) as tx:
        return sum(task.owner_id is not None for task in rows.find(tx, Task, closed_at=None))


class Commits:
    """Counts commits; the first so many are refused, and before each it is noted who has heard anything."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.refused = 0
        self.watched: list[Line] = []
        self.heard: list[list[bool]] = []
        sound = SqliteConnection.end

        def end(connection: SqliteConnection, word: str) -> None:
            self.count += 1
            self.heard.append([line.has_heard for line in self.watched])
            if self.refused:
                self.refused -= 1
                raise StorageFull("storage_full", "The disk of the database is full.")
            sound(connection, word)

        monkeypatch.setattr(SqliteConnection, "end", end)


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch, tasks: list[str], served: Served) -> Commits:
    """From now on, when it is noted already that Anna's program is used."""
    line = served.line()
    line.post(f"/api/tasks/{tasks[0]}/release")
    assert line.answer()[0] == 409
    return Commits(monkeypatch)


def test_requests_that_come_at_once_are_kept_by_one_commit_and_told_after_it(
    served: Served, engine: Engine, tasks: list[str], commits: Commits
) -> None:
    lines = claiming(served, tasks, commits)
    assert [line.answer()[0] for line in lines] == [200] * 4
    assert (commits.count, commits.heard) == (1, [[False] * 4])
    assert owned(engine) == 4


def test_whoever_comes_alone_waits_for_nobody(served: Served, tasks: list[str], commits: Commits) -> None:
    line = served.line()
    for number, task in enumerate(tasks, start=1):
        line.post(f"/api/tasks/{task}/claim")
        assert line.answer()[0] == 200
        assert commits.count == number


def test_one_that_is_refused_changes_nothing_for_the_others(
    served: Served, engine: Engine, tasks: list[str], commits: Commits
) -> None:
    found = claiming(served, [tasks[0], tasks[0], "task-of-nobody", tasks[1]])
    assert [line.answer()[0] for line in found] == [200, 200, 404, 200]
    assert (commits.count, owned(engine)) == (1, 2)


def test_two_who_complete_one_task_at_once_are_answered_as_if_one_came_first(
    served: Served, tasks: list[str], commits: Commits
) -> None:
    lines = connected(served, 2)

    def ask() -> list[Line]:
        for line in lines:
            line.post(f"/api/tasks/{tasks[0]}/complete", TRIAGE)
        return lines

    answers = [line.answer() for line in served.at_once(ask)]
    assert sorted(status for status, _ in answers) == [200, 409]
    assert b"task_over" in max(answers)[1]
    assert commits.count >= 1


def test_when_the_commit_is_refused_each_is_answered_again_by_itself(
    served: Served, engine: Engine, tasks: list[str], commits: Commits
) -> None:
    commits.refused = 1
    assert [line.answer()[0] for line in claiming(served, tasks)] == [200] * 4
    assert (commits.count, owned(engine)) == (5, 4)


def test_a_token_s_use_is_noted_though_the_first_commit_was_refused(
    served: Served, engine: Engine, tasks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Commits(monkeypatch).refused = 1
    assert [line.answer()[0] for line in claiming(served, tasks)] == [200] * 4
    with engine.read(SYSTEM) as tx:
        assert rows.find(tx, Token)[0].used_at is not None


def test_while_the_disk_is_full_each_is_told_so_and_nothing_is_kept(
    served: Served, engine: Engine, tasks: list[str], commits: Commits
) -> None:
    commits.refused = 5
    answers = [line.answer() for line in claiming(served, tasks)]
    assert [status for status, _ in answers] == [503] * 4
    assert all(b"storage_full" in body for _, body in answers)
    assert owned(engine) == 0
    line = claiming(served, tasks[:1])[0]
    assert line.answer()[0] == 200


def test_what_is_not_short_ends_it_and_is_answered_after_it(served: Served, tasks: list[str], commits: Commits) -> None:
    lines = connected(served, 4)
    commits.watched = lines

    def ask() -> list[Line]:
        for line, path in zip(lines, ("claim", "claim", "", "claim"), strict=True):
            line.post(f"/api/tasks/{tasks[lines.index(line)]}/{path}" if path else "/sign-in")
        return lines

    assert [line.answer()[0] for line in served.at_once(ask)] == [200, 200, 422, 200]
    assert commits.heard[0] == [False] * 4
    assert commits.heard[1][:2] == [True, True], "they were told before anything else was done"


def test_whoever_has_gone_meanwhile_stops_nobody(served: Served, engine: Engine, tasks: list[str]) -> None:
    lines = connected(served, len(tasks))

    def ask() -> list[Line]:
        for line, task in zip(lines, tasks, strict=True):
            line.post(f"/api/tasks/{task}/claim")
        lines[1].socket.close()
        return [lines[0], *lines[2:]]

    assert [line.answer()[0] for line in served.at_once(ask)] == [200] * 3
    assert owned(engine) == 4
    last = served.line()
    last.post(f"/api/tasks/{tasks[1]}/release")
    assert last.answer()[0] == 200


def test_each_connection_stays_for_its_next_request(served: Served, tasks: list[str]) -> None:
    lines = claiming(served, tasks)
    assert [line.answer()[0] for line in lines] == [200] * 4
    for line, task in zip(lines, tasks, strict=True):
        line.post(f"/api/tasks/{task}/complete", TRIAGE)
    assert [line.answer()[0] for line in lines] == [200] * 4


def test_ten_slow_senders_hold_nobody_and_are_answered_in_the_end(served: Served, tasks: list[str]) -> None:
    slow = [served.line() for _ in range(10)]
    body = json.dumps({}).encode()
    head = f"POST /api/tasks/{tasks[0]}/claim HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
    sent = f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    for at in range(len(sent) - 1):
        for line in slow:
            line.socket.sendall(sent[at : at + 1])
        if at % 40 == 0:
            begun = time.monotonic()
            quick = served.line()
            quick.post(f"/api/tasks/{tasks[1]}/claim")
            assert quick.answer()[0] == 200
            assert time.monotonic() - begun < 1
    assert not any(line.has_heard for line in slow)
    for line in slow:
        line.socket.sendall(sent[-1:])
    assert [line.answer()[0] for line in slow] == [200] * 10


def test_who_sends_too_slowly_is_told_so(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(caller, "WHOLE_SECONDS", 0.2)
    lines = [served.line() for _ in range(2)]
    lines[0].socket.sendall(b"GET /healthz HTTP/1.1\r\n")
    lines[1].socket.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nlogin=")
    assert [line.answer()[0] for line in lines] == [408, 408]


def test_a_head_without_an_end_and_a_body_without_measure_are_refused(served: Served) -> None:
    endless, large = served.line(), served.line()
    endless.socket.sendall(b"GET /healthz HTTP/1.1\r\nX-Long: " + b"y" * 70_000)
    assert endless.answer()[0] == 431
    large.socket.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\nlogin=")
    assert large.answer()[0] == 413


def test_a_large_body_comes_through_a_file_after_the_word_that_its_sender_waits_for(served: Served) -> None:
    line, body = served.line(), b'{"text": "' + b"x" * 3_000_000 + b'"}'
    head = f"POST /api/cases/C-1/comments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
    more = f"Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
    line.socket.sendall((head + more).encode())
    assert line.answer() == (100, b"")
    line.socket.sendall(body)
    status, said = line.answer()
    assert status == 413
    assert b"larger than 1024 KB" in said, "the application has read it"


def test_those_who_came_together_are_answered_though_the_server_is_stopped_meanwhile(
    served: Served, engine: Engine, tasks: list[str]
) -> None:
    lines = connected(served, len(tasks))

    def ask() -> list[Line]:
        for line, task in zip(lines, tasks, strict=True):
            line.post(f"/api/tasks/{task}/claim")
        served.worker.handle_exit(signal.SIGTERM, None)
        return lines

    assert [line.answer()[0] for line in served.at_once(ask)] == [200] * 4
    served.thread.join(SOON)
    assert not served.thread.is_alive()
    assert owned(engine) == 4


def test_when_one_of_those_who_came_together_takes_long_others_read_meanwhile(
    served_by_three: Served, engine: Engine, tasks: list[str]
) -> None:
    lines = connected(served_by_three, 2)
    served_by_three.worker.method_queue.defer(time.sleep, 0.2)  # then it sees both at once
    time.sleep(0.05)
    for line, path in zip(lines, ("claim", "claim?hold"), strict=True):
        line.post(f"/api/tasks/{tasks[lines.index(line)]}/{path}")
    assert served_by_three.gate.is_held.wait(SOON)
    assert not lines[0].has_heard, "what it has done is not kept yet"
    writing = served_by_three.line()
    writing.post(f"/api/tasks/{tasks[2]}/claim")
    reading = served_by_three.line()
    reading.socket.sendall(b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n")
    assert reading.answer()[0] == 200
    served_by_three.gate.goes_on.set()
    assert [line.answer()[0] for line in (*lines, writing)] == [200] * 3
    assert owned(engine) == 3
    for line, task in zip(lines, tasks, strict=False):
        line.post(f"/api/tasks/{task}/complete", TRIAGE)
        assert line.answer()[0] == 200


@pytest.mark.parametrize("length", [b"%019d", b"9999999999999999999%d"])
def test_what_follows_a_length_that_is_read_in_two_ways_is_no_request(served: Served, length: bytes) -> None:
    line, hidden = served.line(), b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n"
    line.socket.sendall(
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: " + length % len(hidden) + b"\r\n\r\n" + hidden
    )
    come = b""
    while more := line.socket.recv(65536):
        come += more
    assert come.count(b"HTTP/1.1 ") == 1
    assert b"Connection: close" in come
