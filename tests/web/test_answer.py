"""The head of an answer is gunicorn's, byte for byte, and a header that is not sound is refused each time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.wsgi import Response

from web.answer import Answer, plain

HEADERS = [
    ("Content-Type", "application/json"),
    ("Content-Length", "2"),
    ("Cache-Control", " private, no-store "),
    ("Connection", "close"),
    ("Set-Cookie", "makegood_session=4711; HttpOnly"),
    ("X-Frame-Options", "DENY"),
    ("Set-Cookie", "theme=dark"),
]


class Wire:
    """A socket that remembers what was sent."""

    def __init__(self) -> None:
        self.sent = b""

    def sendall(self, data: bytes) -> None:
        self.sent += data


def said(kind: type[Any], headers: list[tuple[str, str]], *, version: tuple[int, int] = (1, 1)) -> list[bytes]:
    """The lines of an answer, but for the moment at which it was given."""
    wire = Wire()
    asked = SimpleNamespace(method="GET", version=version, should_close=lambda: version == (1, 0))
    answer = kind(asked, wire, Config())
    answer.start_response("200 OK", headers)
    answer.write(b"{}")
    answer.close()
    return [line for line in wire.sent.split(b"\r\n") if not line.startswith(b"Date: ")]


@pytest.mark.parametrize("version", [(1, 0), (1, 1)])
@pytest.mark.parametrize("headers", [HEADERS, HEADERS[2:], []])
def test_it_says_what_gunicorn_says(headers: list[tuple[str, str]], version: tuple[int, int]) -> None:
    for _ in range(2):
        assert said(Answer, headers, version=version) == said(Response, headers, version=version)


@pytest.mark.parametrize("header", [("X-Note", "a\r\nSet-Cookie: b"), ("Content-Disposition", "a\nb"), ("X Y", "c")])
def test_a_header_that_would_break_the_head_is_refused_each_time(header: tuple[str, str]) -> None:
    for _ in range(2):
        with pytest.raises(Exception, match=header[0]):
            said(Answer, [header])


def test_nothing_of_a_cookie_is_remembered() -> None:
    plain.cache_clear()
    said(Answer, [("Set-Cookie", "makegood_session=4711"), ("ETag", '"7"')])
    assert plain.cache_info().currsize == 0
