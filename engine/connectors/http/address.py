"""A diagram may reach the public web and nothing inside the house, unless the operator says so."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from engine.model.errors import ConnectorError


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart, with the one address that was looked at and is then connected to."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def target_of(url: str, *, may_be_private: bool) -> Target:
    """Resolve a URL once; raise ConnectorError where it is no http(s) URL or leads into a private network.

    What was checked is what is connected to, so that a name cannot answer differently a moment later.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise ConnectorError(
            "http_url",
            "“{url}” cannot be called: write http://… or https://… with a host and without a password in it.",
            permanent=True,
            url=url[:200],
        )
    port = port or (443 if parts.scheme == "https" else 80)
    address = resolved(host, port)
    if not may_be_private and not is_public(address):
        raise ConnectorError(
            "http_private",
            "{host} is an address inside a private network, which diagrams may not call. "
            "The operator can allow it with MAKEGOOD_HTTP_PRIVATE=1.",
            permanent=True,
            host=host,
        )
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    return Target(parts.scheme, host, port, path, address)


def resolved(host: str, port: int) -> str:
    """The first address of a host; raise ConnectorError, worth another try, where it has none now."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ConnectorError(
            "http_unresolved",
            "The name {host} is not known to the network now ({reason}). It is tried again later.",
            host=host,
            reason=error.strerror or type(error).__name__,
        ) from error
    return str(found[0][4][0])


def is_public(address: str) -> bool:
    """Whether an address is one of the public web; what is mapped into IPv6 counts as what it is."""
    read = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(read, "ipv4_mapped", None) or getattr(read, "sixtofour", None)
    return (inner or read).is_global and not (inner or read).is_multicast
