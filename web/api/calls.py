"""A call is declared once; routing, roles, checking, idempotency and the description follow from the declaration."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Response
from flask.json.provider import DefaultJSONProvider
from jsonschema_rs import Draft202012Validator

from engine.actions.answer_once import Answered, KeyedCall, answer_once
from engine.model.people import Role
from engine.model.values import canonical_json
from engine.wiring import Tx
from web.access import DESK, roles
from web.api.blueprint import blueprint
from web.api.queries import query_check, read_query
from web.api.reading import read_body, read_key, read_version
from web.api.schemas import check
from web.api.shapes import Schema
from web.current import begin, read
from web.language import language

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: `takes` and `gives` are names of schemas, `place` is where a thing that was made can be read.

    `keeps_nothing` is a question that needs a body.
    """

    method: str
    path: str
    summary: str
    gives: str
    takes: str = ""
    status: int = 200
    query: Mapping[str, Schema] = field(default_factory=dict[str, Schema])
    keyed: bool = False
    keeps_nothing: bool = False
    place: str = ""
    allowed: tuple[Role, ...] = DESK
    is_public: bool = False

    @property
    def is_reading(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a program asks for, checked: names of the path, the query's values, the body, the version of If-Match."""

    path: Mapping[str, str]
    query: Mapping[str, object]
    body: Mapping[str, object]
    version: int | None


Act = Callable[[Tx, Asked], Json]
_WRITER = json.JSONEncoder(default=DefaultJSONProvider.default)
"""Writes fields as declared, not sorted, so that people can read it too."""

CALLS: dict[str, Call] = {}
"""Every call by the name of its view, in the order of declaration."""


def answers(call: Call) -> Callable[[Act], Act]:
    """Serve the function under the call's path: one transaction, then its answer as JSON."""

    def declare(act: Act) -> Act:
        query = query_check(call.query)

        def view(**path: str) -> Response:
            asked = _asked(call, path, query)
            key = read_key() if call.keyed else ""
            with read() if call.is_reading or call.keeps_nothing else begin() as tx:
                if key:
                    found = answer_once(tx, _keyed(call, key, asked), lambda: act(tx, asked))
                else:
                    found = Answered(call.status, act(tx, asked))
            return _written(call, found)

        name = act.__name__
        CALLS[name] = call
        blueprint.add_url_rule(call.path, name, roles(*call.allowed)(view), methods=[call.method])
        return act

    return declare


def _asked(call: Call, path: Mapping[str, str], query: Draft202012Validator) -> Asked:
    body = {} if call.is_reading else check(call.takes, read_body())
    return Asked(path=path, query=read_query(call.query, query), body=body, version=read_version())


def _keyed(call: Call, key: str, asked: Asked) -> KeyedCall:
    """The same values are the same body, however they are spaced and ordered."""
    body = canonical_json({"path": dict(asked.path), "body": asked.body}).encode()
    return KeyedCall(route=f"{call.method} {call.path}", key=key, body=body, status=call.status)


def _written(call: Call, found: Answered) -> Response:
    answer = Response(f"{_WRITER.encode(found.answer)}\n", status=found.status, mimetype="application/json")
    add = answer.headers.add  # setting one looks for the same name first
    if found.again:
        add("Idempotency-Replayed", "true")
    if "version" in found.answer:
        answer.set_etag(str(found.answer["version"]))
    if call.place and found.status == 201:
        add("Location", call.place.format(**found.answer))
    add("Cache-Control", "private, no-store")
    add("Content-Language", language())
    return answer
