"""A request is handed on when all of it has come, in whatever pieces; what follows it is the next one's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from random import Random
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from web.arriving import IN_MEMORY, Arriving

LARGEST = 1_000_000
Begin = Callable[[], Arriving]
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nkettle=4711"
CHUNKED = (
    b"POST /api/cases HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"4\r\nkett\r\n7;why=not\r\nle\r\n0\r\n\r\n0\r\nX-Sum: 7\r\n\r\n"
)
LARGE = b"POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + b"0123456789" * 30_000


@pytest.fixture
def begin() -> Iterator[Callable[[], Arriving]]:
    """Begins connections, which end with the test."""
    with ExitStack() as connections:

        def begun() -> Arriving:
            made = Arriving(LARGEST)
            connections.callback(made.end)
            return made

        yield begun


def read(arriving: Arriving) -> tuple[str, bytes]:
    """What gunicorn's parser makes of the request that is here."""
    source: Any = arriving  # it has what the parser wants of a socket
    request: Any = next(RequestParser(Config(), source, ("127.0.0.1", 1)))
    return f"{request.method} {request.path}", request.body.read()


@pytest.mark.parametrize("request_", [GET, POST, CHUNKED, LARGE])
@pytest.mark.parametrize("size", [1, 7, 8192, 1_000_000])
def test_it_is_there_with_its_last_byte_and_not_before(begin: Begin, request_: bytes, size: int) -> None:
    arriving = begin()
    pieces = [request_[at : at + size] for at in range(0, len(request_), size)]
    assert [arriving.add(piece) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert not arriving.is_cut


@pytest.mark.parametrize(("request_", "body"), [(GET, b""), (POST, b"kettle=4711"), (CHUNKED, b"kettle\r\n0\r\n")])
def test_the_parser_reads_from_here_what_was_sent_and_again_if_need_be(
    begin: Begin, request_: bytes, body: bytes
) -> None:
    arriving = begin()
    arriving.add(request_)
    assert read(arriving)[1] == body
    arriving.rewind()
    assert read(arriving)[1] == body


@pytest.mark.parametrize("seed", range(5))
def test_several_over_one_connection_are_found_in_their_order_however_they_are_cut(begin: Begin, seed: int) -> None:
    dice = Random(seed)
    sent = [dice.choice((GET, POST, CHUNKED, LARGE)) for _ in range(6)]
    line, arriving, seen = b"".join(sent), begin(), list[str]()
    while line:
        size = dice.choice((1, 3, 50, 5_000, 200_000))
        is_whole = arriving.add(line[:size])
        line = line[size:]
        while is_whole:
            seen.append(read(arriving)[0])
            is_whole = arriving.go_on()
    names = {GET: "GET /healthz", POST: "POST /tasks", CHUNKED: "POST /api/cases", LARGE: "POST /up"}
    assert seen == [names[each] for each in sent]
    assert not arriving.has_begun


def test_only_a_small_request_that_changes_something_may_join_others(begin: Begin) -> None:
    for request, is_small in ((GET, False), (POST, True), (LARGE, False), (CHUNKED, False)):
        arriving = begin()
        arriving.add(request)
        assert arriving.is_small_post is is_small


def test_a_body_that_is_too_large_is_not_waited_for(begin: Begin) -> None:
    arriving = begin()
    assert arriving.add(b"POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\nExpect: 100-continue\r\n\r\n01")
    assert arriving.is_cut
    assert not arriving.waits_for_word
    endless = begin()
    endless.add(b"POST /up HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not endless.add(b"2710\r\n" + b"x" * 10_000 + b"\r\n"):
        pass
    assert endless.is_cut
    assert endless.size < LARGEST + 2 * IN_MEMORY


def test_a_head_without_an_end_is_not_waited_for(begin: Begin) -> None:
    arriving = begin()
    while not arriving.add(b"X-Long: " + b"y" * 1000):
        assert arriving.has_begun
    assert not arriving.has_head


def test_whoever_waits_for_a_word_before_the_body_gets_it(begin: Begin) -> None:
    arriving = begin()
    head = b"POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"
    assert not arriving.add(head)
    assert arriving.waits_for_word
    assert arriving.add(b"ok")


@pytest.mark.parametrize("broken", [b"zz\r\n", b"\r\n", b"5" * 70_000])
def test_what_is_no_chunk_is_left_to_the_parser_to_refuse(begin: Begin, broken: bytes) -> None:
    arriving = begin()
    assert arriving.add(b"POST /up HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + broken)
    with pytest.raises(Exception, match="(?i)chunk|size"):
        read(arriving)
