"""An answer goes out in one packet: its head waits for the first part of its body, and for nothing else."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from gunicorn.config import Config

from web import caller
from web.caller import Caller, Line


class Wire:
    """A socket that remembers what was sent at once."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.sent.append(data)

    def sendfile(self, file: io.BytesIO, offset: int, count: int | None) -> int:
        del offset, count
        self.sent.append(file.read())
        return len(self.sent[-1])

    def fileno(self) -> int:
        return 7


def test_the_head_of_an_answer_goes_out_with_the_first_part_of_its_body() -> None:
    wire = Wire()
    line = Line(wire)
    for part in (b"head ", b"first ", b"second"):
        line.sendall(part)
    line.flush()
    assert wire.sent == [b"head first ", b"second"]


def test_an_answer_without_a_body_goes_out_when_it_has_ended_and_once() -> None:
    wire = Wire()
    line = Line(wire)
    line.sendall(b"head")
    assert wire.sent == []
    line.flush()
    line.flush()
    assert wire.sent == [b"head"]


def test_a_file_follows_the_head_of_its_answer() -> None:
    wire = Wire()
    line = Line(wire)
    line.sendall(b"head")
    assert line.sendfile(io.BytesIO(b"file"), 0, 4) == 4
    line.flush()
    assert wire.sent == [b"head", b"file"]


def test_everything_else_is_asked_of_the_socket_itself() -> None:
    assert Line(Wire()).fileno() == 7


@pytest.fixture
def full() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection whose other side has not read for long."""
    here, there = socket.socketpair()
    here.setblocking(False)
    for size in (65536, 1):
        with suppress(BlockingIOError):
            while True:
                here.send(b"x" * size)
    here.setblocking(True)
    yield here, there
    here.close()
    there.close()


def test_whoever_reads_nothing_is_not_waited_for_with_a_word(full: tuple[socket.socket, socket.socket]) -> None:
    here, there = full
    there.sendall(b"POST /up HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    made = Caller(Config(), here, None, None)
    with closing(made), pytest.raises(OSError, match="unavailable"):
        made.hears()


def test_whoever_takes_nothing_of_an_answer_is_given_up(
    full: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caller, "_PATIENCE", b"\0" * 8 + (100_000).to_bytes(8, "little"))
    made = Caller(Config(), full[0], None, None)
    made.line.sendall(b"head")
    assert not made.tells()
