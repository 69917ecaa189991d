"""gunicorn's answer, which looks only once through headers that are the same each time, and says the time by the second."""

from __future__ import annotations

import time
from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from gunicorn.http.message import TOKEN_RE
from gunicorn.http.wsgi import HEADER_VALUE_RE, Response
from gunicorn.util import is_hoppish

_OWN = frozenset({"Content-Length", "Set-Cookie", "ETag", "Location", "Content-Disposition"})
"""Those that are each answer's own: nothing of them is remembered."""


@lru_cache(maxsize=256)
def plain(name: str, value: str) -> tuple[str, str] | None:
    """The header as it is sent, if it is sound and none that gunicorn goes by."""
    is_sound = TOKEN_RE.fullmatch(name) and HEADER_VALUE_RE.fullmatch(value)
    return (
        (name, value.strip(" \t")) if is_sound and name.lower() != "content-length" and not is_hoppish(name) else None
    )


@lru_cache(maxsize=2)
def date_at(second: int) -> str:
    """The time as HTTP writes it."""
    return formatdate(second, usegmt=True)


class Answer(Response):  # type: ignore[misc]  # gunicorn ships no types
    """What goes back for one request."""

    headers: Any
    req: Any

    def process_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Take the application's headers; raises where one is not sound."""
        for name, value in headers:
            found = None if name in _OWN else plain(name, value)
            if found is None:
                super().process_headers([(name, value)])
            else:
                self.headers.append(found)

    def default_headers(self) -> list[str]:
        """The first lines of the head."""
        major, minor = self.req.version
        lines = [
            f"HTTP/{major}.{minor} {self.status}\r\n",
            f"Server: {self.version}\r\n",
            f"Date: {date_at(int(time.time()))}\r\n",
            f"Connection: {'close' if self.should_close() else 'keep-alive'}\r\n",
        ]
        return [*lines, "Transfer-Encoding: chunked\r\n"] if self.chunked else lines
