"""The room's addresses: the calls, their description for programs, and the same for people."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request

from web.access import public
from web.api import cases, decisions, health, tasks
from web.api.blueprint import blueprint
from web.api.calls import CALLS
from web.api.description import address, description, parameters
from web.api.schemas import SCHEMAS

__all__ = ["blueprint", "cases", "decisions", "health", "tasks"]


@blueprint.get("/api/openapi.json")
@public
def openapi() -> Response:
    answer = jsonify(description(request.host_url.rstrip("/")))
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@blueprint.get("/api/docs")
@public
def docs() -> str:
    calls = [(name, call, address(call), parameters(call)) for name, call in CALLS.items()]
    return render_template("api/docs.html", calls=calls, schemas=SCHEMAS)
