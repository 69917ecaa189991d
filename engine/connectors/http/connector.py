"""A web service is called once per idempotency key, within seconds and bounds; its JSON answer is the result."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from engine.connectors.http.address import Target, target_of
from engine.model.errors import ConnectorError
from engine.model.values import duration_text, iso_text

SECONDS = 20.0
LARGEST = 1_000_000
METHODS = ("GET", "POST")
WORTH_A_TRY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class HttpConnector:
    """Inputs: url, method (GET, or POST where there is a body), query, body, headers. Result: status and the answer's body."""

    key: str = "http"
    may_be_private: bool = False
    timeout: float = SECONDS

    def configured(self, *, smtp_url: str, data_dir: Path) -> HttpConnector:
        """The connector of this installation; MAKEGOOD_HTTP_PRIVATE=1 lets it call the house's own network."""
        del smtp_url, data_dir  # it sends no mail and keeps nothing
        return replace(self, may_be_private=os.environ.get("MAKEGOOD_HTTP_PRIVATE", "") == "1")

    def call(self, inputs: Mapping[str, object], *, idempotency_key: str) -> Mapping[str, object]:
        """Call the service; raise ConnectorError, permanent where trying again is of no use."""
        body = inputs.get("body")
        method = str(inputs.get("method") or ("GET" if body is None else "POST")).upper()
        if method not in METHODS:
            raise ConnectorError(
                "http_method", "The method {method} is not known; write GET or POST.", permanent=True, method=method
            )
        target = target_of(url_of(inputs), may_be_private=self.may_be_private)
        headers = headers_of(inputs, idempotency_key)
        content = None if body is None or method == "GET" else json.dumps(body, default=json_value).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        try:
            connection = connected(target, self.timeout)
            try:
                connection.request(method, target.path, content, headers)
                with connection.getresponse() as answer:
                    return result_of(target, answer)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise ConnectorError(
                "http_unreachable",
                "{host} did not answer ({reason}). It is tried again later.",
                host=target.host,
                reason=str(error) or type(error).__name__,
            ) from error


def json_value(value: object) -> object:
    """A value of a process as JSON has it: a number where it stays exact, ISO text for days, times and durations."""
    if isinstance(value, Decimal):
        number = int(value) if value == value.to_integral_value() else float(value)
        return number if Decimal(str(number)) == value else str(value)
    if isinstance(value, date | time):
        return iso_text(value)
    return duration_text(value) if isinstance(value, timedelta) else str(value)


def url_of(inputs: Mapping[str, object]) -> str:
    """The URL with the query's values, if any."""
    url = str(inputs.get("url") or "").strip()
    query = inputs.get("query")
    if not isinstance(query, Mapping) or not query:
        return url
    parts = urlsplit(url)
    given = urlencode({str(name): str(value) for name, value in query.items() if value is not None})
    return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, given) if part)))


def headers_of(inputs: Mapping[str, object], idempotency_key: str) -> dict[str, str]:
    """Our headers and those that the diagram gives; raise ConnectorError for one that would begin a line of its own."""
    headers = {"Accept": "application/json", "User-Agent": "Makegood", "Idempotency-Key": idempotency_key}
    given = inputs.get("headers")
    for name, value in given.items() if isinstance(given, Mapping) else ():
        text = str(value)
        if not text.isprintable() or not str(name).replace("-", "").isalnum():
            raise ConnectorError(
                "http_header", "The header {name} cannot be sent.", permanent=True, name=str(name)[:50]
            )
        headers[str(name)] = text
    return headers


def connected(target: Target, timeout: float) -> http.client.HTTPConnection:
    """Connect to the address that was checked, under the name that was asked for."""
    connection = http.client.HTTPConnection(target.host, target.port, timeout=timeout)
    plain = socket.create_connection((target.address, target.port), timeout)
    if target.scheme == "http":
        connection.sock = plain
        return connection
    try:
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
    except OSError:
        plain.close()
        raise
    return connection


def result_of(target: Target, answer: http.client.HTTPResponse) -> dict[str, object]:
    """The answer's values; raise ConnectorError for a refusal, a redirect, too much, or what is no JSON."""
    content = answer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ConnectorError(
            "http_too_large",
            "{host} answered with more than {limit} bytes.",
            permanent=True,
            host=target.host,
            limit=LARGEST,
        )
    if not 200 <= answer.status < 300:
        raise ConnectorError(
            "http_status",
            "{host} answered {status} {reason}. Look at what the diagram sends there, then retry.",
            permanent=answer.status < 500 and answer.status not in WORTH_A_TRY,
            host=target.host,
            status=answer.status,
            reason=answer.reason,
        )
    if not content.strip():
        return {"status": answer.status, "body": None}
    try:
        body = json.loads(content, parse_float=Decimal)
    except ValueError as error:
        raise ConnectorError(
            "http_no_json", "{host} answered with something that is not JSON.", permanent=True, host=target.host
        ) from error
    named = {str(name): value for name, value in body.items()} if isinstance(body, dict) else {}
    return {**named, "status": answer.status, "body": body}
