"""The description of the calls (OpenAPI 3.1) is made from their declarations, so it cannot be out of date."""

from __future__ import annotations

import re
from importlib.metadata import version

from web.api.calls import CALLS, Call
from web.api.schemas import SCHEMAS
from web.api.shapes import Schema, some

PROBLEM = "application/problem+json"
_PLACE = re.compile(r"<(\w+)>")
_REFUSALS = {
    "400": "The request cannot be read.",
    "401": "There is no token, or it does not count.",
    "403": "The role, queue or approval level does not allow this.",
    "404": "There is no such thing that the caller may see.",
    "409": "Its state does not allow this, or somebody was faster.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "Fields are wrong; each is named.",
    "429": "Too many wrong tokens.",
}
_OF_READING = ("401", "403", "404", "422", "429")
_NAMED = {
    "number": "A case's number, such as C-2026-000123.",
    "task_id": "A task's id.",
    "key": "A deployment's key, or the id of one of its decisions.",
    "element": "The id of a button, as the task tells it in `actions`.",
}
_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Of your own making; a second call with it is answered as the first was. Kept 30 days.",
    "schema": {"type": "string", "maxLength": 200},
}
_VERSION: Schema = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "A task's version as its ETag gave it, where the body has none.",
    "schema": {"type": "string"},
}
_LANGUAGE: Schema = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "The language of sentences; else the caller's own.",
    "schema": {"type": "string"},
}


def description(url: str) -> Schema:
    """The whole document; `url` is where the calls are reached."""
    paths: dict[str, Schema] = {}
    for name, call in CALLS.items():
        paths.setdefault(address(call), {})[call.method.lower()] = operation(name, call)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Makegood",
            "version": version("makegood"),
            "description": (
                "Complaints as cases, their tasks and messages. Times are ISO 8601, money is exact text, people are "
                "logins. Errors are problem details (RFC 9457) with a `code` that is the same in every language. "
                "Tokens are made by `makegood token create` and act as one person."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": url}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def address(call: Call) -> str:
    """The path as the document writes it."""
    return _PLACE.sub(r"{\1}", call.path)


def operation(name: str, call: Call) -> Schema:
    """One call."""
    found: Schema = {
        "operationId": name,
        "summary": call.summary,
        "parameters": parameters(call),
        "responses": responses(call),
    }
    if call.takes:
        needed = "required" in SCHEMAS[call.takes]
        found["requestBody"] = {"required": needed, "content": {"application/json": {"schema": some(call.takes)}}}
    if call.is_public:
        found["security"] = []
    else:
        found["x-roles"] = sorted(call.allowed)
    return found


def parameters(call: Call) -> list[Schema]:
    """What goes into path, query and headers."""
    found: list[Schema] = [
        {"name": name, "in": "path", "required": True, "description": _NAMED[name], "schema": {"type": "string"}}
        for name in _PLACE.findall(call.path)
    ]
    for name, schema in call.query.items():
        inner = {key: value for key, value in schema.items() if key != "description"}
        about = {"description": schema["description"]} if "description" in schema else {}
        found.append({"name": name, "in": "query", "required": False, **about, "schema": inner})
    found += [_KEY] if call.keyed else []
    found += [_VERSION] if call.takes == "Completion" else []
    return found if call.is_public else [*found, _LANGUAGE]


def responses(call: Call) -> Schema:
    """The good answer, and the refusals."""
    good = {"description": call.summary, "content": {"application/json": {"schema": some(call.gives)}}}
    if call.is_public:
        return {str(call.status): good, "503": {**good, "description": "The database cannot be read."}}
    refused = {
        status: {"description": about, "content": {PROBLEM: {"schema": some("Problem")}}}
        for status, about in _REFUSALS.items()
        if not call.is_reading or status in _OF_READING
    }
    return {str(call.status): good, **refused}
