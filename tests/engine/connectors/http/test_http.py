"""A diagram calls a service with JSON, never twice under one key by itself, and never inside the house unasked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from engine.connectors.http import HttpConnector
from engine.connectors.http.address import is_public, target_of
from engine.model.errors import ConnectorError


class Answering(BaseHTTPRequestHandler):
    """A service that answers as the path asks, and remembers what it got."""

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append((self.command, self.path, dict(self.headers), content))  # type: ignore[attr-defined]  # set by the fixture
        status = int(self.path.split("?")[0].rsplit("/", 1)[-1])
        body = {200: b'{"rate": 4.2501, "found": true}', 201: b"<html>", 202: b"", 203: b"[" + b"1," * 600_000}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.get(status, b"{}"))

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def service() -> Iterator[ThreadingHTTPServer]:
    """A web service on this machine; `seen` holds the calls."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as listening:
        listening.seen = []  # type: ignore[attr-defined]  # read by the tests
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def url(service: ThreadingHTTPServer, status: int) -> str:
    return f"http://127.0.0.1:{service.server_address[1]}/{status}"


INSIDE = HttpConnector(may_be_private=True, timeout=5)


def test_an_answer_keeps_its_decimals_exact(service: ThreadingHTTPServer) -> None:
    result = INSIDE.call({"url": url(service, 200), "query": {"pair": "EUR PLN"}}, idempotency_key="7:w3")
    (method, path, headers, _body) = service.seen[0]  # type: ignore[attr-defined]  # the fixture's
    assert (result["status"], result["rate"]) == (200, Decimal("4.2501"))
    assert (method, path) == ("GET", "/200?pair=EUR+PLN")
    assert headers["Idempotency-Key"] == "7:w3"


def test_a_body_makes_it_a_post_of_json(service: ThreadingHTTPServer) -> None:
    INSIDE.call({"url": url(service, 202), "body": {"amount": Decimal("12.50")}}, idempotency_key="7:w3")
    (method, _path, headers, body) = service.seen[0]  # type: ignore[attr-defined]  # the fixture's
    assert method == "POST"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"amount": 12.5}


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (302, True), (429, False), (503, False)])
def test_a_refusal_says_whether_another_try_helps(service: ThreadingHTTPServer, status: int, permanent: bool) -> None:
    with pytest.raises(ConnectorError, match=str(status)) as refused:
        INSIDE.call({"url": url(service, status)}, idempotency_key="7:w3")
    assert refused.value.permanent is permanent
    assert len(service.seen) == 1  # type: ignore[attr-defined]  # a redirect is not followed


@pytest.mark.parametrize(("status", "code"), [(201, "http_no_json"), (203, "http_too_large")])
def test_what_is_no_json_or_too_much_is_refused(service: ThreadingHTTPServer, status: int, code: str) -> None:
    with pytest.raises(ConnectorError) as refused:
        INSIDE.call({"url": url(service, status)}, idempotency_key="7:w3")
    assert refused.value.code == code


def test_the_house_itself_is_not_called_unasked(service: ThreadingHTTPServer) -> None:
    with pytest.raises(ConnectorError, match="private network") as refused:
        HttpConnector().call({"url": url(service, 200)}, idempotency_key="7:w3")
    assert refused.value.permanent
    assert service.seen == []  # type: ignore[attr-defined]  # the fixture's


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:192.168.1.1", "224.0.0.1"]
)
def test_private_addresses_are_known_in_every_dress(address: str) -> None:
    assert not is_public(address)
    assert is_public("93.184.215.14")


@pytest.mark.parametrize(
    "bad", ["", "file:///etc/passwd", "ftp://example.org", "http://", "http://a:b@example.org/", "http://x:y/"]
)
def test_what_is_no_web_address_gets_a_sentence(bad: str) -> None:
    with pytest.raises(ConnectorError, match="cannot be called"):
        target_of(bad, may_be_private=True)


def test_a_service_that_is_away_is_worth_another_try() -> None:
    with pytest.raises(ConnectorError, match="did not answer") as away:
        INSIDE.call({"url": "http://127.0.0.1:9/"}, idempotency_key="7:w3")
    assert not away.value.permanent


def test_a_header_begins_no_line_of_its_own() -> None:
    with pytest.raises(ConnectorError, match="cannot be sent"):
        INSIDE.call({"url": "http://127.0.0.1:9/", "headers": {"X-Case": "1\r\nX-Evil: 2"}}, idempotency_key="7:w3")
