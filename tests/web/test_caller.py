"""An answer goes out in one packet: its head waits for the first part of its body, and for nothing else."""

from __future__ import annotations

import io

from web.caller import Line


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
