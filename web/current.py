"""The request at hand: its engine, who acts, when it began, and its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from flask import current_app, g
from flask.globals import app_ctx

from engine.model.errors import Forbidden
from engine.model.people import Actor
from engine.wiring import Engine, Tx

KEY = "makegood"


def engine() -> Engine:
    """The engine that this application serves."""
    found: Engine = current_app.extensions[KEY]
    return found


def actor() -> Actor:
    """Who acts in this request."""
    found: Actor | None = g.get("actor")
    if found is None:
        raise Forbidden("sign_in_first", "Sign in to do this.")
    return found


def begin() -> AbstractContextManager[Tx]:
    """Open the one writing transaction of this request."""
    return begin_as(actor())


@contextmanager
def begin_as(who: Actor) -> Iterator[Tx]:
    """Open it for somebody who has not signed in yet; what it keeps is remembered, so that it is not done twice."""
    with engine().begin(who) as tx:
        yield tx
    g.has_kept = True


def has_kept() -> bool:
    """Whether a writing transaction of this request was committed."""
    return bool(g.get("has_kept", False))


def read() -> AbstractContextManager[Tx]:
    """Open a reading transaction of this request."""
    return engine().read(actor())


def now() -> datetime:
    """The time at which this request began, UTC."""
    here = app_ctx.g
    if "now" not in here:
        here.now = engine().store.clock()
    found: datetime = here.now
    return found
