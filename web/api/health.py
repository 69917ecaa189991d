"""Anybody may ask whether the desk works: the database answers, a worker runs, and how late jobs are."""

from __future__ import annotations

from importlib.metadata import version

from flask import Response, jsonify

from engine.model.errors import StorageTrouble
from engine.model.people import SYSTEM
from engine.queries.health import health
from web.access import public
from web.api.blueprint import blueprint
from web.api.calls import CALLS, Call
from web.current import engine
from web.language import sentence
from web.refusals import sentence_of

CALLS["healthz"] = Call(method="GET", path="/healthz", summary="Whether the desk works", gives="Health", is_public=True)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """200 while the database can be read, else 503 with a warning why not; without a worker on PostgreSQL pages work, but it is not `ok`."""
    told: dict[str, object] = {"ok": True, "version": version("makegood"), "pending_jobs": 0, "oldest_due_s": 0}
    try:
        with engine().read(SYSTEM) as tx:
            found = health(tx)
    except StorageTrouble as trouble:
        answer = jsonify(told | {"ok": False, "warning": sentence_of(trouble)})
        answer.status_code = 503
    else:
        told |= {"pending_jobs": found.pending_jobs, "oldest_due_s": found.oldest_due_s}
        if found.has_worker is not None:
            told |= {"ok": found.has_worker, "worker": found.has_worker}
        if found.warning is not None:
            told["warning"] = sentence(found.warning)
        answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer
