"""A request that met another one in the database is done again, as long as nothing of it was kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue

from engine.model.errors import StorageBusy
from engine.wiring import Engine
from web.current import KEY, has_kept
from web.together import SHORT

TIMES = 2
PAUSE = 0.05
"""Seconds: whoever was let through has to wake up first, or the one that is done again overtakes it and both meet anew."""
PATIENCE = 5.0
"""Seconds: whoever waited longer for a lock is told so and decides themselves."""
_HELD = "storage_held"


class Desk(Flask):
    """The application; a view that was a deadlock's victim runs again, and the other one is through by then."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function as it is: nothing here is a coroutine, and Flask asks that of each one at each request."""
        return func

    def full_dispatch_request(self) -> Response:
        """Answer by the view; what is not short ends what is kept together before it."""
        if request_ctx.request.endpoint not in SHORT:
            served: Engine = self.extensions[KEY]
            served.store.end_joined()
        return super().full_dispatch_request()

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer by the view."""
        until = time.monotonic() + PATIENCE
        for _ in range(TIMES):
            try:
                return super().dispatch_request()
            except StorageBusy as busy:
                if busy.code != _HELD or has_kept() or time.monotonic() > until:
                    raise
                rewind()
                time.sleep(PAUSE)
        return super().dispatch_request()


def rewind() -> None:
    """Let the view read the files of the request from their beginning."""
    for files in request.files.listvalues():
        for file in files:
            file.seek(0)
